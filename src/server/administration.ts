/** Administration's ports, over what authorization and identity offer. */
import { createPublicKey } from 'node:crypto'
import { adminRoutes } from '../admin/index.ts'
import {
  type Accounts,
  type ActivationCodes,
  type AdminApp,
  type AppKey,
  type AppMetadata,
  type Apps,
  type By,
  ChangedMeanwhile,
  type Grants,
  type InitialTokens,
  NotAcceptable,
  type Visitors,
} from '../admin/ports.ts'
import {
  administered,
  administrationRefused,
  decisionsForgotten,
  grantRevoked,
  invitationWithdrawn,
} from '../audit/event.ts'
import type { Trail } from '../audit/trail.ts'
import type { Client, PublicJwk } from '../authorization/client.ts'
import { OAuthError } from '../authorization/errors.ts'
import type { Authorization } from '../authorization/index.ts'
import { statusOf } from '../authorization/registration/answer.ts'
import { everyRecord } from '../authorization/registration/approval.ts'
import { problemOfScopes } from '../authorization/registration/known-scopes.ts'
import { metadataOf } from '../authorization/registration/metadata-members.ts'
import { parseMetadata } from '../authorization/registration/parse-metadata.ts'
import type { RegisteredApp } from '../authorization/registration/ports.ts'
import type { MadeApp, Registry } from '../authorization/registration/registry.ts'
import { ChangedMeanwhile as ChangedApp, versionOf } from '../authorization/registration/version.ts'
import { thumbprintOf } from '../authorization/thumbprint.ts'
import type { Csrf } from '../http/csrf.ts'
import type { Route } from '../http/route.ts'
import { AccountProblem, createAccountRegistry } from '../identity/account-registry.ts'
import type { Identity } from '../identity/index.ts'
import { INVITATION_DAYS, InvitationProblem, invite } from '../identity/providers/invite.ts'
import { signInUrl } from '../identity/return-to.ts'
import { createSealer } from '../identity/sealed.ts'
import { parseReference } from '../smart/ids.ts'
import type { GrantList } from '../store/grant-list.ts'
import type { HouseCallers } from './house-callers.ts'
import { createRecordLookup } from './record-lookup.ts'
import type { Stores } from './stores.ts'

const grantsShown = 200

interface AdministrationOptions {
  readonly baseUrl: string
  readonly fhirBase: string
  readonly stores: Pick<
    Stores,
    'accounts' | 'accountChanges' | 'grantList' | 'invitations' | 'records' | 'secret'
  >
  readonly identity: Identity
  readonly authorization: Pick<Authorization, 'registry' | 'clientsChanged'>
  readonly callers: HouseCallers
  readonly trail: Trail
  readonly csrf: Csrf
  readonly now: () => number
}

/** The routes under `/admin`. */
export function administrationRoutes(options: AdministrationOptions): Route[] {
  const { baseUrl, stores, identity, authorization, callers, trail, csrf, now } = options
  return adminRoutes({
    baseUrl,
    visitors: visitorsOf(identity),
    callers,
    apps: appsOf(authorization.registry),
    tokens: tokensOf(authorization.registry),
    accounts: accountsOf(stores, now),
    codes: codesOf(options),
    grants: grantsOf(stores.grantList, authorization.clientsChanged, now),
    refusals: { record: (by, reason) => trail.record(administrationRefused(by, reason)) },
    drafts: createSealer(stores.secret, 'administration drafts'),
    csrf,
    now,
  })
}

function visitorsOf(identity: Identity): Visitors {
  return {
    async find(request) {
      const session = await identity.sessionOf(request)
      if (!session) return undefined
      const { id, name, username, roles } = session.account
      // No other system has a say over who administers this one, also not of somebody who became an administrator since.
      const isAdmin = roles.includes('admin') && !session.methods.includes('ehr')
      return { id, name, username, isAdmin, isFresh: () => identity.isFresh(session) }
    },
    signInUrl: (returnTo, again) => signInUrl(returnTo, again && { again: true, username: again.username }),
  }
}

function appsOf(registry: Registry): Apps {
  const made = ({ secret, ...app }: MadeApp) => ({
    app: adminAppOf(app),
    ...(secret !== undefined && { secret }),
  })
  return {
    list: async () => (await registry.list()).map(adminAppOf),
    find: async (id) => orNothing(await registry.find(id), adminAppOf),
    register: async (metadata, by) => made(await registry.register(checked(metadata), by)),
    edit: async (id, metadata, by, seen) =>
      orNothing(await asSeen(registry.edit(id, checked(metadata), by, seen)), made),
    act: async (id, act, by, seen) => orNothing(await asSeen(registry.act(id, act, by, seen)), adminAppOf),
    setTrusts: async (id, trusts, by, seen) =>
      orNothing(await asSeen(registry.setTrusts(id, trusts, by, seen)), adminAppOf),
    rotateSecret: async (id, overlap, by) => orNothing(await registry.rotateSecret(id, overlap, by), made),
    remove: async (id, by, seen) => (await asSeen(registry.remove(id, by, seen))) !== undefined,
  }
}

async function asSeen<Done>(work: Promise<Done>): Promise<Done> {
  try {
    return await work
  } catch (error) {
    throw error instanceof ChangedApp ? new ChangedMeanwhile() : error
  }
}

