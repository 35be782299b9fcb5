/**
 * Where a query begins: the index that leaves the fewest candidates. It is chosen here and not by SQLite, which keeps
 * no statistics of ours; what a search for one patient costs must not grow with the number of other patients.
 */
import type {
  Arm,
  Clause,
  EitherClause,
  GroupClause,
  Link,
  LinkClause,
  SearchPlan,
  ValueClause,
} from '../../resource/search/plan.ts'
import type { Dialect } from '../sql.ts'
import { onParameter, tables, target } from './clauses.ts'
import { parameterNumber } from './dictionary.ts'
import { type Fragment, isOneOf, list, name, sql } from './fragment.ts'

/** What of a plan says what is looked for. */
export type Sought = Pick<SearchPlan, 'type' | 'types' | 'clauses' | 'reach'>

export interface Driver {
  /** Gives the row numbers of the candidates, each once; absent when all resources of the type are candidates. */
  readonly rows?: Fragment
  /** Whether all candidates are of the plan's type. */
  readonly typed: boolean
  /** What of the plan holds for every candidate by how it was found. */
  readonly settled?: Clause | Arm
}

/** A driver, and how its candidates are asked about. */
export interface ChosenDriver extends Driver {
  readonly dialect: Dialect
}

interface Choice {
  /** How many candidates are expected, as an order of things. */
  readonly rank: number
  readonly make: () => Driver
}

/** The numbers of the rows that are looked for, as the column `row`: what a chain begins with. */
export type Find = (sought: Sought, dialect: Dialect) => Fragment

interface Making {
  readonly type: string
  readonly dialect: Dialect
  readonly find: Find
}

const byResourceTable: Driver = { typed: true }
const fewPatients = 5
/** What is expected to have fewer candidates than everything of a code has: those of a patient, an encounter, an identifier. */
const few = 5
/** What a detour adds to a rank. */
const someMore = 0.5
/** SQLite joins up to 500. */
const mostUnited = 200

/** Chooses the driver of a plan. */
export function chooseDriver(plan: Sought, dialect: Dialect, find: Find): ChosenDriver {
  const choose = (by: Dialect) => bestChoice(plan, { type: plan.type, dialect: by, find })
  const best = choose(dialect)
  if (best && best.rank >= few) return { ...best.make(), dialect }
  const ofFew = dialect.ofFew()
  const driver = best && (ofFew === dialect ? best : choose(ofFew))?.make()
  return driver ? { ...driver, dialect: ofFew } : { ...byResourceTable, dialect }
}

function bestChoice(plan: Sought, making: Making): Choice | undefined {
  return best([
    ...plan.clauses.flatMap((clause) => clauseChoice(clause, making) ?? []),
    ...compartmentChoice(plan, making.dialect),
  ])
}

function clauseChoice(clause: Clause, making: Making): Choice | undefined {
  switch (clause.kind) {
    case 'value':
      return valueChoice(clause, making)
    case 'group':
      return groupChoice(clause, making)
    case 'either':
      return eitherChoice(clause, making)
    case 'link':
      return linkChoice(clause, making)
  }
}

function valueChoice(clause: ValueClause, { type, dialect }: Making): Choice | undefined {
  if (clause.negated || clause.any.some(({ kind }) => kind === 'present')) return undefined
  if (clause.values === 'id') return idChoice(clause, type, dialect)
  const rank = rankOf(clause)
  const table = tables[clause.values]
  if (rank === undefined || !table) return undefined
  return { rank, make: () => clauseDriver(clause, table, type, dialect) }
}

/** Each id is looked up by itself: a list of them leads SQLite through all resources of the type. */
function idChoice(clause: ValueClause, type: string, dialect: Dialect): Choice | undefined {
  if (type === '*') return undefined
  const ids = new Set(clause.any.flatMap((condition) => (condition.kind === 'id' ? condition.id : [])))
  const named = dialect.pairs([...ids].map((id) => [type, id]))
  const there = name('r.type = p.one AND r.id = p.other AND r.deleted = 0')
  const rows = () => sql`SELECT r.row FROM ${named} p ${name(dialect.thenJoin)} resources r ON ${there}`
  return { rank: 0, make: () => ({ rows: rows(), typed: true, settled: clause }) }
}

