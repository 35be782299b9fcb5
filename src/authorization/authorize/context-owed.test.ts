import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseGrant } from '../../smart/grant.ts'
import { canBeChosen, contextFor, owedResources, owesEncounter, owesPatient } from './context-owed.ts'

const scopes = (text: string) => parseGrant(text).scopes

const owed: readonly (readonly [string, string, boolean, boolean])[] = [
  ['CTX-11', 'patient/Observation.rs', false, true],
  ['CTX-08', 'patient/Observation.rs', true, true],
  ['CTX-10', 'launch/patient', false, true],
  ['CTX-07', 'launch/patient', true, false],
  ['CTX-10', 'launch/encounter user/*.rs', false, true],
  ['CTX-09', 'launch', true, false],
  ['CTX-02', 'launch/imagingstudy', false, true],
  ['CTX-02', 'launch/questionnaire', false, false],
  ['CTX-07', 'launch/imagingstudy', true, false],
  ['SCOPE-22', 'user/Patient.rs openid', false, false],
]
for (const [id, text, isEhrLaunch, expected] of owed) {
  test(`${id}: ${text} ${isEhrLaunch ? 'in an EHR launch' : 'standalone'} ${expected ? 'owes' : 'does not owe'} a patient`, () => {
    assert.equal(owesPatient(scopes(text), isEhrLaunch), expected)
  })
}

test('CTX-10: an encounter is asked for only where the app starts by itself', () => {
  assert.equal(owesEncounter(scopes('launch/encounter'), false), true)
  assert.equal(owesEncounter(scopes('launch/encounter'), true), false)
  assert.equal(owesEncounter(scopes('launch/patient'), false), false)
})

const context = {
  patient: 'p',
  encounter: 'e',
  intent: 'i',
  fhirContext: [{ reference: 'ImagingStudy/1' }, { canonical: 'http://q', type: 'Questionnaire' }],
}

test('CTX-13: the scope launch gives the whole context', () => {
  assert.deepEqual(contextFor(scopes('launch'), context), context)
})

test('EM-11: any patient/ scope comes with the patient, and only with the patient', () => {
  assert.deepEqual(contextFor(scopes('patient/*.rs'), context), { intent: 'i', patient: 'p' })
})

test('CTX-02: each kind of context by its own scope', () => {
  assert.deepEqual(contextFor(scopes('launch/encounter'), context), { intent: 'i', encounter: 'e' })
  assert.deepEqual(contextFor(scopes('launch/imagingstudy'), context), {
    intent: 'i',
    fhirContext: [{ reference: 'ImagingStudy/1' }],
  })
  assert.deepEqual(contextFor(scopes('openid'), context), { intent: 'i' })
})

test('CTX-03, CTX-04, CTX-05: a question for each launch/ scope of another type, with the role it names', () => {
  const text =
    'launch/patient launch/relatedperson?role=friend launch/relatedperson?role=https://x.example/r openid'
  assert.deepEqual(owedResources(scopes(text), false), [
    { scope: 'launch/relatedperson?role=friend', type: 'RelatedPerson', role: 'friend' },
    {
      scope: 'launch/relatedperson?role=https://x.example/r',
      type: 'RelatedPerson',
      role: 'https://x.example/r',
    },
  ])
  assert.deepEqual(owedResources(scopes(text), true), [])
})

test('CTX-02: of what is no record and no reference data there is nothing to choose', () => {
  for (const type of ['auditevent', 'patient', 'encounter', 'parameters', 'bundle', 'binary', 'nothing'])
    assert.equal(canBeChosen(type), false, type)
  for (const type of ['imagingstudy', 'list', 'questionnaire', 'practitioner'])
    assert.equal(canBeChosen(type), true, type)
})