function orNothing<Found, Told>(found: Found | undefined, tell: (found: Found) => Told): Told | undefined {
  return found === undefined ? undefined : tell(found)
}

function checked(metadata: Readonly<Record<string, unknown>>) {
  refuseUnknownScopes(metadata.scope)
  try {
    return parseMetadata(metadata)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const [, member = 'metadata', problem = error.text] = /^([\w.]+): (.*)$/s.exec(error.text) ?? []
    throw new NotAcceptable(member, problem)
  }
}

function refuseUnknownScopes(scope: unknown): void {
  const problem = problemOfScopes(scope)
  if (problem !== undefined) throw new NotAcceptable('scope', problem)
}

/** An app as administrators see one. */
export function adminAppOf(app: RegisteredApp): AdminApp {
  const { client, registration } = app
  return {
    id: client.id,
    version: versionOf(app),
    metadata: metadataOf(client) as unknown as AppMetadata,
    keys: (client.jwks?.keys ?? []).map(keyOf),
    state: statusOf(client),
    kind: kindOf(client),
    origin: registration.origin,
    waitsFor: registration.waitsFor ?? [],
    preApproved: client.preApproved === true,
    smart1: client.smart1 === true,
    resourceServer: client.resourceServer === true,
    createdAt: client.createdAt,
    secrets: (client.secrets ?? []).map(({ createdAt, endsAt }) => ({
      createdAt,
      ...(endsAt !== undefined && { endsAt }),
    })),
  }
}

const longestOfKey = 200

function keyOf(jwk: PublicJwk): AppKey {
  const told = (['kid', 'kty', 'crv', 'alg', 'use'] as const).flatMap((name) => {
    const value = jwk[name]
    return typeof value === 'string' ? [[name, value.slice(0, longestOfKey)] as const] : []
  })
  return { ...Object.fromEntries(told), ...thumbprintIn(jwk) }
}

function thumbprintIn(jwk: PublicJwk): Pick<AppKey, 'thumbprint'> {
  try {
    return { thumbprint: thumbprintOf(createPublicKey({ key: { ...jwk }, format: 'jwk' })) }
  } catch {
    return {}
  }
}

function kindOf({ grantTypes, authMethod }: Client): AdminApp['kind'] {
  if (!grantTypes.includes('authorization_code')) return 'backend'
  return authMethod === 'none' ? 'public' : 'confidential'
}

function tokensOf(registry: Registry): InitialTokens {
  return {
    list: () => registry.listInitialTokens(),
    issue({ scope = everyRecord.scope, ...terms }, by) {
      refuseUnknownScopes(scope)
      return registry.issueInitialToken({ ...terms, scope }, by)
    },
    revoke: (id, by) => registry.revokeInitialToken(id, by),
  }
}

function accountsOf(stores: AdministrationOptions['stores'], now: () => number): Accounts {
  const registry = createAccountRegistry<By>({
    accounts: stores.accounts,
    changes: stores.accountChanges,
    told: (by, { act, id, detail }) => administered(by, act, { kind: 'account', id }, detail),
    now,
  })
  return {
    list: () => registry.list(),
    find: (id) => registry.find(id),
    async link(id, links, by) {
      try {
        return await registry.link(id, () => links, by)
      } catch (error) {
        if (!(error instanceof AccountProblem)) throw error
        throw new NotAcceptable('records', error.message)
      }
    },
    setDisabled: (id, disabled, by) => registry.setDisabled(id, disabled, by),
  }
}

function codesOf({ stores, fhirBase, now }: AdministrationOptions): ActivationCodes {
  const { invitations } = stores
  const records = createRecordLookup(stores.records, fhirBase)
  return {
    days: INVITATION_DAYS,
    list: () => invitations.list(now()),
    async make(reference, days, by) {
      const parsed = parseReference(reference)
      const isPatient = parsed?.type === 'Patient' && parsed.version === undefined
      if (!isPatient) throw new NotAcceptable('patient', 'a reference such as Patient/123 is expected')
      try {
        const made = await invite({ invitations, records, now }, parsed.id, days, by)
        return { ...made, patient: parsed.id, madeAt: now() }
      } catch (error) {
        if (!(error instanceof InvitationProblem)) throw error
        throw new NotAcceptable('patient', error.message)
      }
    },
    revoke: (patient, by) => invitations.withdraw(patient, invitationWithdrawn(by, patient), now()),
  }
}

function grantsOf(grants: GrantList, changed: () => void, now: () => number): Grants {
  return {
    async list(filter) {
      return (await grants.list(filter, grantsShown)).map(({ grant }) => {
        const { id, clientId, scope, createdAt, context } = grant
        const userId = 'userId' in grant ? String(grant.userId) : undefined
        return {
          id,
          clientId,
          scope,
          createdAt,
          ...(userId !== undefined && { userId }),
          ...(context.patient !== undefined && { patient: context.patient }),
        }
      })
    },
    async revoke(id, by) {
      const { revoked } = await grants.end({ id }, now(), {
        grant: ({ clientId }) => grantRevoked({ ...by, client: clientId, grant: id }),
        decisions: (decided, forgotten) => decisionsForgotten(by, decided, forgotten),
      })
      if (revoked > 0) changed()
      return revoked > 0
    },
  }
}
