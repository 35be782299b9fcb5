/**
 * Chains on audit events, such as `agent:Practitioner.name`: what they lead to is looked up among the records first, in
 * the caller's reach, and the chain becomes a list of references. So the trail itself is searched in memory only.
 */
import { FhirError } from '../outcomes.ts'
import type { Repository } from '../repository.ts'
import type { Clause, EitherClause, Link, LinkClause, ReferenceCondition } from '../search/plan.ts'

/** A chain that leads to more would be a list that nobody wrote. */
const mostTargets = 500

/** The clauses with each chain followed to its end. */
export function followChains(clauses: readonly Clause[], records: Repository): Promise<Clause[]> {
  return Promise.all(clauses.map((clause) => (clause.kind === 'link' ? follow(clause, records) : clause)))
}

async function follow({ reverse, any }: LinkClause, records: Repository): Promise<EitherClause> {
  if (reverse) throw new FhirError('parameter', { text: '_has is not supported on audit events.' })
  const alternatives = await Promise.all(
    any.map(async (link) => ({
      clauses: [
        {
          kind: 'value',
          parameter: link.parameter,
          values: 'reference',
          negated: false,
          any: await targetsOf(link, records),
        } as const,
      ],
    })),
  )
  return { kind: 'either', negated: false, any: alternatives }
}

async function targetsOf({ type, reach, clauses }: Link, records: Repository): Promise<ReferenceCondition[]> {
  const plan = { type, clauses, reach, sort: [], count: mostTargets, total: false }
  const { matches, next } = await records.search(plan)
  if (next !== undefined)
    throw new FhirError('tooCostly', { text: `A chain leads to more than ${mostTargets} resources.` })
  return matches.map(({ id }) => ({ kind: 'reference', type, id }))
}
