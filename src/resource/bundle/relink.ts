/**
 * Turns what the entries of a transaction call each other into addresses, and conditional references into the one
 * resource that they name: of the Bundle itself, or among those that the caller may find. @see FHIR R4 http, transaction
 */
import { permit } from '../enforce.ts'
import type { Find } from '../interactions/handler.ts'
import { FhirError } from '../outcomes.ts'
import type { Caller } from '../request.ts'
import type { Entry } from './entries.ts'
import type { Identified } from './identified.ts'
import { conditionOf, type Link, linksOf, relinkNarratives, targetOf } from './links.ts'

/** What references are resolved with. */
export interface Linking {
  readonly targets: ReadonlyMap<string, string>
  readonly identified: Identified
  readonly find: Find
  readonly caller: Caller
  readonly base: string
}

/** Resolves the references of an entry’s resource, in place. */
export async function relink({ resource, fullUrl }: Entry, linking: Linking): Promise<void> {
  if (!resource) return
  const root = rootOf(fullUrl)
  const { links, narratives } = linksOf(resource)
  for (const link of links) {
    const target = targetOf(link.target, linking.targets) ?? siblingOf(link, root, linking.targets)
    const condition = conditionOf(link)
    if (target !== undefined) link.replace(target)
    else if (condition) link.replace(await nameOne(condition, linking))
  }
  relinkNarratives(narratives, (target) => targetOf(target, linking.targets))
}

/** Longer than any server’s address: each relative reference is put behind it. */
const longestUrl = 2000

/** The address of the server that an entry’s own address is on. */
function rootOf(fullUrl = ''): string | undefined {
  if (fullUrl.length > longestUrl) return undefined
  return /^(https?:\/\/.*\/)[A-Z][A-Za-z]*\/[^/]+$/.exec(fullUrl)?.[1]
}

/** A relative reference is relative to the server that the entry’s own address is of. @see FHIR R4 Bundle, resolving references */
function siblingOf(
  { target, isReference }: Link,
  root: string | undefined,
  targets: ReadonlyMap<string, string>,
): string | undefined {
  if (!isReference || root === undefined || !/^[A-Z]/.test(target)) return undefined
  return targetOf(root + target, targets)
}

async function nameOne(
  { type, query }: { readonly type: string; readonly query: string },
  { identified, find, caller, base }: Linking,
): Promise<string> {
  permit(caller, { kind: 'search-type', type, query }, base)
  const { match } = await find(type, query, caller)
  const names = new Set(identified(type, query))
  if (match) names.add(`${type}/${match.id}`)
  const [name, another] = names
  if (another !== undefined)
    throw new FhirError('ambiguous', { text: `${type}?${query} names several resources.` })
  if (name === undefined) throw new FhirError('unresolved', { text: `${type}?${query} names no resource.` })
  return name
}
