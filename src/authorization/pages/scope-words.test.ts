import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patientCompartment } from '../../smart/compartment.r4.ts'
import { parseScope } from '../../smart/scope.ts'
import { messages } from '../../ui/messages.ts'
import { scopeWords } from './scope-words.ts'

const english = messages('en').consent

function said(token: string, words = english) {
  const scope = parseScope(token)
  assert.ok(scope)
  return scopeWords(scope, words)
}

const sentences: readonly (readonly [string, string])[] = [
  ['patient/Observation.rs', 'See test results, measurements and vital signs'],
  ['patient/Observation.s', 'See test results, measurements and vital signs'],
  ['patient/Condition.write', 'Add, change, and delete health problems and diagnoses'],
  ['patient/MedicationRequest.cruds', 'See, add, change, and delete prescriptions'],
  ['patient/*.rs', 'See everything in the record'],
  ['user/GraphDefinition.rs', 'See records of the kind “GraphDefinition”'],
  ['patient/AuditEvent.rs', 'See who looked at the record'],
  ['launch/documentreference', 'Know which of the documents and clinical notes this is about'],
  ['launch/graphdefinition', 'Know which of the records of the kind “graphdefinition” this is about'],
  ['launch/questionnaire', 'Know which of the questionnaires this is about'],
  ['offline_access', 'Keep access while you are away, until you take it back'],
]
for (const [token, sentence] of sentences) {
  test(`CONS-02: ${token} in plain words`, () => assert.equal(said(token).short, sentence))
}

test('writing stands out, reading does not', () => {
  for (const token of ['patient/Condition.c', 'patient/Condition.rud', 'user/*.write'])
    assert.equal(said(token).writes, true)
  for (const token of ['patient/Condition.rs', 'user/*.read', 'openid', 'launch'])
    assert.equal(said(token).writes, false)
})

test('SCOPE-26: a wildcard says that future kinds of data are included', () => {
  assert.deepEqual(said('patient/*.rs').notes, [english.wildcard])
  assert.deepEqual(said('patient/Condition.rs').notes, [])
})

test('CONS-05: a category is said in words, with or without the system of its code; any other limit below', () => {
  for (const code of [
    'laboratory',
    'http://terminology.hl7.org/CodeSystem/observation-category|laboratory',
  ]) {
    const { short, notes } = said(`patient/Observation.rs?category=${code}`)
    assert.deepEqual([short, notes], ['See laboratory results', []])
  }
  assert.deepEqual(said('patient/ServiceRequest.rs?category=laboratory').notes, [
    'Limited to: laboratory results.',
  ])
  assert.deepEqual(said('patient/Observation.rs?code=1&status=final').notes, [
    'Limited to: code is 1; final results.',
  ])
})

test('CONS-05: of several codes each is said, and one without words makes the limit be told as it is', () => {
  assert.equal(
    said('patient/Observation.rs?category=laboratory,vital-signs').short,
    'See laboratory results and vital signs',
  )
  const { short, notes } = said('patient/Observation.rs?category=exam,laboratory')
  assert.equal(short, 'See test results, measurements and vital signs')
  assert.deepEqual(notes, ['Limited to: category is exam,laboratory.'])
})

test('CONS-04: every kind of data that a record can have is said in words of everyday, in every language', () => {
  for (const { classes } of [english, messages('zh-TW').consent])
    for (const type of Object.keys(patientCompartment)) {
      const said = classes[type]
      assert.ok(said !== undefined && !said.includes(type), `${type}: ${said}`)
    }
})

test('CONS-04: every language has words for the same kinds of data and limits', () => {
  const other = messages('zh-TW').consent
  assert.deepEqual(Object.keys(other.classes), Object.keys(english.classes))
  assert.deepEqual(Object.keys(other.limits), Object.keys(english.limits))
  assert.match(said('patient/Condition.cruds', other).short, /檢視.*新增.*修改.*刪除/)
})
