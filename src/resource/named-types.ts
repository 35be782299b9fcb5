/**
 * What an app that acts for itself asks for by name is refused where it is out of reach, as a request for that type alone
 * would be: an export without it would pass for one of records that have none (BKND-22). What nobody named is left out
 * in silence, and so is what a person's token does not reach (AMB-24): that person chose, and the app was told.
 */
import { permit } from './enforce.ts'
import type { Caller } from './request.ts'

/** Refuses a search across types that names one which the app may not search. */
export function checkSearchable(types: Iterable<string>, caller: Caller, realm: string): void {
  if (caller.user !== undefined) return
  for (const type of types) permit(caller, { kind: 'search-type', type, query: '' }, realm)
}

/** Refuses a record in which a type is named that the app may not both search and read. */
export function checkTellable(types: ReadonlySet<string>, caller: Caller, realm: string): void {
  if (caller.user !== undefined) return
  checkSearchable(types, caller, realm)
  for (const type of types) permit(caller, { kind: 'read', type, id: '' }, realm)
}
