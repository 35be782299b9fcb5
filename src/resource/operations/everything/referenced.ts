/**
 * The reference data that a record points to (who treated, where, with what), as far as the caller may both read and
 * search for it. Each is given once, also what reference data itself points to.
 */
import { isReferenceType } from '../../../smart/compartment.ts'
import { parseReference, type Reference } from '../../../smart/ids.ts'
import { type Admitted, admit, reachFor } from '../../enforce.ts'
import type { Services } from '../../interactions/handler.ts'
import type { Caller } from '../../request.ts'
import { isWanted, type Wish } from './legs.ts'

/** Gives what resources point to; what was given once is not given again. */
export interface Referenced {
  of(resources: readonly Admitted[]): AsyncGenerator<readonly Admitted[]>
  /** Whether more was pointed to than is given. */
  readonly isCutShort: boolean
}

/** Their names are kept while a record is told, so there is an end to them. */
const most = 20_000
/** Few at once: each may be large. */
const atOnce = 20

export function createReferenced(wish: Wish, caller: Caller, services: Services): Referenced {
  const seen = new Set<string>()
  let isCutShort = false

  function* wantedBy(resources: readonly Admitted[]): Generator<Reference> {
    for (const resource of resources)
      for (const target of referencesIn(resource.json)) {
        const name = `${target.type}/${target.id}`
        if (seen.has(name) || !isWanted(wish, target.type) || !isInReach(target.type)) continue
        if (seen.size >= most) isCutShort = true
        else {
          seen.add(name)
          yield target
        }
      }
  }

  function isInReach(type: string): boolean {
    return (['r', 's'] as const).every((letter) => reachFor(caller, letter, type).within.length > 0)
  }

  async function load(targets: readonly Reference[]): Promise<Admitted[]> {
    const found = await services.repository.readMany(targets)
    return found.flatMap((stored) => {
      const readable = admit(stored, reachFor(caller, 'r', stored.type), services.matches)
      return (readable && admit(readable, reachFor(caller, 's', stored.type), services.matches)) ?? []
    })
  }

  async function* of(resources: readonly Admitted[]): AsyncGenerator<readonly Admitted[]> {
    const waiting = [...wantedBy(resources)]
    while (waiting.length > 0) {
      const loaded = await load(waiting.splice(0, atOnce))
      waiting.push(...wantedBy(loaded))
      yield loaded
    }
  }

  return {
    of,
    get isCutShort() {
      return isCutShort
    },
  }
}

// In a text the quotation marks would be escaped, so this finds members only.
const member = /"reference"\s*:\s*"([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^"]{1,64})?"/g

function* referencesIn(json: string): Generator<Reference> {
  for (const [, text] of json.matchAll(member)) {
    const reference = parseReference(text)
    if (reference && isReferenceType(reference.type)) yield reference
  }
}
