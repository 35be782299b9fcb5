/** What can be read off an answer. */
import assert from 'node:assert/strict'
import type { Resource } from '../../../src/smart/resource.ts'
import { foreign } from './records.ts'
import type { Answered } from './wire.ts'

/** The resources in a Bundle, also in those that a batch holds, `Type/id` each, once, in order of their names. */
export function namesIn({ body }: Answered): string[] {
  return [...new Set(entriesOf(JSON.parse(body)))].toSorted()
}

function entriesOf(bundle: Resource): string[] {
  const { entry = [] } = bundle as { readonly entry?: readonly { readonly resource?: Resource }[] }
  return entry.flatMap(({ resource }) => {
    if (resource === undefined || resource.resourceType === 'OperationOutcome') return []
    if (resource.resourceType === 'Bundle') return entriesOf(resource)
    return [`${resource.resourceType}/${resource.id}`]
  })
}

/** Fails when something closed is in the answer, or when it was a fault of ours. What was asked may be said again. */
export function assertTight({ status, headers, body }: Answered, ...more: readonly RegExp[]): void {
  const said = JSON.stringify(headers) + body.replaceAll(/"url":"[^"]*"/g, '')
  for (const pattern of [foreign, ...more]) assert.equal(pattern.exec(said)?.[0], undefined)
  assert.ok(status < 500 || status === 501, `${status}: ${body}`)
}

/** An answer without the id that was asked for, and without what differs between any two answers. */
export function anonymous({ status, headers, body }: Answered, id: string): unknown {
  const whole = new RegExp(`(?<=%2F|[^\\w-])${id}(?![\\w-])`, 'g')
  const named = (text: string) => text.replaceAll(whole, '[id]')
  const told = Object.entries(headers).map(([name, value]) => [name, named(value)])
  return { status, headers: told.filter(([name]) => name !== 'content-length'), body: named(body) }
}
