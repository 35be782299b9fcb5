/**
 * Time-based one-time codes: the app's secret is encrypted at rest, a code counts in its own half minute and the two
 * beside it, and none is ever taken twice.
 * @see RFC 6238 §5.2; NIST SP 800-63B §5.1.4
 */
import type { Account } from '../account.ts'
import type { CredentialStore } from '../credential-ports.ts'
import { SET_UP_LIFETIME } from '../durations.ts'
import type { Sealer } from '../sealed.ts'
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts'

const PERIOD_SECONDS = 30
const DIGITS = 6
const WINDOW = 1
const SECRET_BYTES = 20
const SECOND = 1000
const CODE = /^\d{6}$/

/** A secret that waits for the first code of the app it was given to. */
export interface Offer {
  /** Base 32, for typing. */
  readonly secret: string
  /** `otpauth://…`, for the camera. */
  readonly uri: string
  /** Travels with the form; opens for this account only. */
  readonly sealed: string
}

/** Offers, enrols and checks one-time codes. */
export interface OneTimeCodeChecks {
  offer(account: Account): Promise<Offer>
  /** The offer that a form brought back; nothing when it is not this account's, or too old. */
  reopen(account: Account, sealed: string): Promise<Offer | undefined>
  /** Turns codes on by the app's first one; gives the recovery codes, to be shown once, or nothing for a wrong code. */
  enrol(account: Account, offer: Offer, code: string): Promise<readonly string[] | undefined>
  /** Takes a code, once. */
  take(accountId: string, code: string): Promise<boolean>
}

export interface OneTimeCodeDeps {
  readonly credentials: CredentialStore
  readonly sealer: Sealer
  /** What the app calls this server. */
  readonly issuer: string
  readonly now: () => number
}

/** Loaded with the first code. */
const loadCodes = () => import('otpauth')

export function createOneTimeCodes({ credentials, sealer, issuer, now }: OneTimeCodeDeps): OneTimeCodeChecks {
  async function generatorOf(text: string, label = '') {
    const { Secret, TOTP } = await loadCodes()
    const secret = Secret.fromBase32(text)
    return new TOTP({ issuer, label, secret, period: PERIOD_SECONDS, digits: DIGITS })
  }

  /** The half minute that a code belongs to. */
  async function stepOf(secret: string, typed: string): Promise<number | undefined> {
    const token = typed.replaceAll(/\s/g, '')
    if (!CODE.test(token)) return undefined
    const generator = await generatorOf(secret)
    const timestamp = now()
    const delta = generator.validate({ token, timestamp, window: WINDOW })
    return delta === null ? undefined : Math.floor(timestamp / SECOND / PERIOD_SECONDS) + delta
  }

  async function offerOf(account: Account, secret: string, sealed: string): Promise<Offer> {
    return { secret, uri: (await generatorOf(secret, account.username)).toString(), sealed }
  }

  return {
    async offer(account) {
      const { Secret } = await loadCodes()
      const secret = new Secret({ size: SECRET_BYTES }).base32
      const content = JSON.stringify({ secret, until: now() + SET_UP_LIFETIME })
      return offerOf(account, secret, sealer.seal(content, offerFor(account.id)))
    },
    async reopen(account, sealed) {
      const content = sealer.open(sealed, offerFor(account.id))
      if (content === undefined) return undefined
      const { secret, until } = JSON.parse(content) as { secret: string; until: number }
      return until > now() ? offerOf(account, secret, sealed) : undefined
    },
    async enrol(account, { secret }, code) {
      const lastStep = await stepOf(secret, code)
      if (lastStep === undefined) return undefined
      const recovery = makeRecoveryCodes()
      const kept = { sealed: sealer.seal(secret, codesOf(account.id)), lastStep }
      const hashes = recovery.map((one) => hashRecoveryCode(account.id, one))
      return (await credentials.addOneTimeCodes(account, kept, hashes)) ? recovery : undefined
    },
    async take(accountId, code) {
      const kept = await credentials.oneTimeCodes(accountId)
      const secret = kept && sealer.open(kept.sealed, codesOf(accountId))
      const step = secret === undefined ? undefined : await stepOf(secret, code)
      return step !== undefined && (await credentials.useStep(accountId, step))
    },
  }
}

const offerFor = (accountId: string) => `offer ${accountId}`
const codesOf = (accountId: string) => `codes ${accountId}`
