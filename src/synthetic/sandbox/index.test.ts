import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validate } from '../../resource/definitions/validate.ts'
import type { Resource } from '../../smart/resource.ts'
import { dayOf, yearsBetween } from '../days.ts'
import { sandboxPeople } from './index.ts'

const asOf = '2026-03-01'
const { resources, accounts } = sandboxPeople(asOf)
const references = new Set(resources.map((one) => `${one.resourceType}/${one.id}`))
const about = (patient: string, type: string) =>
  resources.filter(
    (one) =>
      one.resourceType === type && (one.subject as Resource | undefined)?.reference === `Patient/${patient}`,
  )
const labelled = (list: readonly Resource[], text: string) =>
  list.filter((one) => JSON.stringify(one.meta ?? {}).includes(text))

test('the sandbox is the same whenever it is made for the same day', () => {
  assert.equal(JSON.stringify(sandboxPeople(asOf)), JSON.stringify(sandboxPeople(asOf)))
})

test('every resource is valid R4, every id is used once, every reference resolves', () => {
  assert.equal(references.size, resources.length)
  for (const one of resources) assert.deepEqual(validate(one), [], `${one.resourceType}/${one.id}`)
  for (const [, reference] of JSON.stringify(resources).matchAll(/"reference":"([^"]+)"/g))
    assert.ok(references.has(String(reference)), reference)
})

test('every account stands for records that are there', () => {
  assert.deepEqual(
    accounts.map((one) => one.username),
    ['dr.lin', 'nurse.okafor', 'patient.amara', 'parent.diego', 'admin'],
  )
  for (const { fhirUser, records } of accounts) {
    for (const reference of [...records, ...(fhirUser ? [fhirUser] : [])])
      assert.ok(references.has(reference), reference)
  }
})

test('the nurse is on the care teams of five patients, not of all', () => {
  const teams = resources.filter(
    (one) => one.resourceType === 'CareTeam' && JSON.stringify(one).includes('Practitioner/nurse-okafor'),
  )
  assert.equal(teams.length, 5)
  assert.ok(resources.filter((one) => one.resourceType === 'Patient').length > 5)
})

test('Amara has years of results, something sensitive and something not yet released', () => {
  assert.ok(about('amara', 'Observation').length > 150)
  assert.ok(labelled(about('amara', 'Condition'), 'PSY').length === 1)
  assert.ok(labelled(about('amara', 'Observation'), 'unreleased').length > 0)
  const codes = JSON.stringify(about('amara', 'Condition'))
  for (const code of ['59621000', '44054006']) assert.ok(codes.includes(code), code)
})

test('Diego acts for Mateo, a boy of six with asthma, growth and immunisations', () => {
  const tie = resources.find((one) => one.resourceType === 'RelatedPerson' && one.id === 'diego-for-mateo')
  assert.deepEqual(tie?.patient, { reference: 'Patient/mateo' })
  assert.equal(tie?.active, true)
  assert.match(JSON.stringify(tie?.relationship), /"FTH"/)
  const mateo = resources.find((one) => one.resourceType === 'Patient' && one.id === 'mateo')
  assert.equal(Math.floor(yearsBetween(dayOf(String(mateo?.birthDate)), dayOf(asOf))), 6)
  assert.match(JSON.stringify(about('mateo', 'Condition')), /195967001/)
  assert.ok(
    resources.filter(
      (one) => one.resourceType === 'Immunization' && JSON.stringify(one.patient).includes('mateo'),
    ).length > 15,
  )
})
