/**
 * Passkeys: registering and proving them, always with user verification, each challenge for one try by whoever it was
 * given to.
 * @see W3C Web Authentication Level 3, §7.1 and §7.2
 */
import { createHash } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Account } from '../account.ts'
import type { Passkey, PasskeyStore, TicketStore } from '../credential-ports.ts'
import { CHALLENGE_LIFETIME } from '../durations.ts'

const MOST_PASSKEYS = 20
/** How long a browser waits for its authenticator, in milliseconds. */
const ASKED_FOR = 60_000
const LONGEST_RESPONSE = 32 * 1024
/** EdDSA, ES256, RS256 (COSE): what every authenticator has one of. */
const ALGORITHMS = [-8, -7, -257]
const IP_ADDRESS = /^(?:\d+\.\d+\.\d+\.\d+|\[.*\])$/

/** Who a challenge is for: a session that registers a passkey, a browser that signs in, a sign-in that waits for its second step. */
export type Holder = `session ${string}` | `browser ${string}` | `second-step ${string}`

/** The two ceremonies, in two steps each. */
export interface PasskeyCeremonies {
  /** Whether browsers allow passkeys at this server's address: https or localhost, and a name, not an IP address. */
  readonly available: boolean
  /** What `navigator.credentials.create` is given. */
  creationOptions(account: Account, holder: Holder): Promise<object>
  /** Adds the passkey that came back; false for one that proves nothing, is known already, or is one too many. */
  register(account: Account, holder: Holder, name: string, response: string): Promise<boolean>
  /** What `navigator.credentials.get` is given; with an account, its passkeys only. */
  requestOptions(holder: Holder, accountId?: string): Promise<object>
  /** The account whose passkey signed; nothing for anything else. */
  verify(holder: Holder, response: string, accountId?: string): Promise<string | undefined>
}

export interface PasskeyDeps {
  readonly passkeys: PasskeyStore
  readonly tickets: TicketStore
  readonly baseUrl: string
  readonly now: () => number
  readonly ids: { secret(): string }
}

/** It reads certificates of every kind of authenticator, and is larger than all that a start needs: loaded for the first passkey. */
const loadWebauthn = () => import('@simplewebauthn/server')

/** What both ceremonies work with. */
interface Ground extends PasskeyDeps {
  readonly rpID: string
  readonly origin: string
  challengeFor(holder: Holder): Promise<Uint8Array<ArrayBuffer>>
  /** Takes the challenge, whatever else is wrong with what came back. */
  isOurs(holder: Holder): (challenge: string) => Promise<boolean>
}

export function createPasskeyCeremonies(deps: PasskeyDeps): PasskeyCeremonies {
  const { now, tickets } = deps
  const { hostname: rpID, origin, protocol } = new URL(deps.baseUrl)
  const ground: Ground = {
    ...deps,
    rpID,
    origin,
    async challengeFor(holder) {
      const challenge = deps.ids.secret()
      const [data, expiresAt] = [JSON.stringify({ holder }), now() + CHALLENGE_LIFETIME]
      await tickets.add({ purpose: 'passkey', hash: hash(challenge), data, expiresAt })
      return new Uint8Array(Buffer.from(challenge, 'base64url'))
    },
    isOurs: (holder) => async (challenge) => {
      const ticket = await tickets.take('passkey', hash(challenge), now())
      return ticket !== undefined && (JSON.parse(ticket.data) as { holder: string }).holder === holder
    },
  }
  return {
    available: (protocol === 'https:' || rpID === 'localhost') && !IP_ADDRESS.test(rpID),
    ...registration(ground),
    ...proof(ground),
  }
}

