/** A plan as two statements: the rows of a page, and the count of all matches. */
import type { ReachPlan, SearchPlan, SortKey } from '../../resource/search/plan.ts'
import type { Dialect } from '../sql.ts'
import { type Candidate, clauseHolds, inReach } from './clauses.ts'
import { chooseDriver, type Driver, type Sought } from './driver.ts'
import { allOf, type Fragment, isOneOf, name, sql } from './fragment.ts'
import { comesAfter, orderBy, sortColumnsOf } from './order.ts'

/** The rows of a page, with the columns `row`, `s0`, `s1`, …, and one more row when there is a next page. */
export function pageQuery(plan: SearchPlan, dialect: Dialect): Fragment {
  const found = matchesQuery(plan, dialect, plan.sort)
  const after = plan.after ? sql` WHERE ${comesAfter(plan.sort, plan.after)}` : name('')
  const columns = name(['row', ...plan.sort.map((_, at) => `s${at}`)].map((one) => `found.${one}`).join(', '))
  return sql`SELECT ${columns} FROM (${found}) found${after} ORDER BY ${orderBy(plan.sort)} LIMIT ${plan.count + 1}`
}

/** The number of all matches, as the column `total`. */
export function countQuery(plan: SearchPlan, dialect: Dialect): Fragment {
  return sql`SELECT count(found.row) AS total FROM (${matchesQuery(plan, dialect)}) found`
}

function matchesQuery(plan: Sought, given: Dialect, sort: readonly SortKey[] = []): Fragment {
  const driver = chooseDriver(plan, given, matchesQuery)
  const { dialect } = driver
  const row = name(driver.rows ? 'm.row' : 'r.row')
  const candidate: Candidate = { row, resource: 'r', type: plan.type, dialect, depth: 0 }
  const columns = sortColumnsOf(sort, candidate)
  const where = allOf([
    ...typeConditions(plan, driver, dialect),
    ...plan.clauses
      .filter((clause) => clause !== driver.settled)
      .map((clause) => clauseHolds(clause, candidate)),
    inReach(remaining(plan.reach, driver), candidate),
    dialect.inTime(row.text),
  ])
  // The resource itself is looked at only when something asks about it.
  const joined = /\br\./.test(columns.text + where.text)
  return sql`SELECT ${candidate.row} AS row${columns} FROM ${source(driver, joined, dialect)} WHERE ${where}`
}

function source({ rows }: Driver, joined: boolean, dialect: Dialect): Fragment {
  if (!rows) return name('resources r')
  if (!joined) return sql`(${rows}) m`
  return sql`(${rows}) m ${name(dialect.thenJoin)} resources r ON r.row = m.row`
}

/** Index rows are those of current resources; only the table of resources has deleted ones too. */
function typeConditions({ type, types }: Sought, driver: Driver, dialect: Dialect): Fragment[] {
  const current = driver.rows ? [] : [sql`r.deleted = 0`]
  if (types) return [isOneOf('r.type', types, dialect), ...current]
  if (type === '*' || (driver.rows && driver.typed)) return current
  return [sql`r.type = ${type}`, ...current]
}

/** The only arm's first list of patients need not be asked again when the candidates came from it. */
function remaining(reach: ReachPlan, { settled }: Driver): ReachPlan {
  const [only] = reach.within
  if (!only || only !== settled) return reach
  return { ...reach, within: [{ ...only, patients: only.patients.slice(1) }] }
}
