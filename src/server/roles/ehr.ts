/** The EHR and the portal: what they read, they read through the FHIR API as the person at the page. */

import { randomUUID } from 'node:crypto'
import type { Authorization } from '../../authorization/index.ts'
import { randomIds } from '../../authorization/secrets.ts'
import { createEhr, type Ehr } from '../../ehr/index.ts'
import type { LaunchCallers } from '../../ehr/ports.ts'
import type { Identity } from '../../identity/index.ts'
import { signInUrl } from '../../identity/return-to.ts'
import type { FhirApi } from '../../resource/index.ts'
import { styleDocument } from '../../ui/style-document.ts'
import { createApps } from '../apps.ts'
import { fromEhr } from '../audit.ts'
import { createEmergency } from '../emergency.ts'
import type { FhirReader } from '../fhir-reader.ts'
import { createUntag } from '../fhir-writer.ts'
import type { House } from '../house.ts'
import { createLaunchPeople } from '../launch-people.ts'
import { ehrUserOf } from '../people.ts'
import { createReleases } from '../releases.ts'
import type { RememberedRights } from '../rights.ts'

/** The EHR over the other roles. */
export function ehrOf(
  house: House,
  {
    identity,
    fhir,
    rights,
    read,
    callers,
    authorization,
  }: {
    identity: Identity
    fhir: FhirApi
    rights: RememberedRights
    read: FhirReader
    callers: LaunchCallers
    authorization: Pick<Authorization, 'appsOnRecord' | 'offlineReminder'>
  },
): Ehr {
  const { baseUrl, fhirBase, stores, trail, csrf, policy, now, sandbox, lifetimes } = house
  return createEhr({
    launches: stores.launches,
    chart: { get: (user, path) => read(user.id, path) },
    audit: { record: (event) => trail.record(fromEhr(event)) },
    fhirBase,
    now,
    ids: randomIds,
    apps: createApps(authorization.appsOnRecord),
    callers,
    people: createLaunchPeople(identity),
    currentUser: { find: (request) => ehrUserOf(identity, request), signInUrl },
    emergency: createEmergency({
      identity,
      stepUp: house.stepUp,
      rights,
      store: stores.emergencies,
      trail,
      policy,
      now,
      newId: randomUUID,
    }),
    releases: createReleases(identity, createUntag(fhir.answer, rights), policy),
    offlineReminder: authorization.offlineReminder,
    styleUrl: `${baseUrl}${styleDocument.path}`,
    csrf,
    baseUrl,
    ...(lifetimes && { launchLifetime: lifetimes.launch }),
    ...(sandbox && { sandbox }),
  })
}
