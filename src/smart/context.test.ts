import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setsOf } from './capabilities.ts'
import { contextMembers, problemsOf } from './context.ts'
import { parseReference } from './ids.ts'
import { challengeOf, isChallenge, isVerifier } from './pkce.ts'

test('CTX-14, CTX-17, CTX-27: members have their names and JSON types; what is unknown is left out', () => {
  assert.deepEqual(
    contextMembers({
      patient: '1',
      encounter: '2',
      needPatientBanner: false,
      fhirContext: [{ reference: 'ImagingStudy/3' }],
      intent: 'reconcile-medications',
      smartStyleUrl: 'https://ehr.example/style/1.json',
      tenant: 'north',
    }),
    {
      patient: '1',
      encounter: '2',
      need_patient_banner: false,
      fhirContext: [{ reference: 'ImagingStudy/3' }],
      intent: 'reconcile-medications',
      smart_style_url: 'https://ehr.example/style/1.json',
      tenant: 'north',
    },
  )
  assert.deepEqual(contextMembers({}), {})
})

test('CTX-28, CTX-29, CTX-30, CTX-34, CTX-36: a wrong context is told by member', () => {
  const problems = problemsOf({
    patient: 'Patient/1',
    fhirContext: [
      {},
      { reference: 'Patient/1' },
      { reference: 'Encounter/1', role: 'launch' },
      { reference: 'https://x.example/List/1', role: 'mine' },
      { reference: 'List/1', role: '' },
      { reference: 'Patient/1', role: 'https://roles.example/sibling' },
      { canonical: 'http://q.example|1', type: 'Questionnaire' },
    ],
  })
  assert.deepEqual(
    problems.map((text) => text.split(':')[0]),
    [
      'patient',
      'fhirContext[0]',
      'fhirContext[1]',
      'fhirContext[2]',
      'fhirContext[3].reference',
      'fhirContext[3].role',
      'fhirContext[4].role',
    ],
  )
})

test('CTX-18, CTX-21, CTX-25, CTX-29, CTX-30, CTX-31, CTX-32, CTX-33, CTX-34, CTX-36: texts, addresses and items of a context keep to their form', () => {
  const wrong = [
    { intent: '' },
    { tenant: 'x'.repeat(1001) },
    { smartStyleUrl: 'javascript:alert(1)' },
    { smartStyleUrl: 'https://user:word@x.example/' },
    { appContext: 'x'.repeat(10_001) },
    { fhirContext: [{ reference: 'Unheard/1' }] },
    { fhirContext: [{ canonical: 'no url', type: 'Questionnaire' }] },
    { fhirContext: [{ canonical: 'http://q.example|1|2', type: 'Questionnaire' }] },
    { fhirContext: [{ identifier: {}, type: 'ServiceRequest' }] },
    { fhirContext: [{ reference: 'List/1', type: 'Group' }] },
    { fhirContext: [{ canonical: 'http://q.example', type: 'questionnaire' }] },
    { fhirContext: [{ identifier: { value: '1' }, type: 'Patient' }] },
    { fhirContext: Array(101).fill({ canonical: 'http://q.example', type: 'Questionnaire' }) },
  ]
  for (const context of wrong)
    assert.equal(problemsOf(context).length, 1, JSON.stringify(context).slice(0, 80))
  const right = {
    intent: 'reconcile-medications',
    tenant: 'north',
    smartStyleUrl: 'https://ehr.example/style/1.json?dark',
    appContext: '{"plan":"7"}',
    fhirContext: [
      { reference: 'ImagingStudy/1' },
      { reference: 'ImagingStudy/2' },
      { canonical: 'http://q.example/Q' },
      { identifier: { value: '1' } },
      { canonical: 'http://q.example/Q|2.0', type: 'Questionnaire' },
      { identifier: { system: 'urn:x', value: '1' }, type: 'ServiceRequest', role: 'https://x.example/role' },
    ],
  }
  assert.deepEqual(problemsOf(right), [])
  assert.equal(contextMembers(right).appContext, right.appContext)
})

test('RFC-13, RFC-14: verifier and challenge shapes', () => {
  const verifier = 'a'.repeat(43)
  assert.ok(isVerifier(verifier) && isVerifier('~._-'.repeat(32)))
  assert.ok(!isVerifier('a'.repeat(42)) && !isVerifier('a'.repeat(129)) && !isVerifier(`${verifier}\n`))
  assert.ok(isChallenge(verifier) && !isChallenge(`${'a'.repeat(42)}=`) && !isChallenge('a'.repeat(44)))
  assert.equal(
    challengeOf(verifier, (text) => `hash of ${text.length}`),
    'hash of 43',
  )
})

test('references are read whole', () => {
  assert.deepEqual(parseReference('Patient/1'), { type: 'Patient', id: '1' })
  assert.deepEqual(parseReference('Patient/1/_history/2'), { type: 'Patient', id: '1', version: '2' })
  for (const text of [
    'Patient',
    'Patient/',
    'patient/1',
    'Patient/1/2',
    `Patient/${'1'.repeat(65)}`,
    7,
    undefined,
  ]) {
    assert.equal(parseReference(text), undefined)
  }
})

test('CAP-04, CAP-05, CAP-06, CAP-07, EM-21: no capability set without a public or symmetric client', () => {
  const sets = [
    'launch-ehr',
    'context-ehr-patient',
    'context-ehr-encounter',
    'permission-user',
    'permission-patient',
  ]
  assert.deepEqual(setsOf([...sets, 'client-confidential-asymmetric']), [])
  assert.deepEqual(setsOf([...sets, 'client-public']), [
    'Patient Access for EHR Launch',
    'Clinician Access for EHR Launch',
  ])
})
