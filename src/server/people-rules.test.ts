import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hasSteppedUp, peopleRules, stepUpRule } from './people-rules.ts'

const MINUTE = 60_000
const account = { id: 'a', username: 'a', name: 'A', roles: [], records: [], disabled: false }
const session = { account, sessionId: 's', authTime: 1_000_000, methods: ['pwd', 'otp', 'mfa'] }

test('roles that need a second factor are those that the settings say', () => {
  const secondFactor = { clinician: 'required', patient: 'optional', admin: 'required' } as const
  assert.deepEqual(peopleRules({ secondFactor }), { required: ['clinician', 'admin'] })
})

test('nothing needs two factors unless the settings say so', () => {
  assert.equal(stepUpRule({ stepUp: { scopes: [], within: 15, emergency: false } }), undefined)
  const rule = stepUpRule({ stepUp: { scopes: [], within: 15, emergency: true } })
  assert.deepEqual(rule, { scopes: [], within: 15 * MINUTE, emergency: true })
})

test('two factors count for their minutes; one never does', () => {
  const rule = { scopes: [], within: 15 * MINUTE, emergency: true }
  assert.equal(hasSteppedUp(session, rule, session.authTime + 15 * MINUTE - 1), true)
  assert.equal(hasSteppedUp(session, rule, session.authTime + 15 * MINUTE), false)
  assert.equal(hasSteppedUp({ ...session, methods: ['pwd'] }, rule, session.authTime), false)
  assert.equal(hasSteppedUp({ ...session, methods: ['ehr'] }, rule, session.authTime), false)
})
