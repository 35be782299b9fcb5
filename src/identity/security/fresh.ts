/**
 * Enforces that who changes how an account is signed in to has proved who they are just now, by all that the account
 * has: an open session is not enough to take an account over.
 * @see OWASP ASVS 4.0, 2.1.6 and 3.7.1; NIST SP 800-63B §7.2
 */
import { PROOF_FRESH } from '../durations.ts'
import { type FactorDeps, owedBy } from '../second-factor/factors.ts'
import type { Session } from '../sessions.ts'

/** What a person did themself; the word of an EHR is none of theirs. */
const OWN_PROOFS = ['pwd', 'pop', 'fed']

/** Whether the person proved who they are within the last minutes, with the second factor where they have one. */
export async function isFresh(
  { account, authTime, methods }: Session,
  deps: FactorDeps & { readonly now: () => number },
): Promise<boolean> {
  if (authTime === undefined || deps.now() - authTime >= PROOF_FRESH) return false
  if (!OWN_PROOFS.some((proof) => methods.includes(proof))) return false
  return (await owedBy(account, { methods, wanted: 'no' }, deps)) === 'nothing'
}
