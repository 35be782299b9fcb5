/** Releasing results to patients, for the EHR: whom the policy lets do so, and the taking off of the tag that does it. */
import type { Releases } from '../ehr/ports.ts'
import type { Identity } from '../identity/index.ts'
import type { SitePolicy } from '../smart/policy.ts'
import type { Untag } from './fhir-writer.ts'

export function createReleases(identity: Identity, untag: Untag, policy: () => SitePolicy): Releases {
  return {
    tag: () => policy().release.tag,
    async mayReleaseAny(user) {
      const account = await identity.accounts.find(user.id)
      return account !== undefined && identity.isOneOf(account, policy().release.by)
    },
    release: (user, resource) => untag(user.id, resource, policy().release.tag),
  }
}
