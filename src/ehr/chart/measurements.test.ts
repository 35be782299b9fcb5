import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Resource } from '../../smart/resource.ts'
import { messages } from '../../ui/messages.ts'
import { allergiesFrom } from './allergies.ts'
import { encountersFrom } from './encounters.ts'
import { immunizationsFrom } from './immunizations.ts'
import { medicationsFrom } from './medications.ts'
import { patientView } from './patient.ts'
import { layOutPlot, niceScale } from './plot.ts'
import { problemsFrom } from './problems.ts'
import { testsFrom } from './results.ts'
import { vitalSignsFrom } from './vitals.ts'

const words = messages('en').ehr.chart.values
const coded = (code: string) => ({ coding: [{ code }] })
const observation = (code: string, date: string, rest: object): Resource => ({
  resourceType: 'Observation',
  status: 'final',
  code: coded(code),
  effectiveDateTime: date,
  ...rest,
})
const amount = (value: number, unit: string) => ({ valueQuantity: { value, unit } })

test('results: grouped by test, the latest value first, the latest test first', () => {
  const tests = testsFrom(
    [
      observation('a', '2020-01-01', amount(1, 'g')),
      observation('b', '2022-01-01', amount(3, 'g')),
      observation('a', '2021-01-01', amount(2, 'g')),
      observation('a', '2023-01-01', { ...amount(9, 'g'), status: 'entered-in-error' }),
    ],
    words,
    'en',
  )
  assert.deepEqual(
    tests.map(({ key, results }) => [key, results.map(({ amount: each }) => each?.value)]),
    [
      ['b', [3]],
      ['a', [2, 1]],
    ],
  )
})

test('results: flagged by the laboratory, else by the range; a value with comparator or without range by nobody', () => {
  const range = { referenceRange: [{ low: { value: 4 }, high: { value: 6 } }] }
  const flag = (rest: object) => testsFrom([observation('a', '2020', rest)], words, 'en')[0]?.latest.flag
  assert.equal(flag({ ...amount(7, '%'), ...range }), 'high')
  assert.equal(flag({ ...amount(3, '%'), ...range }), 'low')
  assert.equal(flag({ ...amount(6, '%'), ...range }), 'normal')
  assert.equal(flag({ ...amount(5, '%'), ...range, interpretation: [coded('LL')] }), 'very-low')
  assert.equal(flag({ valueQuantity: { value: 7, comparator: '>' }, ...range }), undefined)
  assert.equal(flag(amount(7, '%')), undefined)
  assert.equal(
    flag({ ...amount(7, '%'), referenceRange: [{ low: { value: 4 } }, { high: { value: 5 } }] }),
    undefined,
  )
})

test('results: a status that is no text voids nothing', () => {
  const odd = observation('a', '2020', { status: { toString: 0 } })
  assert.equal(testsFrom([odd], words, 'en').length, 1)
})

test('vital signs: a blood pressure is two lines of one plot, whichever code its panel has', () => {
  const pressure = (panel: string, date: string, upper?: number) =>
    observation(panel, date, {
      component: [
        { code: coded('8462-4'), ...amount(80, 'mm[Hg]') },
        {
          code: coded('8480-6'),
          ...(upper ? amount(upper, 'mmHg') : { dataAbsentReason: coded('unknown') }),
        },
      ],
    })
  const signs = vitalSignsFrom([
    pressure('55284-4', '2020-01-01', 120),
    pressure('85354-9', '2021-01-01', 130),
    pressure('85354-9', '2022-01-01'),
  ])
  assert.equal(signs.length, 1)
  assert.deepEqual(
    signs[0]?.lines.map(({ key, points }) => [key, points.map(({ value }) => value)]),
    [
      ['8480-6', [120, 130, undefined]],
      ['8462-4', [80, 80, 80]],
    ],
  )
})

test('vital signs: known units are made one, unknown ones get their own plot', () => {
  const signs = vitalSignsFrom([
    observation('8310-5', '2020-01-01', amount(37, 'Cel')),
    observation('8310-5', '2021-01-01', amount(100.4, '[degF]')),
    observation('29463-7', '2020-01-01', amount(80, 'kg')),
    observation('29463-7', '2021-01-01', amount(12, 'stone')),
  ])
  assert.deepEqual(
    signs.map(({ kind, unit, lines }) => [
      kind,
      unit,
      lines[0]?.points.map(({ value }) => Math.round(value ?? 0)),
    ]),
    [
      ['temperature', '°C', [37, 38]],
      ['weight', 'kg', [80]],
      ['weight', 'stone', [12]],
    ],
  )
})