function registration(ground: Ground): Pick<PasskeyCeremonies, 'creationOptions' | 'register'> {
  const { passkeys, now, rpID, origin, challengeFor, isOurs } = ground
  return {
    async creationOptions(account, holder) {
      const { generateRegistrationOptions } = await loadWebauthn()
      const known = await passkeys.listOf(account.id)
      return generateRegistrationOptions({
        rpName: 'Chartkey',
        rpID,
        userName: account.username,
        userDisplayName: account.name,
        userID: userHandle(account.id),
        challenge: await challengeFor(holder),
        excludeCredentials: known.map(({ id, transports }) => ({ id, transports: [...transports] })),
        supportedAlgorithmIDs: ALGORITHMS,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
    },
    async register(account, holder, name, text) {
      const response = parseResponse<RegistrationResponseJSON>(text)
      if (!response) return false
      const { verifyRegistrationResponse } = await loadWebauthn()
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        response,
        expectedChallenge: isOurs(holder),
        expectedOrigin: origin,
        expectedRPID: rpID,
        requireUserVerification: true,
        supportedAlgorithmIDs: ALGORITHMS,
      }).catch(() => ({ verified: false, registrationInfo: undefined }))
      if (!verified || !registrationInfo) return false
      const { credential } = registrationInfo
      const passkey: Passkey = {
        id: credential.id,
        accountId: account.id,
        name,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports: credential.transports ?? [],
        createdAt: now(),
      }
      return passkeys.add(passkey, account, MOST_PASSKEYS)
    },
  }
}

function proof(ground: Ground): Pick<PasskeyCeremonies, 'requestOptions' | 'verify'> {
  const { passkeys, now, rpID, origin, challengeFor, isOurs } = ground
  return {
    async requestOptions(holder, accountId) {
      const known = accountId === undefined ? [] : await passkeys.listOf(accountId)
      // Written by hand: every sign-in page asks for it, and most are left without a passkey.
      return {
        rpId: rpID,
        challenge: Buffer.from(await challengeFor(holder)).toString('base64url'),
        timeout: ASKED_FOR,
        userVerification: 'required',
        allowCredentials: known.map(({ id, transports }) => ({ type: 'public-key', id, transports })),
      }
    },
    async verify(holder, text, accountId) {
      const response = parseResponse<AuthenticationResponseJSON>(text)
      const passkey = response && (await passkeys.find(response.id))
      if (!passkey || (accountId !== undefined && passkey.accountId !== accountId)) return undefined
      const { verifyAuthenticationResponse } = await loadWebauthn()
      const { id, counter } = passkey
      const publicKey = new Uint8Array(Buffer.from(passkey.publicKey, 'base64url'))
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: isOurs(holder),
        expectedOrigin: origin,
        expectedRPID: rpID,
        credential: { id, publicKey, counter },
        requireUserVerification: true,
      }).catch(() => ({ verified: false, authenticationInfo: undefined }))
      if (!verified || !authenticationInfo) return undefined
      if (!isOfItsAccount(response, passkey, accountId !== undefined)) return undefined
      const used = await passkeys.use(id, { before: counter, after: authenticationInfo.newCounter }, now())
      return used ? passkey.accountId : undefined
    },
  }
}

/** Where nobody was named before, the authenticator has to say whose the passkey is; where it says so, it has to be right (§7.2, step 6). */
function isOfItsAccount(
  { response }: AuthenticationResponseJSON,
  { accountId }: Passkey,
  isNamed: boolean,
): boolean {
  const handle = (response as { readonly userHandle?: unknown } | undefined)?.userHandle ?? undefined
  if (handle === undefined) return isNamed
  return handle === Buffer.from(userHandle(accountId)).toString('base64url')
}

/** The response as the library takes it, which checks everything but that it is an object with an id. */
function parseResponse<Response extends { id: string }>(text: string): Response | undefined {
  if (text.length > LONGEST_RESPONSE) return undefined
  try {
    const value: unknown = JSON.parse(text)
    const id = typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined
    return typeof id === 'string' ? (value as Response) : undefined
  } catch {
    return undefined
  }
}

/** What authenticators know the account by; it tells nothing of it. */
function userHandle(accountId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(`passkey\n${accountId}`).digest())
}

function hash(challenge: string): string {
  return createHash('sha256').update(challenge).digest('base64url')
}
