/** How long everything that is issued lives: policy of the site, in milliseconds. TOK-24, TOK-25, REFR-04, BKND-18, CODE-04. */
import { type Client, isConfidential } from './client.ts'
import type { GrantRecord, LaunchKind } from './grant.ts'

/** Of a refresh token. */
export interface RefreshLife {
  /** One that nobody used for so long is dead. */
  readonly idle: number
  /** So long after the user allowed it, none works any more, used or not. */
  readonly absolute: number
}

export interface Lifetimes {
  /** An authorization code. */
  readonly code: number
  /** From the authorization request to the user's decision. */
  readonly authorization: number
  /** An ID token is proof of one sign-in, read at once. */
  readonly idToken: number
  readonly accessToken: {
    /** Of an app that cannot keep a secret. */
    readonly public: Readonly<Record<LaunchKind, number>>
    /** Of one that can. */
    readonly confidential: Readonly<Record<LaunchKind, number>>
    /** Of a backend service. */
    readonly backend: number
  }
  readonly refreshToken: {
    readonly public: RefreshLife
    readonly confidential: RefreshLife
  }
  /** A handle of an EHR launch, from the click to the authorization request. */
  readonly launch: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** Whichever three months those are: 45 CFR 170.315(g)(10)(v)(A)(1)(iii) asks for no less. */
const THREE_MONTHS = 93 * DAY

const refreshLife = { idle: THREE_MONTHS, absolute: 365 * DAY }

/** What holds where the site says nothing. */
export const defaultLifetimes: Lifetimes = {
  code: 60 * SECOND,
  authorization: 10 * MINUTE,
  idToken: 10 * MINUTE,
  accessToken: {
    public: { ehr: 10 * MINUTE, standalone: 10 * MINUTE },
    confidential: { ehr: 60 * MINUTE, standalone: 60 * MINUTE },
    backend: 5 * MINUTE,
  },
  refreshToken: { public: refreshLife, confidential: refreshLife },
  launch: 5 * MINUTE,
}

/** The life of an access token of this app in this grant. */
export function accessLifetime(client: Client, grant: GrantRecord, { accessToken }: Lifetimes): number {
  if (grant.userId === undefined) return accessToken.backend
  const kinds = isConfidential(client) ? accessToken.confidential : accessToken.public
  return kinds[grant.launch ?? 'standalone']
}

/** The life of a refresh token of this app. */
export function refreshLifetime(client: Client, { refreshToken }: Lifetimes): RefreshLife {
  return isConfidential(client) ? refreshToken.confidential : refreshToken.public
}

/** The longest life that any access token has. */
export function longestAccessLifetime({ accessToken }: Lifetimes): number {
  const { public: open, confidential, backend } = accessToken
  return Math.max(...Object.values(open), ...Object.values(confidential), backend)
}

/** So long after a key has signed its last token, something signed with it may still be shown. */
export function longestSigned(lifetimes: Lifetimes): number {
  return Math.max(longestAccessLifetime(lifetimes), lifetimes.idToken)
}
