import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Resource } from '../smart/resource.ts'
import { generate } from './generate.ts'

const asOf = '2026-03-01'
/** What a living patient outside intensive care can have, by LOINC code. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  '8302-2': [40, 215],
  '29463-7': [1.8, 190],
  '39156-5': [11, 50],
  '9843-4': [30, 55],
  '8867-4': [40, 160],
  '9279-1': [8, 60],
  '8310-5': [35, 41],
  '59408-5': [80, 100],
  '8480-6': [70, 200],
  '8462-4': [38, 120],
  '2339-0': [50, 450],
  '1558-6': [50, 400],
  '4548-4': [4, 14],
  '2093-3': [80, 400],
  '2085-9': [20, 110],
  '13457-7': [30, 260],
  '2571-8': [30, 450],
  '2160-0': [0.15, 3.5],
  '33914-3': [15, 145],
  '2951-2': [125, 155],
  '2823-3': [2.8, 6.5],
  '718-7': [6, 19],
  '6690-2': [2, 25],
  '777-3': [90, 600],
  '3016-3': [0.2, 40],
  '30522-7': [0.1, 150],
  '20447-9': [0, 200000],
  '24467-3': [100, 1600],
  '44261-6': [0, 27],
  '70274-6': [0, 21],
  '75626-2': [0, 12],
}

interface Measured {
  readonly code: string
  readonly value: number
}

function measured(resource: Resource): Measured[] {
  const parts = [resource, ...((resource.component as Resource[] | undefined) ?? [])] as unknown as {
    code?: { coding?: { code: string }[] }
    valueQuantity?: { value: number }
  }[]
  return parts.flatMap(({ code, valueQuantity }) =>
    valueQuantity ? [{ code: code?.coding?.[0]?.code ?? '', value: valueQuantity.value }] : [],
  )
}

const observations = (resources: readonly Resource[]) =>
  resources.filter((one) => one.resourceType === 'Observation')
const subjectOf = (one: Resource) => (one.subject as { reference: string }).reference
const seriesOf = (resources: readonly Resource[], code: string) =>
  observations(resources)
    .filter((one) => measured(one)[0]?.code === code)
    .map((one) => ({
      subject: subjectOf(one),
      at: String(one.effectiveDateTime),
      value: measured(one)[0]?.value ?? Number.NaN,
    }))
    .sort((a, b) => a.at.localeCompare(b.at))

test('whatever the seed, every measured value is one that a patient can have', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      for (const one of observations([...generate({ patients: 12, seed, asOf })].flat())) {
        for (const { code, value } of measured(one)) {
          const [low, high] = BOUNDS[code] ?? assert.fail(`no bounds for ${code}`)
          assert.ok(value >= low && value <= high, `seed ${seed}: ${one.id} ${code} = ${value}`)
        }
      }
    }),
    { numRuns: 40 },
  )
})

const population = [...generate({ patients: 500, seed: 3, asOf })].flat()

test('the interpretation follows from the value and its reference range', () => {
  for (const one of observations(population)) {
    const [range] =
      (one.referenceRange as { low?: { value: number }; high?: { value: number } }[] | undefined) ?? []
    if (!range) continue
    const value = measured(one)[0]?.value ?? Number.NaN
    const expected =
      value < (range.low?.value ?? -1)
        ? 'L'
        : value > (range.high?.value ?? Number.POSITIVE_INFINITY)
          ? 'H'
          : 'N'
    assert.ok(JSON.stringify(one.interpretation).includes(`"${expected}"`), `${one.id} ${value}`)
  }
})

test('diabetes is found with a raised HbA1c which treatment brings down; nobody else has one', () => {
  const many = [...generate({ patients: 1_200, seed: 5, asOf })].flat()
  const onset = new Map(
    many
      .filter((one) => one.resourceType === 'Condition' && JSON.stringify(one.code).includes('44054006'))
      .map((one) => [subjectOf(one), String(one.onsetDateTime)]),
  )
  const found: number[] = []
  const later: number[] = []
  for (const { subject, at, value } of seriesOf(many, '4548-4')) {
    const since = onset.get(subject)
    assert.ok(since !== undefined, `${subject} has HbA1c measured without diabetes`)
    const years = (Date.parse(at) - Date.parse(since)) / (365.25 * 24 * 3600 * 1000)
    if (years < 0.05) found.push(value)
    if (years > 1) later.push(value)
  }
  const mean = (list: number[]) => list.reduce((sum, one) => sum + one, 0) / list.length
  assert.ok(found.length > 5 && mean(found) > 7.5, `${mean(found)}`)
  assert.ok(mean(later) < mean(found) - 0.7, `${mean(later)}`)
})

test('total cholesterol is the sum of its parts', () => {
  for (const one of seriesOf(population, '2093-3')) {
    const part = (code: string) => seriesAt.get(`${one.subject} ${one.at} ${code}`) ?? Number.NaN
    assert.ok(
      Math.abs(one.value - (part('13457-7') + part('2085-9') + part('2571-8') / 5)) <= 1,
      `${one.subject} ${one.at}`,
    )
  }
})

const seriesAt = new Map(
  observations(population).flatMap((one) =>
    measured(one).map(({ code, value }) => [`${subjectOf(one)} ${one.effectiveDateTime} ${code}`, value]),
  ),
)

test('children grow: height never falls below what it was', () => {
  const tallest = new Map<string, number>()
  const childish = new Set(
    population
      .filter((one) => one.resourceType === 'Patient' && String(one.birthDate) > '2008-03-01')
      .map((one) => `Patient/${one.id}`),
  )
  for (const { subject, value } of seriesOf(population, '8302-2')) {
    if (!childish.has(subject)) continue
    assert.ok(value >= (tallest.get(subject) ?? 0), `${subject} shrank to ${value}`)
    tallest.set(subject, value)
  }
  assert.ok(tallest.size > 60)
})

test('systolic pressure is above diastolic', () => {
  for (const one of observations(population)) {
    const [systolic, diastolic] = measured(one)
    if (systolic?.code === '8480-6') assert.ok(systolic.value > (diastolic?.value ?? 999) + 15, one.id)
  }
})
