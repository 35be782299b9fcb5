/** A plan as two statements: the rows of a page, and the count of all matches. */
import type { ReachPlan, SearchPlan } from '../../resource/search/plan.ts'
import type { Dialect } from '../sql.ts'
import { type Candidate, clauseHolds, inReach } from './clauses.ts'
import { chooseDriver, type Driver } from './driver.ts'
import { allOf, type Fragment, name, sql } from './fragment.ts'
import { comesAfter, orderBy, sortColumnsOf } from './order.ts'

/** The rows of a page, with the columns `row`, `s0`, `s1`, …, and one more row when there is a next page. */
export function pageQuery(plan: SearchPlan, dialect: Dialect): Fragment {
  const found = matchesQuery(plan, dialect, true)
  const after = plan.after ? sql` WHERE ${comesAfter(plan.sort, plan.after)}` : name('')
  return sql`SELECT * FROM (${found}) f${after} ORDER BY ${orderBy(plan.sort)} LIMIT ${plan.count + 1}`
}

/** The number of all matches, as the column `total`. */
export function countQuery(plan: SearchPlan, dialect: Dialect): Fragment {
  return sql`SELECT count(*) AS total FROM (${matchesQuery(plan, dialect, false)}) f`
}

function matchesQuery(plan: SearchPlan, dialect: Dialect, sorted: boolean): Fragment {
  const driver = chooseDriver(plan, dialect)
  const candidate: Candidate = { row: name(driver.rows ? 'm.row' : 'r.row'), type: plan.type, dialect }
  const columns = sorted ? sortColumnsOf(plan.sort, candidate) : name('')
  const where = allOf([
    ...typeConditions(plan.type, driver),
    ...plan.clauses
      .filter((clause) => clause !== driver.settled)
      .map((clause) => clauseHolds(clause, candidate)),
    inReach(remaining(plan.reach, driver), candidate),
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
function typeConditions(type: string, driver: Driver): Fragment[] {
  const current = driver.rows ? [] : [sql`r.deleted = 0`]
  if (type === '*' || (driver.rows && driver.typed)) return current
  return [sql`r.type = ${type}`, ...current]
}

/** The only arm's first list of patients need not be asked again when the candidates came from it. */
function remaining(reach: ReachPlan, { settled }: Driver): ReachPlan {
  const [only] = reach.within
  if (!only || only !== settled) return reach
  return { ...reach, within: [{ ...only, patients: only.patients.slice(1) }] }
}
