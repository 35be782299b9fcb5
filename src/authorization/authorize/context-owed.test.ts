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
  tenant: 't',
  appContext: 'a',
  needPatientBanner: true,
  smartStyleUrl: 'https://ehr.example/style/1.json',
  fhirContext: [{ reference: 'ImagingStudy/1' }, { canonical: 'http://q', type: 'Questionnaire' }],
}
const looks = { needPatientBanner: true, smartStyleUrl: 'https://ehr.example/style/1.json' }

test('CTX-13: the scope launch gives the whole context', () => {
  assert.deepEqual(contextFor(scopes('launch'), context), context)
})

test('EM-11: any patient/ scope comes with the patient, and only with the patient', () => {
  assert.deepEqual(contextFor(scopes('patient/*.rs'), context), { ...looks, patient: 'p' })
})

test('CTX-02: each kind of context by its own scope; what the launch says, by launch alone', () => {
  assert.deepEqual(contextFor(scopes('launch/encounter'), context), { ...looks, encounter: 'e' })
  assert.deepEqual(contextFor(scopes('launch/imagingstudy'), context), {
    ...looks,
    fhirContext: [{ reference: 'ImagingStudy/1' }],
  })
  assert.deepEqual(contextFor(scopes('openid'), context), looks)
})

test('CTX-05: what was chosen comes by the scope that it was chosen for, and by no other of its type', () => {
  const chosen = ['a', 'b'].map((role) => ({
    scope: `launch/imagingstudy?role=https://roles.example/${role}`,
    item: { reference: 'ImagingStudy/1', role: `https://roles.example/${role}` },
  }))
  assert.deepEqual(contextFor(scopes('launch/imagingstudy?role=https://roles.example/b'), {}, chosen), {
    fhirContext: [chosen[1]?.item],
  })
  assert.deepEqual(contextFor(scopes('launch/imagingstudy'), {}, chosen), {})
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
