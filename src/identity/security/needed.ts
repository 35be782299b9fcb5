/**
 * Enforces that nobody takes away their own last way to sign in, or the last second factor that their role demands: what has
 * to be left is told to the store, which decides in the transaction that takes one away.
 * @see NIST SP 800-63B §6.4; docs/adr/0027
 */
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import type { Account } from '../account.ts'
import type { Needed, Removal } from '../credential-ports.ts'
import type { IdentityHouse } from '../house.ts'
import { issuersOf } from '../providers/deps.ts'
import { isRequired } from '../second-factor/factors.ts'
import { SECURITY } from './path.ts'

/** What has to be left to this person. */
export function neededBy(account: Account, { rules, providers }: IdentityHouse): Needed {
  return { issuers: providers ? issuersOf(account, providers) : [], secondFactor: isRequired(account, rules) }
}

/** Back to the page, which tells what became of it. */
export function afterRemoval(removal: Removal, removed: 'passkey-removed' | 'codes-off'): HttpReply {
  switch (removal) {
    case 'removed':
      return redirect(`${SECURITY}?told=${removed}`)
    case 'last-way':
      return redirect(`${SECURITY}?told=last-way`)
    case 'last-factor':
      return redirect(`${SECURITY}?told=required`)
    case 'absent':
      return redirect(SECURITY)
  }
}