/** The first part of a composite is a code: its index leaves what can have the rest. */
function groupChoice({ negated, any }: GroupClause, { type, dialect }: Making): Choice | undefined {
  const firsts = any.flatMap((parts) => parts.slice(0, 1))
  const byCode = firsts.every((part) =>
    part.any.every((condition) => condition.kind === 'token' && condition.code),
  )
  if (negated || firsts.length === 0 || !byCode || firsts.length > mostUnited) return undefined
  const owner = firsts[0]?.component.owner
  const rows = () =>
    union(
      firsts.map(
        (part) => sql`SELECT v.row FROM parts v WHERE ${onParameter(part.component, part.any, dialect)}`,
      ),
    )
  return {
    rank: rankOfParts(firsts[0]?.component.code),
    make: () => ({ rows: rows(), typed: owner === type }),
  }
}

function rankOfParts(component = ''): number {
  return component.startsWith('identifier') ? 1 : 7
}

/** Every alternative has to begin somewhere: then the whole begins with all of these. */
function eitherChoice({ negated, any }: EitherClause, making: Making): Choice | undefined {
  const possible = any.filter(({ type }) => type === undefined || making.type === '*' || type === making.type)
  if (negated || possible.length > mostUnited) return undefined
  const choices = possible.map(({ type = making.type, clauses }) =>
    best(clauses.flatMap((clause) => clauseChoice(clause, { ...making, type }) ?? [])),
  )
  if (!choices.every((choice) => choice !== undefined)) return undefined
  const rank = Math.max(0, ...choices.map((choice) => choice.rank)) + someMore
  return { rank, make: () => united(choices.map(({ make }) => make())) }
}

function best(choices: readonly Choice[]): Choice | undefined {
  return choices.toSorted((a, b) => a.rank - b.rank)[0]
}

function united(drivers: readonly Driver[]): Driver {
  const rows = drivers.flatMap((driver) => driver.rows ?? [])
  if (rows.length < drivers.length) return byResourceTable
  return { rows: union(rows), typed: drivers.every(({ typed }) => typed) }
}

/** Rows of several queries, each once; of none, none. */
function union(queries: readonly Fragment[]): Fragment {
  if (queries.length === 0) return sql`SELECT 0 AS row WHERE FALSE`
  return sql`SELECT DISTINCT u.row FROM (${list(queries, ' UNION ALL ')}) u`
}

/** What is at the other end is often found sooner than all that might point to it. */
function linkChoice(clause: LinkClause, making: Making): Choice | undefined {
  const links = clause.any.filter(({ reach }) => reach.within.length > 0)
  const choices = links.map((link) => bestChoice(link, { ...making, type: link.type }))
  if (!choices.every((choice) => choice !== undefined)) return undefined
  const rank = Math.max(0, ...choices.map((choice) => choice.rank)) + someMore
  const rows = () => union(links.map((link) => linkRows(link, clause, making)))
  return { rank, make: () => ({ rows: rows(), typed: making.type !== '*', settled: clause }) }
}

function linkRows(link: Link, { reverse }: LinkClause, { type, dialect, find }: Making): Fragment {
  const parameter = parameterNumber(link.parameter)
  const found = find({ type: link.type, clauses: link.clauses, reach: link.reach }, dialect)
  const then = name(dialect.thenJoin)
  if (!reverse)
    return sql`SELECT l.row FROM (${found}) f ${then} resources t ON t.row = f.row ${then} links l ON l.parameter = ${parameter} AND l.id = t.id AND l.type = t.type`
  const ofType = type === '*' ? name('') : sql` AND l.type = ${type}`
  const compared = name(dialect.compared('l.parameter'))
  return sql`SELECT t.row FROM (${found}) f ${then} links l ON l.row = f.row AND ${compared} = ${parameter}${ofType} ${then} resources t ON ${name(target('l', 't'))}`
}

const referenceRanks: Readonly<Record<string, number>> = { encounter: 1, patient: 2, subject: 2 }

function rankOf({ parameter, values, any }: ValueClause): number | undefined {
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

function clauseDriver(clause: ValueClause, table: Fragment, type: string, dialect: Dialect): Driver {
  const distinct = findsOnce(clause) ? name('') : name('DISTINCT ')
  return {
    rows: sql`SELECT ${distinct}v.row FROM ${table} v WHERE ${onParameter(clause.parameter, clause.any, dialect)} AND ${dialect.inTime('v.row')}`,
    typed: clause.parameter.owner === type,
    settled: clause,
  }
}

/** A single condition on all columns of an index finds a resource once; anything less may find it again. */
function findsOnce({ any }: ValueClause): boolean {
  const [only] = any
  if (any.length !== 1 || !only) return false
  if (only.kind === 'token') return only.system !== undefined && only.code !== undefined
  return only.kind === 'reference' && only.type !== undefined && only.id !== undefined
}

/** When every way into reach leads through a compartment, those of all the patients named are enough. */
function compartmentChoice({ type, reach: { within } }: Sought, dialect: Dialect): Choice[] {
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
