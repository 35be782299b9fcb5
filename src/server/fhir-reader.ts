/** How the server's own pages read records: as FHIR requests of the person who is signed in, through the one decision. */
import { ownCaller } from '../resource/own-caller.ts'
import type { Rights } from '../resource/ports.ts'
import type { Answer } from '../resource/request.ts'
import type { Resource } from '../smart/resource.ts'

/** Reads `path` (below the FHIR base, with its query) as one account; nothing when that account may not, or nothing is there. */
export type FhirReader = (userId: string, path: string) => Promise<Resource | undefined>

export function createFhirReader(answer: Answer, rights: Rights): FhirReader {
  return async (userId, path) => {
    const own = await rights.of(userId)
    if (!own) return undefined
    const [below = '', ...query] = path.split('?')
    const request = {
      method: 'GET',
      path: below,
      search: query.join('?'),
      headers: {},
      body: '',
      contentType: '',
    }
    const reply = await answer(request, ownCaller({ user: userId }, own))
    if (reply.status === 200) return JSON.parse(reply.body) as Resource
    if (reply.status >= 500) throw new Error(`reading ${below} failed with ${reply.status}`)
    return undefined
  }
}
