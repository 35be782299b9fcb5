/**
 * Everything that can be done to a registered app, by whoever may do it: one transaction each, with its record in the
 * trail, and in force at once. Who may is decided by the callers: endpoints, pages, the administration API, the command line.
 */

import type { Actor } from '../../audit/actor.ts'
import { type AdministrativeAct, administered } from '../../audit/event.ts'
import { type Client, isConfidential } from '../client.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import { hashSecret, type Ids } from '../secrets.ts'
import { newSecret, rotatedSecret, secretsAfter } from './client-secret.ts'
import { changedMembers, clientOf, withMetadata } from './metadata-members.ts'
import type { AppChange, InitialToken, RegisteredApp, RegistrationStore } from './ports.ts'
import { ChangedMeanwhile, versionOf } from './version.ts'

export interface RegistryDeps {
  readonly registrations: RegistrationStore
  readonly ids: Ids
  readonly now: () => number
  /** Called when an app was changed: what was believed of it is to be forgotten. */
  readonly changed: () => void
}

/** An app, and what is told once and never again. */
export interface MadeApp extends RegisteredApp {
  readonly secret?: string
}

/** What an administrator issues for others to register with. */
export type InitialTokenTerms = Pick<InitialToken, 'name' | 'scope' | 'backend'> & {
  /** How often it can be used. */
  readonly uses: number
  /** Milliseconds from now. */
  readonly lifetime: number
}

export interface Registry {
  find(id: string): Promise<RegisteredApp | undefined>
  list(): Promise<RegisteredApp[]>
  /** Registers an app on an administrator's word: approved at once. */
  register(metadata: ClientMetadata, by: Actor): Promise<MadeApp>
  /**
   * Replaces all metadata on an administrator's word; a secret comes along when it needs one and had none. Nothing when
   * there is no such app, or it is known by its document: that says what the app is. `seen` as below.
   */
  edit(id: string, metadata: ClientMetadata, by: Actor, seen?: string): Promise<MadeApp | undefined>
  /**
   * Nothing when there is no such app, or the act does not fit its state. Where it comes with the version that was `seen`,
   * it is for that one: throws {@link ChangedMeanwhile} for another.
   */
  act(id: string, act: StateAct, by: Actor, seen?: string): Promise<RegisteredApp | undefined>
  /** Gives the house's trust, or takes it back; nothing for an app that cannot have it, or that waits or was refused. `seen` as above. */
  setTrust(
    id: string,
    trust: Trust,
    isGiven: boolean,
    by: Actor,
    seen?: string,
  ): Promise<RegisteredApp | undefined>
  /** The same for several kinds of trust: all of it or nothing. */
  setTrusts(id: string, trusts: Trusts, by: Actor, seen?: string): Promise<RegisteredApp | undefined>
  /** A new secret; the old one works on for `overlap` milliseconds. Nothing for an app without secret. */
  rotateSecret(id: string, overlap: number, by: Actor): Promise<MadeApp | undefined>
  /** Ends all that the app holds, and forgets it. `seen` as above. */
  remove(id: string, by: Actor, seen?: string): Promise<RegisteredApp | undefined>
  listInitialTokens(): Promise<InitialToken[]>
  issueInitialToken(terms: InitialTokenTerms, by: Actor): Promise<{ token: InitialToken; secret: string }>
  revokeInitialToken(id: string, by: Actor): Promise<boolean>
}

/** `preApproved`: an EHR launch of it asks for no consent. `smart1`: an app of SMART 1.0, which may come without PKCE. `resourceServer`: may ask what every app's access tokens are good for (INTR-13). */
export type Trust = 'preApproved' | 'smart1' | 'resourceServer'

/** The kinds that are given (true) or taken back. */
export type Trusts = { readonly [Kind in Trust]?: boolean | undefined }

export type StateAct = 'approve' | 'refuse' | 'disable' | 'enable'

/** The registry over its store. */
export function createRegistry(deps: RegistryDeps): Registry {
  const { registrations, ids, now } = deps

  async function change(
    id: string,
    decide: (app: RegisteredApp) => AppChange | undefined,
  ): Promise<RegisteredApp | undefined> {
    const changed = await registrations.change(id, now(), decide)
    if (changed) deps.changed()
    return changed
  }

  /** The same for whoever has read the app; `decide` is asked about that one only. */
  async function changeSeen(
    id: string,
    seen: string | undefined,
    decide: (app: RegisteredApp) => AppChange | undefined,
  ): Promise<RegisteredApp | undefined> {
    let isAnother = false
    const changed = await change(id, (app) => {
      isAnother = seen !== undefined && seen !== versionOf(app)
      return isAnother ? undefined : decide(app)
    })
    if (isAnother) throw new ChangedMeanwhile(id)
    return changed
  }

  const setTrusts: Registry['setTrusts'] = (id, trusts, by, seen) =>
    changeSeen(id, seen, (app) => changeOfTrust(app, trusts, by))

  return {
    find: (id) => registrations.find(id),
    list: () => registrations.list(),
    async register(metadata, by) {
      const made = makeApp(metadata, ids, now())
      const app: RegisteredApp = { client: made.client, registration: { origin: 'administrator' } }
      await registrations.add(app, toldOf('app-registered', made.client.id, by), now())
      return { ...app, ...(made.secret !== undefined && { secret: made.secret }) }
    },
    async edit(id, metadata, by, seen) {
      const fresh = newSecret(ids, now())
      let secret: string | undefined
      const app = await changeSeen(id, seen, ({ client, registration }) => {
        if (registration.origin === 'document') return undefined
        const kept = secretsAfter(client, withMetadata(client, metadata), fresh)
        secret = kept.secret
        const detail = changedMembers(client, kept.client).join(' ')
        return { app: { client: kept.client, registration }, told: toldOf('app-changed', id, by, detail) }
      })
      return app && { ...app, ...(secret !== undefined && { secret }) }
    },
    act: (id, act, by, seen) => changeSeen(id, seen, (app) => changeOfState(app, act, by)),
    setTrust: (id, trust, isGiven, by, seen) => setTrusts(id, { [trust]: isGiven }, by, seen),
    setTrusts,
    async rotateSecret(id, overlap, by) {
      const fresh = newSecret(ids, now())
      const app = await change(id, ({ client, registration }) => {
        const rotated = rotatedSecret(client, fresh, overlap)
        return (
          rotated && { app: { client: rotated, registration }, told: toldOf('app-secret-rotated', id, by) }
        )
      })
      return app && { ...app, secret: fresh.text }
    },
    remove: (id, by, seen) =>
      changeSeen(id, seen, () => ({ remove: true, told: toldOf('app-removed', id, by) })),
    ...initialTokensOf(deps),
  }
}

