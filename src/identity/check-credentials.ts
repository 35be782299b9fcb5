/**
 * Enforces that only the right password of an enabled account signs in, and that a guesser learns nothing else: unknown,
 * disabled and password-less accounts cost the same work and get the same answer.
 * @see OWASP ASVS 4.0, 2.2.1 and 3.2; RFC 6819 §4.4.3
 */
import { type Account, normalUsername } from './account.ts'
import { hashPassword, isPassword } from './passwords.ts'
import type { AccountStore, IdentityEvent } from './ports.ts'
import type { Throttle } from './throttle.ts'

/** An account, or why there is none; only `waitMs` may be told to the browser. */
export type CredentialCheck =
  | { readonly account: Account }
  | { readonly account?: undefined; readonly detail: IdentityEvent['detail']; readonly waitMs?: number }

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly address: string
}

/** Makes the check; a decoy hash stands in for accounts that have none. */
export function createCredentialCheck(deps: {
  accounts: AccountStore
  throttle: Throttle
  now: () => number
}): (credentials: Credentials) => Promise<CredentialCheck> {
  const decoy = hashPassword('no account has this hash')
  return async ({ username, password, address }) => {
    const name = normalUsername(username)
    const waitMs = deps.throttle.attempt(name, address, deps.now())
    if (waitMs > 0) return { detail: 'throttled', waitMs }
    const account = await deps.accounts.findByUsername(name)
    const fits = await isPassword(password, account?.passwordHash ?? (await decoy))
    if (!account) return { detail: 'unknown-user' }
    if (!fits || account.passwordHash === undefined) return { detail: 'wrong-password' }
    if (account.disabled) return { detail: 'disabled' }
    deps.throttle.succeed(name, address)
    return { account }
  }
}
