import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Params } from '../../http/params.ts'
import { formatGrant } from '../../smart/grant.ts'
import type { Client } from '../client.ts'
import { checkScope } from './check-scope.ts'

const app: Client = {
  id: 'a',
  name: 'A',
  authMethod: 'none',
  redirectUris: ['https://a.example/'],
  grantTypes: ['authorization_code', 'refresh_token'],
  scope: 'launch launch/patient openid offline_access patient/*.read patient/Condition.cruds user/Patient.rs',
  createdAt: 0,
}

function granted(scope: string, client = app): string {
  const scopes = checkScope(
    new Params([['scope', scope]]),
    client,
    (_type, filter) => filter[0]?.parameter === 'category',
  )
  return formatGrant({ scopes })
}

const cases: readonly (readonly [string, string, string])[] = [
  [
    'AMB-20: each scope stays in its own form',
    'patient/Observation.read patient/Condition.rs',
    'patient/Observation.read patient/Condition.rs',
  ],
  ['AMB-21: what is no scope is dropped', 'openid patient/Observation.dus', 'openid'],
  ['a scope asked twice is granted once', 'openid openid patient/*.rs openid', 'openid patient/*.rs'],
  [
    'what goes beyond the registration is cut to it',
    'patient/Condition.cruds patient/Observation.cruds',
    'patient/Condition.cruds patient/Observation.rs',
  ],
  ['SCOPE-24: no system rights', 'openid system/*.rs', 'openid'],
  ['SCOPE-20: levels are different rights', 'openid user/Condition.rs', 'openid'],
  [
    'AMB-28: only filters that can be enforced',
    'patient/Observation.rs?category=laboratory patient/Observation.rs?code=1',
    'patient/Observation.rs?category=laboratory',
  ],
  ['AMB-31: a role is no right of its own', 'launch/patient?role=friend', 'launch/patient?role=friend'],
  ['RFC-28: a quote ends no scope', 'openid" openid', 'openid'],
]
for (const [what, asked, given] of cases) {
  test(what, () => assert.equal(granted(asked), given))
}

test('REFR-04: no offline access for an app that is not registered to refresh', () => {
  assert.equal(granted('openid offline_access', { ...app, grantTypes: ['authorization_code'] }), 'openid')
})

test('SCOPE-24: a registration for system rights gives none by the code flow', () => {
  assert.equal(granted('openid system/*.rs', { ...app, scope: `${app.scope} system/*.cruds` }), 'openid')
})

const each = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at))

test('SCOPE-09: a request whose overlap with a granular registration is endless is refused', () => {
  const scope = each(200, (at) => `patient/Observation.rs?category=x${at}`).join(' ')
  const asked = each(200, (at) => `patient/Observation.rs?category=a&status=y${at}`).join(' ')
  assert.throws(() => granted(asked, { ...app, scope }), { message: 'scopeTooLong' })
})

test('SCOPE-09: what is granted is never longer than a token can carry', () => {
  const scope = `patient/Observation.rs?${each(9, (at) => `category=${'x'.repeat(1600)}${at}`).join('&')}`
  const asked = `patient/Observation.rs?category=${'y'.repeat(5000)} patient/*.rs?category=${'z'.repeat(5000)}`
  assert.throws(() => granted(asked, { ...app, scope }), { message: 'scopeTooLong' })
})

test('SCOPE-09: an app registered for single types may ask for all of them', () => {
  const types = ['Condition', 'Encounter', 'Observation', 'Patient']
  const scope = types.map((type) => `patient/${type}.rs`).join(' ')
  assert.equal(granted('patient/*.rs', { ...app, scope }), scope)
})

const refusals: readonly (readonly [string, string, string])[] = [
  ['no scope', 'patient/observation.rs', 'patient/observation.rs is no scope that is known here'],
  [
    'beyond the registration',
    'user/Observation.rs',
    'user/Observation.rs is not within what the app is registered for',
  ],
  ['for services alone', 'system/*.rs', 'system/*.rs is for apps without a user'],
  [
    'a filter that cannot be enforced',
    'patient/Observation.rs?code=1',
    'patient/Observation.rs?code=1 has a filter that this server cannot enforce',
  ],
  ['an extension', 'ehr.launch', 'ehr.launch is none that a user can grant'],
]
for (const [what, asked, why] of refusals)
  test(`RFC-28: where nothing is left the app reads why, of the first of them (${what})`, () => {
    const text = `None of the scopes asked for can be granted to this app: ${why}.`
    assert.throws(() => granted(`${asked} system/Patient.rs`), { text })
  })

test('RFC-28: an app that cannot refresh reads that of offline_access', () => {
  const client: Client = { ...app, grantTypes: ['authorization_code'] }
  assert.throws(() => granted('offline_access', client), {
    text: /: offline_access needs the grant type refresh_token in the registration of the app\.$/,
  })
})

test('RFC-28: what cannot stand in an error description is not repeated there', () => {
  assert.throws(() => granted('patient/\u00e9\\"'), {
    text: /: a part of it is no scope that is known here\.$/,
  })
})
