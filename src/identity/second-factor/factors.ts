/** Which second factors a person has, and whether one is owed: by their own setting, their role, or what they are about to do. */
import type { Account, Role } from '../account.ts'
import type { CredentialStore, PasskeyStore } from '../credential-ports.ts'

/** What a person can prove themself with, beside a password. */
export interface Factors {
  readonly codes: boolean
  readonly passkeys: number
  readonly recoveryCodes: number
}

/** Whether a second factor is wanted beside what account and role demand: not, as far as the person has one, or in any case. */
export type Wanted = 'no' | 'asked' | 'required'

/** What a sign-in page was told is wanted. */
export function parseWanted(text: string | undefined): Wanted {
  return text === 'asked' || text === 'required' ? text : 'no'
}

/** What is owed after a first factor: nothing, the second one, or to set one up. */
export type Owed = 'nothing' | 'second-step' | 'set-up'

export interface FactorRules {
  /** Roles that may not sign in without a second factor. */
  readonly required: readonly Role[]
}

export interface FactorDeps {
  readonly credentials: CredentialStore
  readonly passkeys: PasskeyStore
  readonly rules: FactorRules
}

/** Looks up what the person has. */
export async function factorsOf(
  accountId: string,
  { credentials, passkeys }: Pick<FactorDeps, 'credentials' | 'passkeys'>,
): Promise<Factors> {
  const [codes, keys, recoveryCodes] = await Promise.all([
    credentials.oneTimeCodes(accountId),
    passkeys.listOf(accountId),
    credentials.recoveryCodesLeft(accountId),
  ])
  return { codes: codes !== undefined, passkeys: keys.length, recoveryCodes }
}

/**
 * What somebody owes who has proved themself by `methods`. Who has turned one-time codes on is always asked; a passkey is
 * asked for beside a password only where a second factor is `wanted` or required by role: people add one to sign in faster.
 */
export async function owedBy(
  account: Account,
  { methods, wanted }: { readonly methods: readonly string[]; readonly wanted: Wanted },
  deps: FactorDeps,
): Promise<Owed> {
  if (methods.includes('mfa')) return 'nothing'
  const { codes, passkeys } = await factorsOf(account.id, deps)
  if (codes) return 'second-step'
  const required = wanted === 'required' || isRequired(account, deps.rules)
  if (passkeys > 0) return required || wanted === 'asked' ? 'second-step' : 'nothing'
  return required ? 'set-up' : 'nothing'
}

/** Whether the person's role demands a second factor. */
export function isRequired({ roles }: Account, { required }: FactorRules): boolean {
  return roles.some((role) => required.includes(role))
}