/** What administrators issue for others to register with. */
function initialTokensOf({
  registrations,
  ids,
  now,
}: RegistryDeps): Pick<Registry, 'listInitialTokens' | 'issueInitialToken' | 'revokeInitialToken'> {
  return {
    listInitialTokens: () => registrations.listInitialTokens(),
    async issueInitialToken({ name, scope, backend, uses, lifetime }, by) {
      const secret = ids.secret()
      const issuedBy = by.user ?? by.client
      const token: InitialToken = {
        id: ids.id('iat_'),
        name,
        hash: hashSecret(secret),
        ...(issuedBy !== undefined && { issuedBy }),
        createdAt: now(),
        expiresAt: now() + lifetime,
        usesLeft: uses,
        scope,
        backend,
      }
      const about = { kind: 'initial-token', id: token.id } as const
      await registrations.addInitialToken(token, administered(by, 'initial-token-issued', about, name))
      return { token, secret }
    },
    revokeInitialToken: (id, by) =>
      registrations.revokeInitialToken(
        id,
        now(),
        administered(by, 'initial-token-revoked', { kind: 'initial-token', id }),
      ),
  }
}

const trustNames = {
  preApproved: 'pre-approved',
  smart1: 'SMART 1.0',
  resourceServer: 'resource server',
} as const satisfies Record<Trust, string>
const trustKinds = Object.keys(trustNames) as Trust[]

/**
 * Without PKCE only a secret protects a code; and who asks about tokens has to prove who asks. What is trusted is what was
 * approved: an app that became another while somebody read about it waits, and gets nothing by that click.
 */
function changeOfTrust(
  { client, registration }: RegisteredApp,
  trusts: Trusts,
  by: Actor,
): AppChange | undefined {
  const asked = trustKinds.filter((kind) => trusts[kind] !== undefined)
  const given = asked.filter((kind) => trusts[kind])
  if (given.length > 0 && client.approval !== undefined) return undefined
  if (given.some((kind) => kind !== 'preApproved') && !isConfidential(client)) return undefined
  const kept = Object.entries(client).filter(([name]) => !asked.some((kind) => kind === name))
  const told = asked.map((kind) => (trusts[kind] ? trustNames[kind] : `no longer ${trustNames[kind]}`))
  return {
    app: {
      client: Object.fromEntries([...kept, ...given.map((kind) => [kind, true])]) as Client,
      registration,
    },
    told: toldOf('app-changed', client.id, by, told.join(', ')),
  }
}

/** A new app of that metadata, and its secret if it has one; the secret is told once and never stored. */
export function makeApp(
  metadata: ClientMetadata,
  ids: Ids,
  now: number,
): { readonly client: Client; readonly secret?: string } {
  return secretsAfter(
    undefined,
    clientOf(metadata, { id: ids.id('app_'), createdAt: now }),
    newSecret(ids, now),
  )
}

function toldOf(act: AdministrativeAct, id: string, by: Actor, detail?: string) {
  return administered(by, act, { kind: 'app', id }, detail)
}

const acts = {
  approve: { told: 'app-approved', approval: undefined, disabled: false },
  refuse: { told: 'app-refused', approval: 'refused', disabled: true },
  disable: { told: 'app-disabled', approval: undefined, disabled: true },
  enable: { told: 'app-enabled', approval: undefined, disabled: false },
} as const

/** Approving and refusing are for what waits, and a refusal can be taken back; the others for what was approved once. */
function changeOfState(
  { client, registration }: RegisteredApp,
  act: StateAct,
  by: Actor,
): AppChange | undefined {
  const isDecision = act === 'approve' || act === 'refuse'
  const fits = isDecision
    ? client.approval === 'waiting' || (act === 'approve' && client.approval === 'refused')
    : client.approval === undefined && (client.disabled === true) === (act === 'enable')
  if (!fits) return undefined
  const { told, approval, disabled } = acts[act]
  const { disabled: _, approval: __, ...rest } = client
  const { waitsFor, ...known } = registration
  return {
    app: {
      client: { ...rest, ...(disabled && { disabled }), ...(approval && { approval }) },
      registration: act === 'refuse' && waitsFor ? registration : known,
    },
    told: toldOf(told, client.id, by),
  }
}
