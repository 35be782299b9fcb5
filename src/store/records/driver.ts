/**
 * Where a query begins: the index that leaves the fewest candidates. It is chosen here and not by SQLite, which keeps
 * no statistics of ours; what a search for one patient costs must not grow with the number of other patients.
 */
import type { Arm, Clause, SearchPlan } from '../../resource/search/plan.ts'
import type { Dialect } from '../sql.ts'
import { onParameter, tables } from './clauses.ts'
import { type Fragment, isOneOf, name, sql } from './fragment.ts'

export interface Driver {
  /** Gives the row numbers of the candidates, each once; absent when all resources of the type are candidates. */
  readonly rows?: Fragment
  /** Whether all candidates are of the plan's type. */
  readonly typed: boolean
  /** What of the plan holds for every candidate by how it was found. */
  readonly settled?: Clause | Arm
}

interface Choice {
  /** How many candidates are expected, as an order of things. */
  readonly rank: number
  readonly make: () => Driver
}

const byResourceTable: Driver = { typed: true }
const fewPatients = 5

/** Chooses the driver of a plan. */
export function chooseDriver(plan: SearchPlan, dialect: Dialect): Driver {
  const choices = [
    ...plan.clauses.flatMap((clause) => clauseChoice(clause, plan, dialect)),
    ...compartmentChoice(plan, dialect),
  ]
  const [best] = choices.sort((a, b) => a.rank - b.rank)
  return best?.make() ?? byResourceTable
}

function clauseChoice(clause: Clause, plan: SearchPlan, dialect: Dialect): Choice[] {
  if (clause.negated || clause.any.some(({ kind }) => kind === 'present')) return []
  if (clause.values === 'id') return plan.type === '*' ? [] : [{ rank: 0, make: () => byResourceTable }]
  const rank = rankOf(clause)
  const table = tables[clause.values]
  if (rank === undefined || !table) return []
  return [{ rank, make: () => clauseDriver(clause, table, plan.type, dialect) }]
}

const referenceRanks: Readonly<Record<string, number>> = { encounter: 1, patient: 2, subject: 2 }

function rankOf({ parameter, values, any }: Clause): number | undefined {
  if (values === 'reference') return referenceRanks[parameter.code] ?? 5
  if (parameter.code === 'identifier' || parameter.code === 'url') return 1
  if (values === 'string')
    return any.every((condition) => condition.kind === 'string' && condition.match !== 'contains') ? 6 : 9
  // A system alone is not what the index begins with.
  if (values === 'token')
    return any.every((condition) => condition.kind === 'token' && condition.code) ? 7 : undefined
  if (values === 'date')
    return any.every((condition) => condition.kind === 'date' && condition.comparison === 'eq')
      ? 8
      : undefined
  return undefined
}

function clauseDriver(clause: Clause, table: Fragment, type: string, dialect: Dialect): Driver {
  const distinct = findsOnce(clause) ? name('') : name('DISTINCT ')
  return {
    rows: sql`SELECT ${distinct}v.row FROM ${table} v WHERE ${onParameter(clause, dialect)}`,
    typed: clause.parameter.owner === type,
    settled: clause,
  }
}

/** A single condition on all columns of an index finds a resource once; anything less may find it again. */
function findsOnce({ any }: Clause): boolean {
  const [only] = any
  if (any.length !== 1 || !only) return false
  if (only.kind === 'token') return only.system !== undefined && only.code !== undefined
  return only.kind === 'reference' && only.type !== undefined && only.id !== undefined
}

/** When every way into reach leads through a compartment, those of all the patients named are enough. */
function compartmentChoice({ type, reach: { within } }: SearchPlan, dialect: Dialect): Choice[] {
  const lists = within.map((arm) => arm.patients[0])
  if (lists.length === 0 || !lists.every((list) => list !== undefined)) return []
  const patients = [...new Set(lists.flat())]
  const distinct = name(patients.length === 1 && type !== '*' ? '' : 'DISTINCT ')
  const ofType = type === '*' ? name('') : sql` AND c.type = ${type}`
  const rows = sql`SELECT ${distinct}c.row FROM compartments c WHERE ${isOneOf('c.patient', patients, dialect)}${ofType}`
  const [only] = within
  const make = () => ({ rows, typed: type !== '*', ...(within.length === 1 && only && { settled: only }) })
  return [{ rank: patients.length <= fewPatients ? 3 : 6, make }]
}
