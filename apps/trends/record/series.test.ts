import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newestOf, within } from './period.js'
import { countOf, gather, momentsOf, setAsideSingles } from './series.js'
import { vitalPlace } from './vitals.js'

const loinc = (code: string, display = code) => ({ coding: [{ system: 'http://loinc.org', code, display }] })
const observation = (code: object, day: string, members: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code,
  effectiveDateTime: `2021-03-${day}`,
  ...members,
})
const measured = (code: string, day: string, value: number, unit = 'kg') =>
  observation(loinc(code), day, { valueQuantity: { value, unit } })
const pressure = (panel: string, day: string, systolic: number, diastolic: number) =>
  observation(loinc(panel), day, {
    component: [
      { code: loinc('8462-4'), valueQuantity: { value: diastolic, unit: 'mm[Hg]' } },
      { code: loinc('8480-6'), valueQuantity: { value: systolic, unit: 'mmHg' } },
    ],
  })

test('blood pressure is one series of two lines, whichever panel code it came under', () => {
  const { series } = gather(
    [pressure('85354-9', '02', 120, 80), pressure('55284-4', '01', 110, 70)],
    vitalPlace,
  )
  assert.equal(series.length, 1)
  assert.deepEqual(
    series[0]?.lines.map(({ name, points }) => [name, points.map((point) => point.number)]),
    [
      ['Systolic', [110, 120]],
      ['Diastolic', [70, 80]],
    ],
  )
})

test('lines that lack a reading leave a gap at that moment', () => {
  const { series } = gather(
    [pressure('85354-9', '01', 120, 80), measured('8480-6', '02', 130, 'mmHg')],
    vitalPlace,
  )
  assert.ok(series[0])
  assert.deepEqual(
    momentsOf(series[0]).map(({ points }) => points.map((point) => point?.number)),
    [
      [120, 80],
      [130, undefined],
    ],
  )
})

test('different units never share a series', () => {
  const { series } = gather(
    [measured('29463-7', '01', 80), measured('29463-7', '02', 176, '[lb_av]')],
    vitalPlace,
  )
  assert.deepEqual(series.map(({ title, unit }) => `${title} ${unit}`).sort(), ['Weight kg', 'Weight lb'])
})

test('known vital signs come first and in order, others after them by name', () => {
  const observations = ['zz', 'aa', '8302-2', '8867-4'].map((code) => measured(code, '01', 1, ''))
  assert.deepEqual(
    gather(observations, vitalPlace).series.map(({ title }) => title),
    ['Heart rate', 'Height', 'aa', 'zz'],
  )
})

test('names that differ only in zero-width characters are one', () => {
  const { series } = gather([
    observation({ text: 'Leukocytes [#/\u200bvolume]' }, '01', { valueInteger: 4 }),
    observation({ text: 'Leukocytes [#/volume]' }, '02', { valueInteger: 5 }),
  ])
  assert.deepEqual(series.map(countOf), [2])
})

test('words and undated numbers are results, newest first and undated last', () => {
  const undated = { ...measured('a', '01', 5), effectiveDateTime: undefined }
  const worded = ['01', '03'].map((day) => observation(loinc('b'), day, { valueString: day }))
  const { series, results } = gather([undated, ...worded])
  assert.deepEqual(series, [])
  assert.deepEqual(
    results.map(({ fact }) => fact.text),
    ['03', '01', '5'],
  )
})

test('a series of one reading is set aside as a result', () => {
  const { series, results } = setAsideSingles(
    gather([measured('a', '01', 1), measured('a', '02', 2), measured('b', '03', 3)]),
  )
  assert.deepEqual([series.map(({ title }) => title), results.map(({ title }) => title)], [['a'], ['b']])
})

test('a period counts back from the newest reading, and a reading from the future does not move it', () => {
  const early = { ...measured('a', '01', 1), effectiveDateTime: '2015-01-01' }
  const future = { ...measured('b', '01', 1), effectiveDateTime: '2199-01-01' }
  const { series } = gather([early, measured('a', '02', 2), future])
  const [first] = series
  assert.ok(first)
  const newest = newestOf(series, new Date(2021, 5, 1).getTime())
  assert.equal(newest, new Date(2021, 5, 1).getTime())
  assert.equal(countOf(within(first, 1, newest)), 1)
  assert.equal(countOf(within(first, 0, newest)), 2)
})
