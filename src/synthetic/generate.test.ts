import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validate } from '../resource/definitions/validate.ts'
import type { Resource } from '../smart/resource.ts'
import { dayOf, yearsBetween } from './days.ts'
import { generate } from './generate.ts'

const asOf = '2026-03-01'
const all = (patients: number, seed = 7) => [...generate({ patients, seed, asOf })]
const population = all(300).flat()
const ofType = (type: string) => population.filter((one) => one.resourceType === type)
const ages = ofType('Patient').map((one) => yearsBetween(dayOf(String(one.birthDate)), dayOf(asOf)))

test('the same seed and day give the same records byte for byte', () => {
  assert.equal(JSON.stringify(all(12)), JSON.stringify(all(12)))
  assert.notEqual(JSON.stringify(all(12)), JSON.stringify(all(12, 8)))
})

test('two seeds share no id but those of the clinic', () => {
  const ids = (seed: number) =>
    new Set(
      all(6, seed)
        .slice(1)
        .flat()
        .map((one) => `${one.resourceType}/${one.id}`),
    )
  const first = ids(1)
  assert.deepEqual(
    [...ids(2)].filter((id) => first.has(id)),
    [],
  )
})

test('exactly as many patients come as were asked for', () => {
  for (const patients of [0, 1, 2, 7, 50]) {
    const made = all(patients)
      .flat()
      .filter((one) => one.resourceType === 'Patient')
    assert.equal(made.length, patients)
  }
})

test('a household already made stays the same when more patients are asked for', () => {
  assert.equal(JSON.stringify(all(40).slice(0, 8)), JSON.stringify(all(80).slice(0, 8)))
})

test('what is no count, seed or date is refused', () => {
  for (const bad of [{ patients: -1 }, { patients: 1.5 }, { seed: Number.NaN }, { asOf: 'today' }]) {
    assert.throws(() => [...generate({ patients: 1, seed: 1, asOf, ...bad })], RangeError)
  }
})

test('every resource is valid R4', () => {
  for (const resource of all(20).flat())
    assert.deepEqual(validate(resource), [], `${resource.resourceType}/${resource.id}`)
})

test('every id is of the right shape and used once', () => {
  const seen = new Set<string>()
  for (const { resourceType, id } of population) {
    assert.match(id ?? '', /^[A-Za-z0-9\-.]{1,64}$/)
    assert.ok(!seen.has(`${resourceType}/${id}`), `${resourceType}/${id} twice`)
    seen.add(`${resourceType}/${id}`)
  }
})

test('every reference points at a resource of the same household or of the clinic', () => {
  const [clinic = [], ...households] = all(60)
  for (const household of households) {
    const there = new Set([...clinic, ...household].map((one) => `${one.resourceType}/${one.id}`))
    for (const reference of referencesIn(household)) assert.ok(there.has(reference), reference)
  }
})

test('all ages are there, from infants to the very old', () => {
  assert.ok(Math.min(...ages) < 1 && Math.max(...ages) > 85 && Math.max(...ages) < 97)
  for (const from of [0, 6, 12, 18, 30, 45, 60, 75])
    assert.ok(
      ages.some((age) => age >= from && age < from + 15),
      `${from}`,
    )
})

test('parents are linked to their children, and no parent is under 18 years older', () => {
  const born = new Map(ofType('Patient').map((one) => [`Patient/${one.id}`, dayOf(String(one.birthDate))]))
  const parents = ofType('RelatedPerson').filter((one) =>
    /"(MTH|FTH)"/.test(JSON.stringify(one.relationship)),
  )
  assert.ok(parents.length > 50)
  for (const parent of parents) {
    const child = born.get((parent.patient as { reference: string }).reference) ?? 0
    const gap = yearsBetween(dayOf(String(parent.birthDate)), child)
    assert.ok(gap >= 18 && gap < 50, `${parent.id} ${gap}`)
    // The right of a parent ends when the child is grown.
    assert.equal(parent.active, yearsBetween(child, dayOf(asOf)) < 18)
  }
})

test('a few sensitive records carry their labels, all four kinds over many people', () => {
  const labelled = population.filter((one) => JSON.stringify(one.meta ?? {}).includes('v3-Confidentiality'))
  for (const type of ['Condition', 'Observation', 'MedicationRequest', 'Encounter']) {
    assert.ok(
      labelled.some((one) => one.resourceType === type),
      type,
    )
  }
  const many = all(700)
    .flat()
    .filter((one) => one.resourceType === 'Condition')
  for (const code of ['PSY', 'HIV', 'ETH', 'SEX'])
    assert.ok(
      many.some((one) => JSON.stringify(one.meta ?? {}).includes(`"${code}"`)),
      code,
    )
  assert.ok(labelled.length < population.length / 50)
})

test('a few recent laboratory results wait for release, and only recent ones', () => {
  const waiting = population.filter((one) => JSON.stringify(one.meta ?? {}).includes('urn:chartkey:release'))
  assert.ok(
    waiting.some((one) => one.status === 'preliminary') && waiting.some((one) => one.status === 'final'),
  )
  for (const one of waiting) {
    assert.ok(one.resourceType === 'Observation' || one.resourceType === 'DiagnosticReport')
    assert.ok(String(one.effectiveDateTime) > '2026-02-20')
  }
})

test('nothing happens on or after the day that is today, nor before birth', () => {
  const born = new Map(ofType('Patient').map((one) => [`Patient/${one.id}`, String(one.birthDate)]))
  for (const one of population) {
    const when = one.effectiveDateTime ?? one.occurrenceDateTime ?? one.authoredOn ?? one.onsetDateTime
    if (when === undefined) continue
    const patient = ((one.subject ?? one.patient) as { reference: string }).reference
    assert.ok(
      String(when) < asOf && String(when).slice(0, 10) >= (born.get(patient) ?? '9'),
      `${one.resourceType}/${one.id} ${when}`,
    )
  }
})

function* referencesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* referencesIn(item)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value as Resource)) {
      if (name === 'reference' && typeof member === 'string') yield member
      else yield* referencesIn(member)
    }
  }
}