test('vital signs: pulse oximetry keeps its own value, components or not', () => {
  const [sign] = vitalSignsFrom([
    observation('59408-5', '2020-01-01', {
      ...amount(97, '%'),
      component: [{ code: coded('3151-8'), ...amount(2, 'L/min') }],
    }),
  ])
  assert.deepEqual([sign?.kind, sign?.unit, sign?.lines[0]?.points[0]?.value], ['oxygenSaturation', '%', 97])
})

const box = { width: 100, height: 100, left: 10, right: 10, top: 10, bottom: 10 }
const day = 86_400_000

test('a plot breaks its line where a value is missing and where nothing is known for long', () => {
  const years = (count: number) => count * 365.25 * day
  const plot = layOutPlot(
    [
      [
        { time: 0, value: 1 },
        { time: 30 * day, value: 2 },
        { time: 60 * day },
        { time: 90 * day, value: 3 },
        { time: 120 * day, value: 4 },
        { time: years(5), value: 4 },
      ],
    ],
    box,
  )
  assert.equal(plot?.lines[0]?.paths.length, 2)
  assert.equal(plot?.lines[0]?.dots.length, 5)
})

test('a plot of one value has a place for it, and one of none is none', () => {
  const plot = layOutPlot([[{ time: 5, value: 5 }]], box)
  assert.equal(plot?.lines[0]?.dots[0]?.x, 50)
  assert.equal(layOutPlot([[{ time: 5 }], []], box), undefined)
})

test('a plot lies within its box, whatever the numbers', () => {
  const number = fc.double({ min: -1e9, max: 1e9, noNaN: true })
  const point = fc.record({ time: fc.integer({ min: -2e12, max: 4e12 }), value: number })
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 40 }), (points) => {
      const ordered = points.toSorted((a, b) => a.time - b.time)
      for (const { x, y } of layOutPlot([ordered], box)?.lines[0]?.dots ?? [])
        assert.ok(x >= 9.9 && x <= 90.1 && y >= 9.9 && y <= 90.1, `${x} ${y}`)
    }),
  )
})

test('an axis has few round steps and holds all values', () => {
  assert.deepEqual(niceScale([118, 135]).ticks, [110, 120, 130, 140])
  assert.equal(niceScale([0, 1]).low, 0)
  const number = fc.double({ min: -1e6, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(fc.array(number, { minLength: 1 }), (values) => {
      const { low, high, ticks } = niceScale(values)
      assert.ok(low <= Math.min(...values) && high >= Math.max(...values))
      assert.ok(ticks.length >= 2 && ticks.length <= 8, `${ticks.length}`)
    }),
  )
})

test('no record, however odd, breaks a section', () => {
  const members = fc.dictionary(
    fc.constantFrom(
      'id',
      'status',
      'code',
      'coding',
      'text',
      'name',
      'period',
      'category',
      'component',
      'value',
      'valueQuantity',
      'effectiveDateTime',
      'referenceRange',
      'interpretation',
      'low',
      'high',
      'unit',
      'meta',
      'security',
      'clinicalStatus',
      'reaction',
      'manifestation',
      'dosageInstruction',
      'timing',
      'repeat',
      'birthDate',
      'identifier',
      'deceasedDateTime',
      'medicationReference',
      'reference',
      'contained',
      'participant',
      'location',
      'class',
      'type',
    ),
    fc.anything({ maxDepth: 4 }),
  )
  const types = [
    'Condition',
    'MedicationRequest',
    'AllergyIntolerance',
    'Immunization',
    'Encounter',
    'Observation',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...types), members, (resourceType, rest) => {
      const resources = [{ ...rest, resourceType } as Resource]
      problemsFrom(resources)
      medicationsFrom(resources, 'en')
      allergiesFrom(resources)
      immunizationsFrom(resources)
      encountersFrom(resources)
      testsFrom(resources, words, 'en')
      vitalSignsFrom(resources)
      patientView({ ...rest, resourceType: 'Patient' } as Resource, 0)
    }),
  )
})
