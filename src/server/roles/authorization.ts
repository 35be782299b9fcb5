/** The authorization server: its stores, its rules, and the people whom it asks. */
import { type Authorization, createAuthorization } from '../../authorization/index.ts'
import type { Identity } from '../../identity/index.ts'
import { createSealer } from '../../identity/sealed.ts'
import { isSupportedFilter } from '../../resource/search/filter.ts'
import type { FhirReader } from '../fhir-reader.ts'
import type { House } from '../house.ts'
import { createPatientDirectory } from '../patient-directory.ts'
import { signInAddress, userOf } from '../people.ts'
import { documentRules, registrationRules } from '../registration.ts'

/** Loads the signing keys, and makes them on first start. */
export function authorizationOf(house: House, identity: Identity, read: FhirReader): Promise<Authorization> {
  const { baseUrl, stores, trail, csrf, now, outbound, sandbox, lifetimes, rotateKeysEvery, stepUp } = house
  const { asksOwnMachine = false } = house
  const documents = documentRules(house.sections, { isSandbox: sandbox !== undefined, asksOwnMachine })
  return createAuthorization({
    ...(lifetimes && { lifetimes }),
    ...(rotateKeysEvery !== undefined && { rotateKeysEvery }),
    baseUrl,
    registration: registrationRules(house.sections, sandbox !== undefined),
    registrations: stores.registrations,
    ...(documents && { documents }),
    ...(house.sections.brands && { brands: house.sections.brands }),
    clients: stores.clients,
    flows: stores.flows,
    rememberedConsents: stores.rememberedConsents,
    reminders: stores.reminders,
    rememberFor: house.sections.consent.rememberFor,
    pushed: stores.pushed,
    notices: stores.notices,
    grants: stores.grants,
    keys: stores.keys,
    launches: stores.launches,
    replays: stores.replays,
    secret: stores.secret,
    sealerOf: (secret) => createSealer(secret, 'answers to apps'),
    needsDpopNonce: house.needsDpopNonce ?? false,
    outbound,
    ...(stepUp && { stepUp }),
    signIn: {
      currentUser: (request) => userOf(identity, request),
      signInUrl: signInAddress,
      endSession: identity.signOut,
      isSessionLive: identity.isSessionLive,
      isUserActive: identity.isUserActive,
    },
    directory: createPatientDirectory(read, identity, now),
    supportsFilter: isSupportedFilter,
    audit: trail,
    csrf,
    now,
  })
}
