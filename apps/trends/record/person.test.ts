import assert from 'node:assert/strict'
import { test } from 'node:test'
import { personFacts, personName, problemsOf, visitText } from './person.js'

const NOW = new Date(2024, 5, 15).getTime()
const status = (code: string) => ({ coding: [{ code }] })

test('a name is the usual one, from its text or its parts', () => {
  assert.equal(personName({ name: [{ family: 'Born' }, { use: 'usual', text: '林小明' }] }), '林小明')
  assert.equal(
    personName({ name: [{ prefix: ['Dr.'], given: ['Mei', 'Ling'], family: 'Lin' }] }),
    'Dr. Mei Ling Lin',
  )
  assert.equal(personName({}), '')
  assert.equal(personName(undefined), '')
})

test('what is not known of a person is left out', () => {
  assert.deepEqual(personFacts({}, NOW), [])
  assert.deepEqual(personFacts({ gender: 'female', birthDate: '1990' }, NOW), [
    'Female',
    'born 1990',
    '34 years',
  ])
  assert.deepEqual(personFacts({ birthDate: '1990', deceasedDateTime: '2010' }, NOW), [
    'born 1990',
    'lived 20 years',
    'died 2010',
  ])
})

test('a visit is named by its type, else its class', () => {
  assert.equal(visitText({ type: [{ text: 'Check-up' }], period: { start: '2021' } }), 'Check-up, 2021')
  assert.equal(visitText({ class: { code: 'AMB' } }), 'AMB')
  assert.equal(visitText({}), 'Visit')
})

test('problems that hold come first; refuted ones are not shown', () => {
  const problem = (text: string, clinical: string, verification = 'confirmed') => ({
    resourceType: 'Condition',
    code: { text },
    clinicalStatus: status(clinical),
    verificationStatus: status(verification),
  })
  const problems = problemsOf([
    problem('old', 'resolved'),
    problem('wrong', 'active', 'refuted'),
    problem('now', 'active'),
  ])
  assert.deepEqual(
    problems.map(({ name, active }) => [name, active]),
    [
      ['now', true],
      ['old', false],
    ],
  )
})
