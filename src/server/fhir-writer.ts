/** How the server's own pages change records: through the FHIR API as the person who is signed in, by the one decision. */
import { ownCaller } from '../resource/own-caller.ts'
import type { Rights } from '../resource/ports.ts'
import type { Answer } from '../resource/request.ts'
import type { Resource } from '../smart/resource.ts'

/** Takes a tag (`system|code`) off a resource as one account, from the version that it has; false when that account may not, or the version is another. */
export type Untag = (userId: string, resource: Resource, tag: string) => Promise<boolean>

export function createUntag(answer: Answer, rights: Rights): Untag {
  return async (userId, resource, tag) => {
    const own = await rights.of(userId)
    if (!own) return false
    const path = `${resource.resourceType}/${resource.id}/$meta-delete`
    const [system = '', code = ''] = tag.split('|')
    const parameter = [{ name: 'meta', valueMeta: { tag: [{ system, code }] } }]
    const request = {
      method: 'POST',
      path,
      search: '',
      headers: { 'if-match': `W/"${resource.meta?.versionId}"` },
      body: JSON.stringify({ resourceType: 'Parameters', parameter }),
      contentType: 'application/fhir+json',
    }
    const reply = await answer(request, ownCaller({ user: userId }, own))
    if (reply.status >= 500) throw new Error(`${path} failed with ${reply.status}`)
    return reply.status === 200
  }
}
