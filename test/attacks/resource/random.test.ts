/** Random grants on random records, compared with a slow model that is obviously right. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { observation } from './records.ts'
import { callerWith, createWorld, found, type World } from './world.ts'

const patients = ['a', 'b', 'c']
const categories = ['laboratory', 'vital-signs', 'survey']
const statuses = ['final', 'preliminary', 'amended']

interface Cell {
  readonly id: string
  readonly patient: string
  readonly category: string
  readonly status: string
}

const cells: Cell[] = patients.flatMap((patient) =>
  categories.flatMap((category) =>
    statuses.map((status) => ({ id: `${patient}.${category}.${status}`, patient, category, status })),
  ),
)

interface Given {
  readonly level: 'patient' | 'user'
  readonly type: string
  readonly letters: string
  readonly category?: string | undefined
  readonly status?: string | undefined
}

const some = (values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
const given = fc.record({
  level: fc.constantFrom('patient', 'user'),
  type: fc.constantFrom('Observation', '*', 'Condition'),
  letters: fc.constantFrom('r', 's', 'rs', 'cud', 'cruds'),
  category: some([...categories, 'laboratory,survey']),
  status: some(statuses),
}) as fc.Arbitrary<Given>

const hospital = fc.record({
  scopes: fc.array(given, { minLength: 1, maxLength: 4 }),
  patient: some(patients),
  own: fc.subarray(patients, { minLength: 1 }),
  withheld: some(statuses),
})

type Hospital = typeof hospital extends fc.Arbitrary<infer Value> ? Value : never

function formatGiven({ level, type, letters, category, status }: Given): string {
  const items = [category && `category=${category}`, status && `status=${status}`].filter(Boolean)
  return `${level}/${type}.${letters}${items.length > 0 ? `?${items.join('&')}` : ''}`
}

/** The model: one sentence for each rule. */
function mayHave(cell: Cell, letter: string, { scopes, patient, own, withheld }: Hospital): boolean {
  if (!own.includes(cell.patient) || cell.status === withheld) return false
  return scopes.some(
    (scope) =>
      scope.letters.includes(letter) &&
      scope.type !== 'Condition' &&
      (scope.level === 'user' || cell.patient === patient) &&
      (scope.category === undefined || scope.category.split(',').includes(cell.category)) &&
      (scope.status === undefined || scope.status === cell.status),
  )
}

function callerOf({ scopes, patient = undefined, own, withheld }: Hospital) {
  const letters = ['c', 'r', 'u', 'd', 's'] as const
  const compartment = (id: string) => ({ type: '*', compartments: [`Patient/${id}`], filter: [] })
  return callerWith(scopes.map(formatGiven).join(' '), {
    patient: patient ?? null,
    rights: own.map((id) => ({ letters, slice: compartment(id) })),
    withheld:
      withheld === undefined
        ? []
        : [{ type: 'Observation', compartments: [], filter: [{ parameter: 'status', value: withheld }] }],
  })
}

let world: World

before(async () => {
  world = await createWorld()
  await world.repository.putAll(
    cells.map((cell) => observation(cell.id, cell.patient, cell.category, cell.status)),
  )
})

const everyCell = `_id=${cells.map(({ id }) => id).join(',')}`

test('SCOPE-15, SCOPE-17, SCOPE-20, RSRC-09: reads are those of the model', async () => {
  await fc.assert(
    fc.asyncProperty(hospital, fc.constantFrom(...cells), async (setting, cell) => {
      const reply = await world.ask(callerOf(setting), `Observation/${cell.id}`)
      assert.equal(reply.status === 200, mayHave(cell, 'r', setting))
    }),
    { numRuns: 1500, seed: 7 },
  )
})

test('SCOPE-15, SCOPE-17, SCOPE-20, RSRC-09: searches find and count what the model has', async () => {
  const queries = fc.constantFrom(
    '',
    '&status=final',
    '&category=laboratory',
    '&patient=b',
    '&status:not=final',
    '&_sort=-status',
  )
  await fc.assert(
    fc.asyncProperty(hospital, queries, async (setting, query) => {
      const reply = await world.ask(callerOf(setting), `Observation?${everyCell}${query}`)
      const expected = cells.filter((cell) => mayHave(cell, 's', setting) && isAsked(cell, query))
      if (reply.status !== 200) return assert.deepEqual(expected, [])
      const { entries, total } = found(reply)
      assert.deepEqual(entries.toSorted(), expected.map(({ id }) => `Observation/${id}`).toSorted())
      assert.equal(total, expected.length)
    }),
    { numRuns: 400, seed: 7 },
  )
})

function isAsked(cell: Cell, query: string): boolean {
  if (query === '&status=final') return cell.status === 'final'
  if (query === '&status:not=final') return cell.status !== 'final'
  if (query === '&category=laboratory') return cell.category === 'laboratory'
  return query !== '&patient=b' || cell.patient === 'b'
}

test('AMB-25: an update is taken when the model has the old and the new one, and else changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      hospital,
      fc.constantFrom(...cells),
      fc.constantFrom(...cells),
      async (setting, old, next) => {
        const body = {
          ...observation(old.id, next.patient, next.category, next.status),
          valueString: 'changed',
        }
        const reply = await world.ask(callerOf(setting), `Observation/${old.id}`, { method: 'PUT', body })
        const expected = mayHave(old, 'u', setting) && mayHave(next, 'u', setting)
        assert.equal(reply.status === 200, expected, reply.body)
        const restored = observation(old.id, old.patient, old.category, old.status)
        const { unchanged } = await world.repository.update(restored)
        assert.equal(unchanged, !expected)
      },
    ),
    { numRuns: 600, seed: 7 },
  )
})
