/** Who the person is: what identity needs, out of stores and records. */
import { randomIds } from '../../authorization/secrets.ts'
import { createIdentity, type Identity } from '../../identity/index.ts'
import type { Post } from '../../identity/mail/ports.ts'
import type { ProviderOptions } from '../../identity/providers/deps.ts'
import { fromIdentity } from '../audit.ts'
import { createConsents } from '../consents.ts'
import type { House } from '../house.ts'
import { createRecordLookup } from '../record-lookup.ts'
import { createRelations } from '../relations.ts'
import { sandboxHelp } from '../sandbox.ts'

/** The people, and how they sign in. */
export async function identityOf(
  house: House,
  mail: Post | undefined,
  formTargets: (returnTo: string) => Promise<string[]>,
): Promise<Identity> {
  const { stores, trail, csrf, log, now, baseUrl, fhirBase, policy, sandbox, people } = house
  return createIdentity({
    accounts: stores.accounts,
    sessions: stores.sessions,
    attempts: stores.attempts,
    tickets: stores.tickets,
    credentials: stores.credentials,
    passkeys: stores.passkeys,
    secret: stores.secret,
    baseUrl,
    rules: people ?? { required: [] },
    relations: createRelations(stores.records, fhirBase, log, now),
    policy,
    consents: createConsents(stores.records, fhirBase, now),
    emergencyAccess: stores.emergencies,
    destinations: { formTargets },
    audit: { record: (event) => trail.record(fromIdentity(event)) },
    csrf,
    now,
    ids: randomIds,
    home: '/',
    providers: await providersOf(house),
    ...(mail && { mail }),
    ...(sandbox && { sandbox: sandboxHelp(sandbox) }),
  })
}

async function providersOf(house: House): Promise<ProviderOptions> {
  const { baseUrl, fhirBase, stores, trail, log, providers = [], providerLimit } = house
  const { visits, identities, invitations, providerSessions: sessions } = stores
  return {
    list: providers,
    ...(providers.length > 0 && {
      routes: (await import('../../identity/providers/index.ts')).providerRoutes,
    }),
    baseUrl,
    visits,
    identities,
    invitations,
    sessions,
    records: createRecordLookup(stores.records, fhirBase),
    trail,
    log,
    ids: randomIds,
    ...(providerLimit !== undefined && { requestLimit: providerLimit }),
  }
}
