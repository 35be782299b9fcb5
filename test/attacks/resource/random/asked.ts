/** A random request, and how its answer is compared with the model. */
import assert from 'node:assert/strict'
import type { Resource } from '../../../../src/smart/resource.ts'
import type { Ask } from '../world.ts'

/** What came back, with its body read. */
export interface Answered {
  readonly status: number
  readonly body: Bundle | undefined
}

export interface Bundle extends Resource {
  readonly total?: number
  readonly link?: readonly { readonly relation: string; readonly url: string }[]
  readonly entry?: readonly {
    readonly resource?: Resource
    readonly search?: { readonly mode: string }
    readonly request?: { readonly method: string; readonly url: string }
    readonly response?: { readonly status: string; readonly etag?: string }
  }[]
}

export interface Asked {
  readonly target: string
  readonly ask?: Ask
  /** Fails at the first difference; gives how many comparisons there were. */
  compare(answered: Answered, follow: (target: string) => Promise<Answered>): Promise<number> | number
}

/** Whether the answer shows the resource that was asked for; nothing else may be told of one that is hidden. */
export function isShown({ status, body }: Answered): boolean {
  if (status === 200) return true
  assert.ok([403, 404, 410].includes(status), `${status} ${JSON.stringify(body)}`)
  return false
}

/** The names of what a Bundle has, of one mode; each has to be there once. */
export function namesIn({ body }: Answered, mode?: string): string[] {
  const names = (body?.entry ?? [])
    .filter(
      ({ resource, search }) => resource && search?.mode !== 'outcome' && (!mode || search?.mode === mode),
    )
    .map(({ resource }) => `${resource?.resourceType}/${resource?.id}`)
  assert.equal(new Set(names).size, names.length, 'something came twice')
  return names
}

/**
 * Compares the visibility of each of `all` in an answer with what is expected, and that nothing else is there.
 * A refusal of the whole is one comparison, however much it does not show.
 */
export function compareNames(
  { status }: Answered,
  found: Iterable<string>,
  expected: Iterable<string>,
  all: Iterable<string>,
): number {
  const [shown, meant] = [new Set(found), new Set(expected)]
  let comparisons = 1
  for (const name of all) {
    assert.equal(shown.has(name), meant.has(name), `${name} is ${shown.has(name) ? '' : 'not '}shown`)
    shown.delete(name)
    if (status === 200) comparisons++
  }
  assert.deepEqual([...shown], [], 'something unknown is shown')
  return comparisons
}
