/**
 * Texts that a record must have if any form of it is what a search asks for: ids and codes stand in a record as they are,
 * so a store can pass all others by without giving them. It may let through more than the search, never less.
 */
import type { Outcome } from '../../audit/actor.ts'
import { serverIdentity } from '../../audit/fhir/agents.ts'
import { outcomeCodes } from '../../audit/fhir/to-audit-event.ts'
import type { TrailScan } from '../../audit/reader.ts'
import { clauseHolds } from '../search/matches.ts'
import type { Clause, Condition, ValueClause } from '../search/plan.ts'

/** Of each list a record has one text or more; an empty list has no record. */
export type Mentions = TrailScan['mentions']

/** Everything that JSON writes as it is, and that no name of ours begins with, is told by this. */
const plain = /^[\w.:/~-]+$/
const dotted = /^\d[\d.]*$/
const tokenUri = 'urn:ietf:params:oauth:jti:'

/** The texts of one condition; nothing when it can be true of a record that has none. */
type TextOf = (condition: Condition, base: string) => readonly string[] | undefined

const readers: Readonly<Record<string, TextOf>> = {
  'agent token': identifier,
  'entity token': identifier,
  'patient token': identifier,
  'entity reference': entity,
  'address string': (condition) =>
    condition.kind === 'string' && condition.match !== 'contains' && dotted.test(condition.text)
      ? [`"address":"${condition.text}`]
      : undefined,
  'policy string': policy,
}

/** So many texts are looked for in each record: with more it would cost as much to look for them as to judge it. */
const mostTexts = 20

/** What the clauses say of a record's text, as far as it is looked for: what leaves the fewest first. */
export function mentionsOf(clauses: readonly Clause[], base: string): Mentions {
  const lists = clauses
    .filter((clause) => clause.kind === 'value')
    .flatMap((clause) => {
      const texts = (shared[clause.parameter.code] ?? textsOf)(clause, base)
      return texts ? [texts] : []
    })
    .sort((a, b) => a.length - b.length)
  let left = mostTexts
  return lists.filter(({ length }) => {
    left -= length
    return left >= 0
  })
}

/** What all records have, or each has one of a few: told by trying. */
const shared: Readonly<Record<string, typeof textsOf>> = {
  outcome: outcomeTexts,
  site: sourceTexts,
  source: sourceTexts,
}

function textsOf({ parameter, values, negated, any }: ValueClause, base: string): string[] | undefined {
  const textOf = readers[`${parameter.code} ${values}`]
  if (negated || !textOf) return undefined
  const lists = any.map((condition) => textOf(condition, base))
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined
}

function outcomeTexts(clause: ValueClause): string[] | undefined {
  const all = Object.keys(outcomeCodes) as Outcome[]
  const asked = all.filter((one) =>
    clauseHolds({ resourceType: 'AuditEvent', outcome: outcomeCodes[one] }, clause),
  )
  return asked.length < all.length ? asked.map((one) => `"outcome":"${one}"`) : undefined
}

/** A resource by its id, or one elsewhere by its whole address. */
function entity(condition: Condition): readonly string[] | undefined {
  if (condition.kind !== 'reference') return undefined
  const { id, url } = condition
  if (id !== undefined) return [id]
  return url?.includes('://') && plain.test(url) ? [url] : undefined
}

/** Every record has the same: it satisfies all or none. */
function sourceTexts(clause: ValueClause, base: string): [] | undefined {
  const source = { site: base, observer: serverIdentity(base) }
  return clauseHolds({ resourceType: 'AuditEvent', source }, clause) ? undefined : []
}

/** The server's own name is in no record. */
function identifier(condition: Condition, base: string): readonly string[] | undefined {
  if (condition.kind !== 'token' || condition.code === undefined) return undefined
  return plain.test(condition.code) && !base.startsWith(condition.code) ? [condition.code] : undefined
}

/** Every policy of an agent is the name of a token. */
function policy(condition: Condition): readonly string[] | undefined {
  if (condition.kind !== 'string' || (condition.match !== 'folded' && condition.match !== 'exact'))
    return undefined
  if (!condition.text.startsWith(tokenUri)) return []
  const token = condition.text.slice(tokenUri.length)
  return plain.test(token) ? [token] : undefined
}
