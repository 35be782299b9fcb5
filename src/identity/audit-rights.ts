/**
 * Who sees the audit trail: administrators see every record whole, and no patient's data by it; everybody else sees the
 * records about patients whose data they may see, in the form made for one patient. What somebody was refused is not
 * told to them by the trail either: it would say whether what they asked for is withheld or absent.
 */
import { identifierSystems } from '../audit/fhir/codes.ts'
import type { Right } from '../smart/decision.ts'
import type { Slice } from '../smart/slice.ts'
import type { Account } from './account.ts'

/** The whole form of each record, by its tag. */
const whole: Slice = {
  type: 'AuditEvent',
  compartments: [],
  filter: [{ parameter: '_tag', value: 'urn:chartkey:audit|whole' }],
}
const reading: Right = { letters: ['r', 's'], slice: whole }

const refused = { parameter: 'outcome', value: '8' }

/** The refused attempts of an account; of a client, which is no account, those of all. */
function attemptsOf(account: string | undefined): Slice {
  const value = `${identifierSystems.account}|${account?.replace(/[\\,|$]/g, '\\$&')}`
  const own = account === undefined ? [] : [{ parameter: 'agent:identifier', value }]
  return { type: 'AuditEvent', compartments: [], filter: [...own, refused] }
}

/** What an account may do, and what is withheld from it. */
interface Share<Held> {
  readonly rights: readonly Right[]
  readonly withheld: readonly Held[]
}

/** An account's share with its part of the trail: of the whole forms all or none. */
export function withTrail<Held>(
  { id, roles }: Pick<Account, 'roles'> & { readonly id?: string },
  { rights, withheld }: Share<Held | Slice>,
): Share<Held | Slice> {
  return roles.includes('admin')
    ? { rights: [...rights, reading], withheld }
    : { rights, withheld: [...withheld, whole, attemptsOf(id)] }
}
