/** What the settings say of how people must sign in. */
import type { Config } from '../config.ts'
import type { Role } from '../identity/account.ts'
import type { FactorRules } from '../identity/second-factor/factors.ts'

/** The roles that may not sign in without a second factor. */
export function peopleRules({ secondFactor }: Pick<Config, 'secondFactor'>): FactorRules {
  const roles = Object.entries(secondFactor) as [Role, 'required' | 'optional'][]
  return { required: roles.flatMap(([role, setting]) => (setting === 'required' ? [role] : [])) }
}
