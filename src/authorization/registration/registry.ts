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
   * there is no such app, or it is known by its document: that says what the app is.
   */
  edit(id: string, metadata: ClientMetadata, by: Actor): Promise<MadeApp | undefined>
  /** Nothing when there is no such app, or the act does not fit its state. */
  act(id: string, act: StateAct, by: Actor): Promise<RegisteredApp | undefined>
  /** Gives the house's trust, or takes it back; nothing for an app that cannot have it, or that waits or was refused. */
  setTrust(id: string, trust: Trust, isGiven: boolean, by: Actor): Promise<RegisteredApp | undefined>
  /** A new secret; the old one works on for `overlap` milliseconds. Nothing for an app without secret. */
  rotateSecret(id: string, overlap: number, by: Actor): Promise<MadeApp | undefined>
  /** Ends all that the app holds, and forgets it. */
  remove(id: string, by: Actor): Promise<RegisteredApp | undefined>
  listInitialTokens(): Promise<InitialToken[]>
  issueInitialToken(terms: InitialTokenTerms, by: Actor): Promise<{ token: InitialToken; secret: string }>
  revokeInitialToken(id: string, by: Actor): Promise<boolean>
}

/** `preApproved`: an EHR launch of it asks for no consent. `smart1`: an app of SMART 1.0, which may come without PKCE. `resourceServer`: may ask what every app's access tokens are good for (INTR-13). */
export type Trust = 'preApproved' | 'smart1' | 'resourceServer'

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

  return {
    find: (id) => registrations.find(id),
    list: () => registrations.list(),
    async register(metadata, by) {
      const made = makeApp(metadata, ids, now())
      const app: RegisteredApp = { client: made.client, registration: { origin: 'administrator' } }
      await registrations.add(app, toldOf('app-registered', made.client.id, by), now())
      return { ...app, ...(made.secret !== undefined && { secret: made.secret }) }
    },
    async edit(id, metadata, by) {
      const fresh = newSecret(ids, now())
      let secret: string | undefined
      const app = await change(id, ({ client, registration }) => {
        if (registration.origin === 'document') return undefined
        const kept = secretsAfter(client, withMetadata(client, metadata), fresh)
        secret = kept.secret
        const detail = changedMembers(client, kept.client).join(' ')
        return { app: { client: kept.client, registration }, told: toldOf('app-changed', id, by, detail) }
      })
      return app && { ...app, ...(secret !== undefined && { secret }) }
    },
    act: (id, act, by) => change(id, (app) => changeOfState(app, act, by)),
    setTrust: (id, trust, isGiven, by) => change(id, (app) => changeOfTrust(app, trust, isGiven, by)),
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
    remove: (id, by) => change(id, () => ({ remove: true, told: toldOf('app-removed', id, by) })),
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

/**
 * Without PKCE only a secret protects a code; and who asks about tokens has to prove who asks. What is trusted is what was
 * approved: an app that became another while somebody read about it waits, and gets nothing by that click.
 */
function changeOfTrust(
  { client, registration }: RegisteredApp,
  trust: Trust,
  isGiven: boolean,
  by: Actor,
): AppChange | undefined {
  if (isGiven && client.approval !== undefined) return undefined
  if (isGiven && trust !== 'preApproved' && !isConfidential(client)) return undefined
  const { [trust]: _, ...rest } = client
  return {
    app: { client: { ...rest, ...(isGiven && { [trust]: true }) }, registration },
    told: toldOf(
      'app-changed',
      client.id,
      by,
      isGiven ? trustNames[trust] : `no longer ${trustNames[trust]}`,
    ),
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
