/** The FHIR API over the records, with the trail as one more type of them. */
import { randomUUID } from 'node:crypto'
import { proofAlgorithms } from '../../authorization/dpop/proof.ts'
import type { Authorization } from '../../authorization/index.ts'
import type { Identity } from '../../identity/index.ts'
import { withAuditEvents } from '../../resource/audit-events/repository.ts'
import { createFhirApi, type FhirApi } from '../../resource/index.ts'
import type { Rights } from '../../resource/ports.ts'
import { version } from '../../version.ts'
import type { House } from '../house.ts'
import { createLabelling } from '../labelling.ts'
import { createNames } from '../names.ts'

/** The resource server; it asks the authorization server about tokens, which is put together later. */
export function fhirOf(
  house: House,
  identity: Identity,
  rights: Rights,
  authorization: () => Authorization,
): FhirApi {
  const { baseUrl, fhirBase, stores, sections, policy, trail, log, now } = house
  return createFhirApi({
    repository: withAuditEvents(stores.records, {
      trail: stores.audit,
      names: createNames(stores.accounts, stores.clients, now),
      base: fhirBase,
    }),
    verifier: { verify: (token) => authorization().verifyBoundToken(token) },
    proofs: {
      check: (proof, request) => authorization().checkProof(proof, request),
      nonce: () => authorization().dpopNonce(),
      algorithms: proofAlgorithms,
    },
    rights,
    labelling: createLabelling(identity, stores.records, policy),
    limits: sections.fhir,
    trail,
    log,
    base: fhirBase,
    pageSecret: stores.secret,
    version,
    oauth: {
      authorize: `${baseUrl}/oauth/authorize`,
      token: `${baseUrl}/oauth/token`,
      manage: `${baseUrl}/account/apps`,
      introspect: `${baseUrl}/oauth/introspect`,
      revoke: `${baseUrl}/oauth/revoke`,
      register: `${baseUrl}/oauth/register`,
    },
    now,
    newId: randomUUID,
  })
}
