/**
 * Finds and rewrites the links between resources of a Bundle: references everywhere, and where an address of the form `urn:uuid:` or
 * `urn:oid:` stands in an element of type uri, or in the narrative. Values that merely look alike (identifiers) are left alone.
 * @see https://hl7.org/fhir/R4/http.html#transaction
 */
import { isResourceType } from '../../smart/interaction.ts'
import type { Resource } from '../../smart/resource.ts'

/** One place in a resource that links elsewhere. */
export interface Link {
  readonly target: string
  /** Whether it is a `Reference.reference`. */
  readonly isReference: boolean
  replace(target: string): void
}

const URN = /^urn:(?:uuid|oid):/
const URI_MEMBERS: ReadonlySet<string> = new Set([
  'url',
  'uri',
  'valueUri',
  'valueUrl',
  'valueUuid',
  'valueOid',
])
const NARRATIVE_LINK = /\b(href|src)="(urn:(?:uuid|oid):[^"]+)"/g

/** What a Bundle could resolve in a resource, found in one walk through it. */
export interface Links {
  readonly links: Link[]
  /** Texts that may link elsewhere, for {@link relinkNarratives}. */
  readonly narratives: Narrative[]
}

interface Narrative {
  div: string
}

/** Every link of a resource. */
export function linksOf(resource: Resource): Links {
  const found: Links = { links: [], narratives: [] }
  for (const [name, member] of Object.entries(resource)) {
    // The resource's own url is its name, not a link.
    if (typeof member === 'object' && member !== null) collectMember(member, name, name, found)
  }
  return found
}

function collectMember(member: object, name: string, owner: string, found: Links): void {
  if (name === 'text' && isLinkingNarrative(member)) found.narratives.push(member)
  collect(member, owner, found)
}

function isLinkingNarrative(member: object): member is Narrative {
  const { div } = member as Record<string, unknown>
  return typeof div === 'string' && !Array.isArray(member) && div.includes('"urn:')
}

function collect(value: object, owner: string, found: Links): void {
  const holder = value as Record<string, unknown>
  for (const name in holder) {
    const member = holder[name]
    if (typeof member === 'string') collectText(holder, name, member, owner, found.links)
    else if (typeof member === 'object' && member !== null)
      collectMember(member, name, Array.isArray(value) ? owner : name, found)
  }
}

function collectText(
  holder: Record<string, unknown>,
  name: string,
  text: string,
  owner: string,
  links: Link[],
): void {
  const replace = (target: string) => {
    holder[name] = target
  }
  if (name === 'reference') links.push({ target: text, isReference: true, replace })
  else if (URI_MEMBERS.has(name) && URN.test(text)) {
    // The url of an extension says which extension it is.
    if (!/xtension$/.test(owner)) links.push({ target: text, isReference: false, replace })
  }
}

/**
 * Rewrites the links in narratives, in place and each text once: how long one is and how many links it has is up to
 * whoever sent it. `resolve` gives what a link leads to; without that it stays.
 */
export function relinkNarratives(
  narratives: readonly Narrative[],
  resolve: (target: string) => string | undefined,
): void {
  for (const narrative of narratives)
    narrative.div = narrative.div.replace(NARRATIVE_LINK, (whole, attribute: string, target: string) => {
      const to = resolve(target)
      return to === undefined ? whole : `${attribute}="${to}"`
    })
}

/** What a link leads to by the names that a Bundle gives its resources; a version of such a resource leads to the resource. */
export function targetOf(target: string, targets: ReadonlyMap<string, string>): string | undefined {
  const at = target.indexOf('/_history/')
  return targets.get(target) ?? (at < 0 ? undefined : targets.get(target.slice(0, at)))
}

/** The type and the search that a conditional reference (`Practitioner?identifier=…`) is made of; nothing for other links. */
export function conditionOf({ target, isReference }: Link): { type: string; query: string } | undefined {
  const at = target.indexOf('?')
  const type = target.slice(0, Math.max(at, 0))
  return isReference && isResourceType(type) ? { type, query: target.slice(at + 1) } : undefined
}
