/** What the settings say of how people must sign in. */
import type { StepUpRule } from '../authorization/authorize/check-step-up.ts'
import type { Config } from '../config.ts'
import type { Role } from '../identity/account.ts'
import type { FactorRules } from '../identity/second-factor/factors.ts'
import type { Session } from '../identity/sessions.ts'
import { parseScopes } from '../smart/scope.ts'

const MINUTE = 60_000

/** What needs two factors, given just now. */
export interface StepUp extends StepUpRule {
  /** Whether breaking the glass does. */
  readonly emergency: boolean
}

/** The roles that may not sign in without a second factor. */
export function peopleRules({ secondFactor }: Pick<Config, 'secondFactor'>): FactorRules {
  const roles = Object.entries(secondFactor) as [Role, 'required' | 'optional'][]
  return { required: roles.flatMap(([role, setting]) => (setting === 'required' ? [role] : [])) }
}

/** What needs two factors, given just now; nothing where nothing does. */
export function stepUpRule({ stepUp }: Pick<Config, 'stepUp'>): StepUp | undefined {
  const { scopes, within, emergency } = stepUp
  if (scopes.length === 0 && !emergency) return undefined
  return { scopes: parseScopes(scopes.join(' ')).scopes, within: within * MINUTE, emergency }
}

/** Whether a session's person has given two factors within the time of the rule. */
export function hasSteppedUp(
  { methods, authTime }: Pick<Session, 'methods' | 'authTime'>,
  { within }: StepUp,
  now: number,
): boolean {
  return methods.includes('mfa') && authTime !== undefined && now - authTime < within
}
