import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as events from './event.ts'
import { fhirAllowed, fhirFailed, fhirRefused } from './fhir-access.ts'

const actor = { user: 'u1', client: 'c1', grant: 'g1', token: 't1' }
const asked = { interaction: 'read', type: 'Patient', id: '1' }

const outcomes = [
  ['success', events.signedIn(actor, 'password')],
  ['refused', events.signInFailed({}, 'password', 'dr.lin', 'wrong password')],
  ['success', events.signedOut(actor)],
  ['success', events.launchStarted(actor, { patient: '1', encounter: '2' })],
  ['success', events.identityLinked(actor, 'hospital', '1')],
  ['success', events.identityUnlinked(actor, 'hospital')],
  ['success', events.claimsApplied(actor, 'hospital')],
  ['success', events.invitationMade({}, '1')],
  ['success', events.authorizeGranted(actor, 'patient/*.rs', '1')],
  ['refused', events.authorizeDenied(actor, 'patient/*.rs', 'declined')],
  ['success', events.tokenIssued(actor, 'authorization_code', 'openid')],
  ['refused', events.tokenRefused({}, 'refresh_token', 'invalid_grant')],
  ['refused', events.refreshReused(actor)],
  ['refused', events.codeReused(actor)],
  ['success', events.tokenRevoked(actor)],
  ['success', events.grantRevoked(actor)],
  ['success', events.clientRegistered(actor)],
  ['success', events.administered(actor, 'app-approved', { kind: 'app', id: 'c2' })],
  ['refused', events.administrationRefused(actor, 'not-an-administrator')],
  ['success', events.emergencyOpened(actor, '1', 'unconscious', 1000)],
  ['success', fhirAllowed(actor, asked, 200, { patients: ['1'], resources: ['Patient/1'] })],
  ['refused', fhirRefused(actor, asked, 404, 'reach', { patients: ['2'], resources: ['Patient/2'] })],
  ['failed', fhirFailed(actor, asked, 501, 'not-supported')],
] as const

for (const [outcome, event] of outcomes)
  test(`the record of ${event.kind} (${outcome}) says how it ended, who acted, and why when it did not succeed`, () => {
    assert.equal(event.outcome, outcome)
    assert.deepEqual(JSON.parse(JSON.stringify(event)), event)
    assert.equal(event.reason === undefined, outcome === 'success')
  })

test('a launch without encounter has no member for it, and a patient is a list of one', () => {
  const event = events.launchStarted(actor, { patient: '1' })
  assert.equal('encounter' in event, false)
  assert.deepEqual(event.kind === 'launch-started' && event.patients, ['1'])
})
