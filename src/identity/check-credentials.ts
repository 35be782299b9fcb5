/**
 * Enforces that only the right password of an enabled account signs in, and that a guesser learns nothing else: unknown,
 * disabled and password-less accounts cost the same work and get the same answer.
 * @see OWASP ASVS 4.0, 2.2.1, 2.4.4 and 3.2; RFC 6819 §4.4.3
 */
import { type Account, normalUsername } from './account.ts'
import type { CredentialStore } from './credential-ports.ts'
import { hashPassword, isOutdated, isPassword } from './passwords.ts'
import type { AccountStore, IdentityEvent } from './ports.ts'
import { type Guesser, passwordBudgets, type Throttle } from './throttle.ts'

/** An account, or why there is none; only `waitMs` may be told to the browser. */
export type CredentialCheck =
  | { readonly account: Account }
  | { readonly account?: undefined; readonly detail: IdentityEvent['detail']; readonly waitMs?: number }

export interface Credentials {
  readonly username: string
  readonly password: string
  readonly guesser: (name: string) => Guesser
}

/** Makes the check; a decoy hash stands in for accounts that have none. */
export function createCredentialCheck(deps: {
  accounts: AccountStore
  credentials: CredentialStore
  throttle: Throttle
  now: () => number
}): (credentials: Credentials) => Promise<CredentialCheck> {
  const decoy = hashPassword('no account has this hash')
  return async ({ username, password, guesser }) => {
    const name = normalUsername(username)
    const budgets = passwordBudgets(name, guesser(name), deps.now())
    const waitMs = await deps.throttle.attempt(budgets, deps.now())
    if (waitMs > 0) return { detail: 'throttled', waitMs }
    const account = await deps.accounts.findByUsername(name)
    const stored = account?.passwordHash
    const fits = await isPassword(password, stored ?? (await decoy))
    if (!account) return { detail: 'unknown-user' }
    if (!fits || stored === undefined) return { detail: 'wrong-password' }
    if (account.disabled) return { detail: 'disabled' }
    await deps.throttle.succeed(budgets)
    // The cost of a hash grows with the years; only now is the password at hand to make it anew.
    if (isOutdated(stored)) await deps.credentials.rehash(account.id, stored, await hashPassword(password))
    return { account }
  }
}
