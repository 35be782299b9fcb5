/** How the server's own pages read records: as FHIR requests of the person who is signed in, through the one decision. */
import { ownCaller } from '../resource/own-caller.ts'
import type { Rights } from '../resource/ports.ts'
import type { Answer, Caller } from '../resource/request.ts'
import type { Resource } from '../smart/resource.ts'
import type { ResourceScope } from '../smart/scope.ts'

/** Reads `path` (below the FHIR base, with its query) as one account; nothing when that account may not, or nothing is there. */
export type FhirReader = (userId: string, path: string, within?: Within) => Promise<Resource | undefined>

/** Less than everything that the person may do: what these scopes leave of it. */
export interface Within {
  readonly scopes: readonly ResourceScope[]
  /** The patient of `patient/` scopes. */
  readonly patient?: string
}

export function createFhirReader(answer: Answer, rights: Rights): FhirReader {
  return async (userId, path, within) => {
    const own = await rights.of(userId)
    if (!own) return undefined
    const [below = '', ...query] = path.split('?')
    const request = {
      method: 'GET',
      path: below,
      search: query.join('?'),
      headers: { accept: 'application/fhir+json' },
      body: '',
      contentType: '',
    }
    const caller = ownCaller({ user: userId }, own)
    const reply = await answer(request, within ? narrowed(caller, within) : caller)
    if (reply.status === 200) return JSON.parse(reply.body) as Resource
    if (reply.status >= 500) throw new Error(`reading ${below} failed with ${reply.status}`)
    return undefined
  }
}

function narrowed(caller: Caller, within: Within): Caller {
  const { scopes, patient } = within
  const inContext = patient !== undefined && { patient }
  return { ...caller, ...inContext, authority: { ...caller.authority, scopes, ...inContext } }
}
