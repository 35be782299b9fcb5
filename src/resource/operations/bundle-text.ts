/** Bundles written around the JSON that resources are kept as, so that no number is written anew. @see FHIR R4 Bundle */
import type { Admitted } from '../enforce.ts'
import { indented } from '../exact-json.ts'

/** An entry; `search` says why it is there. */
export function entryText({ type, id, json }: Admitted, search: object, base: string): string {
  const fullUrl = JSON.stringify(`${base}/${type}/${id}`)
  return `{"fullUrl":${fullUrl},"resource":${json},"search":${JSON.stringify(search)}}`
}

/** A Bundle of the members of `head` and these entries; an empty list of them would be no FHIR. */
export function bundleText(head: object, entries: readonly string[]): string {
  const text = JSON.stringify(head)
  return entries.length === 0 ? text : `${text.slice(0, -1)},"entry":[${entries.join(',')}]}`
}

/** JSON text, indented where that is wished. */
export function laidOut(text: string, pretty: boolean): string {
  return pretty ? indented(text) : text
}
