/**
 * Finds out, before anything is judged, which resource each entry of a transaction is about: what is new gets its id, what
 * a condition names is looked for, and so references from entry to entry can be resolved. @see FHIR R4 http, transaction
 */

import { isChange } from '../../smart/operations.ts'
import { permit } from '../enforce.ts'
import type { Find } from '../interactions/handler.ts'
import { FhirError } from '../outcomes.ts'
import type { Caller } from '../request.ts'
import type { Entry } from './entries.ts'

/** What an entry is about. */
export interface Placed {
  readonly entry: Entry
  readonly type: string
  readonly id: string
  /** What is under this name stays as it is: the entry would have made it, and found it there. */
  readonly isThere?: true
}

interface PlaceMeans {
  readonly caller: Caller
  readonly find: Find
  readonly newId: () => string
  readonly base: string
}

/** The resource that a writing entry is about; nothing for others, and where a condition names nothing to change. */
export async function placeEntry(entry: Entry, means: PlaceMeans): Promise<Placed | undefined> {
  const there = await idThere(entry, means)
  const id = there ?? (await idOf(entry, means))
  const { asked } = entry
  return id === undefined || !('type' in asked) || asked.type === undefined
    ? undefined
    : { entry, type: asked.type, id, ...(there !== undefined && { isThere: true }) }
}

/** What a conditional create found. */
async function idThere({ asked }: Entry, means: PlaceMeans): Promise<string | undefined> {
  return asked.kind === 'create' && asked.ifNoneExist !== undefined
    ? idNamed(asked.ifNoneExist, asked, means)
    : undefined
}

async function idNamed(
  query: string,
  asked: Entry['asked'],
  { caller, base, find }: PlaceMeans,
): Promise<string | undefined> {
  // Decided before it is searched: a condition must not tell what the letters do not.
  permit(caller, asked, base)
  const type = 'type' in asked ? asked.type : undefined
  return type === undefined ? undefined : (await find(type, query, caller)).match?.id
}

async function idOf({ asked, resource }: Entry, means: PlaceMeans): Promise<string | undefined> {
  switch (asked.kind) {
    case 'update':
    case 'patch':
    case 'delete':
      return asked.id
    case 'create':
      return means.newId()
    case 'conditional-update':
      return (await idNamed(asked.query, asked, means)) ?? resource?.id ?? means.newId()
    case 'operation':
      return isChange(asked) ? asked.id : undefined
    case 'conditional-patch':
    case 'conditional-delete':
      return idNamed(asked.query, asked, means)
    default:
      return undefined
  }
}

/** What the entries are called within the Bundle, and the `Type/id` that each of them is. */
export function nameTargets(placed: readonly Placed[]): Map<string, string> {
  const targets = new Map<string, string>()
  for (const { entry, type, id } of placed) {
    const { fullUrl, index } = entry
    if (fullUrl === undefined) continue
    const known = targets.get(fullUrl)
    if (known !== undefined && known !== `${type}/${id}`)
      throw new FhirError('contradiction', {
        text: `${fullUrl} is the fullUrl of two entries.`,
        expression: `Bundle.entry[${index}].fullUrl`,
      })
    targets.set(fullUrl, `${type}/${id}`)
  }
  return targets
}
