import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../smart/resource.ts'
import { allergiesFrom } from './allergies.ts'
import { encountersFrom } from './encounters.ts'
import { immunizationsFrom } from './immunizations.ts'
import { medicationsFrom } from './medications.ts'
import { patientView } from './patient.ts'
import { problemsFrom } from './problems.ts'

const coded = (code: string) => ({ coding: [{ code }] })
const condition = (name: string, rest: object): Resource => ({
  resourceType: 'Condition',
  code: { text: name },
  ...rest,
})

test('problems: active first and newest first, the same one again is counted, errors are left out', () => {
  const problems = problemsFrom([
    condition('Cold', { clinicalStatus: coded('resolved'), onsetDateTime: '2019' }),
    condition('Cold', { clinicalStatus: coded('resolved'), onsetDateTime: '2021' }),
    condition('Asthma', { clinicalStatus: coded('active'), onsetDateTime: '2001' }),
    condition('Gout', { clinicalStatus: coded('relapse'), onsetDateTime: '2011' }),
    condition('Wrong', { verificationStatus: coded('entered-in-error') }),
  ])
  assert.deepEqual(
    problems.map(({ name, active, times, date }) => [name, active, times, date]),
    [
      ['Gout', true, 1, '2011'],
      ['Asthma', true, 1, '2001'],
      ['Cold', false, 2, '2021'],
    ],
  )
})

test('problems: without a status an end tells, without a name nothing is merged, labels are told', () => {
  const [first, second, third] = problemsFrom([
    { resourceType: 'Condition' },
    { resourceType: 'Condition', meta: { security: [{ code: 'R' }] } },
    condition('Flu', { abatementDateTime: '2020' }),
  ])
  assert.deepEqual([first?.active, second?.active, third?.active], [true, true, false])
  assert.deepEqual([first?.restricted, second?.restricted], [false, true])
})

test('medications: named by concept, contained, included or displayed; drafts and errors left out', () => {
  const request = (rest: object): Resource => ({
    resourceType: 'MedicationRequest',
    status: 'active',
    ...rest,
  })
  const rows = medicationsFrom(
    [
      request({ medicationCodeableConcept: { text: 'A' }, authoredOn: '2024' }),
      request({
        medicationReference: { reference: '#m' },
        contained: [{ resourceType: 'Medication', id: 'm', code: { text: 'B' } }],
        authoredOn: '2023',
      }),
      request({ medicationReference: { reference: 'Medication/1' }, authoredOn: '2022' }),
      request({ medicationReference: { reference: 'Medication/2', display: 'D' }, authoredOn: '2021' }),
      request({ status: 'stopped', authoredOn: '2025' }),
      request({ status: 'entered-in-error' }),
      request({ status: 'draft' }),
      { resourceType: 'Medication', id: '1', code: { text: 'C' } },
    ],
    'en',
  )
  assert.deepEqual(
    rows.map(({ name, status }) => [name, status]),
    [
      ['A', undefined],
      ['B', undefined],
      ['C', undefined],
      ['D', undefined],
      [undefined, 'stopped'],
    ],
  )
})

test('medications: a dosage is its words, else dose and rhythm', () => {
  const dosageOf = (...dosageInstruction: object[]) =>
    medicationsFrom([{ resourceType: 'MedicationRequest', dosageInstruction }], 'en')[0]?.dosage
  assert.equal(dosageOf({ text: 'One daily' }, { text: 'with food' }), 'One daily; with food')
  assert.equal(
    dosageOf({
      doseAndRate: [{ doseQuantity: { value: 2, unit: 'tablet' } }],
      timing: { repeat: { frequency: 3, period: 1, periodUnit: 'd' } },
    }),
    '2\u00a0tablet, 3 × / d',
  )
  assert.equal(dosageOf({}), undefined)
})

test('allergies: the dangerous first, refuted ones left out, the worst reaction tells the severity', () => {
  const allergy = (name: string, rest: object): Resource => ({
    resourceType: 'AllergyIntolerance',
    code: { text: name },
    ...rest,
  })
  const allergies = allergiesFrom([
    allergy('Dust', {}),
    allergy('Nuts', { criticality: 'high', reaction: [{ severity: 'mild' }, { severity: 'severe' }] }),
    allergy('Wool', { clinicalStatus: coded('resolved'), criticality: 'high' }),
    allergy('Milk', { reaction: [{ severity: 'moderate', manifestation: [{ text: 'Hives' }, {}] }] }),
    allergy('Cats', { verificationStatus: coded('refuted') }),
  ])
  assert.deepEqual(
    allergies.map(({ name, severity }) => [name, severity]),
    [
      ['Nuts', 'severe'],
      ['Milk', 'moderate'],
      ['Dust', undefined],
      ['Wool', undefined],
    ],
  )
  assert.deepEqual(allergies[1]?.reactions, ['Hives'])
})

test('immunisations and encounters: newest first, with what they say and no more', () => {
  const given = immunizationsFrom([
    { resourceType: 'Immunization', status: 'not-done', occurrenceString: 'last winter' },
    { resourceType: 'Immunization', vaccineCode: { text: 'MMR' }, occurrenceDateTime: '2020-01-02' },
  ])
  assert.deepEqual(
    given.map(({ name, given: done }) => [name, done]),
    [
      ['MMR', true],
      [undefined, false],
    ],
  )
  const [encounter, bare] = encountersFrom([
    { resourceType: 'Encounter', id: 'b' },
    {
      resourceType: 'Encounter',
      id: 'a',
      status: 'finished',
      class: { code: 'AMB' },
      type: [{ text: 'Check-up' }],
      period: { start: '2020-01-02T10:00:00Z' },
      location: [{ location: {} }, { location: { display: 'Ward 2' } }],
    },
  ])
  assert.deepEqual(
    [encounter?.id, encounter?.name, encounter?.place, encounter?.status],
    ['a', 'Check-up', 'Ward 2', undefined],
  )
  assert.equal(bare?.id, 'b')
})

test('a patient who died has the age of that day, and none when the day is not known', () => {
  const view = (rest: object) =>
    patientView({ resourceType: 'Patient', id: '1', birthDate: '1950-01-01', ...rest }, Date.UTC(2024, 0, 1))
  assert.deepEqual(view({}).age, { unit: 'years', count: 74 })
  assert.deepEqual(view({ deceasedDateTime: '2000-06-01' }).age, { unit: 'years', count: 50 })
  assert.equal(view({ deceasedBoolean: true }).age, undefined)
  assert.equal(view({ deceasedBoolean: true }).deceased, true)
  assert.equal(view({ deceasedBoolean: false }).deceased, false)
})
