/** How the server's own pages change records: as FHIR updates of the person who is signed in, through the one decision. */
import { ownCaller } from '../resource/own-caller.ts'
import type { Rights } from '../resource/ports.ts'
import type { Answer } from '../resource/request.ts'
import type { Resource } from '../smart/resource.ts'

/** Updates a resource as one account, from the version that it has; false when that account may not, or the version is another. */
export type FhirWriter = (userId: string, resource: Resource) => Promise<boolean>

export function createFhirWriter(answer: Answer, rights: Rights): FhirWriter {
  return async (userId, resource) => {
    const own = await rights.of(userId)
    if (!own) return false
    const path = `${resource.resourceType}/${resource.id}`
    const request = {
      method: 'PUT',
      path,
      search: '',
      headers: { 'if-match': `W/"${resource.meta?.versionId}"` },
      body: JSON.stringify(resource),
      contentType: 'application/fhir+json',
    }
    const reply = await answer(request, ownCaller({ user: userId }, own))
    if (reply.status >= 500) throw new Error(`updating ${path} failed with ${reply.status}`)
    return reply.status === 200
  }
}
