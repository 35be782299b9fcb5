/** The Consent of a decision: valid R4, exact to the letter, and nothing that withholds. CONS-01, CONS-02. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConsentGroup } from '../identity/consent/consent-rule.ts'
import { consentsAgainst } from '../identity/consent/judge-consent.ts'
import { parseConsent } from '../identity/consent/parse-consent.ts'
import { validate } from '../resource/definitions/validate.ts'
import { patientsOf } from '../smart/compartment.ts'
import { parseScopes } from '../smart/scope.ts'
import type { Client } from './client.ts'
import { type Decided, recordOf } from './decision-record.ts'
import type { UserGrant } from './grant.ts'
import { defaultLifetimes } from './lifetimes.ts'

const DAY = 24 * 60 * 60 * 1000
const decidedAt = Date.UTC(2026, 4, 1, 9)
const laboratory =
  'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory'

const client: Client = {
  id: 'app-1',
  name: 'Trends <b>&',
  authMethod: 'client_secret_basic',
  redirectUris: ['https://app.example/cb'],
  grantTypes: ['authorization_code'],
  scope: 'patient/*.cruds user/*.cruds',
  policyUri: 'https://app.example/privacy',
  createdAt: 1,
}
const grant: UserGrant = {
  id: 'grant_1',
  clientId: client.id,
  userId: 'u-amara',
  userName: 'Amara',
  fhirUser: 'Patient/amara',
  sessionId: 's',
  authenticatedAt: 1,
  scope: '',
  context: {},
  launch: 'standalone',
  createdAt: decidedAt,
}

function decided(scope: string, more: Partial<Decided> = {}): Decided {
  const key = { userId: 'u-amara', clientId: 'app-1', patient: 'amara', launch: 'standalone' } as const
  const remember = {
    ...key,
    asked: scope,
    granted: scope,
    client: 'digest',
    decidedAt,
    expiresAt: decidedAt + 30 * DAY,
  }
  const { scopes: granted } = parseScopes(scope)
  return { key, remember, client, grant, granted, consentId: 'app-x', language: 'en', ...more }
}

function recorded(scope: string, more: Partial<Decided> = {}) {
  const record = recordOf(decided(scope, more), defaultLifetimes)
  assert.ok(record)
  return record
}

const { patient: _none, ...general } = decided('openid').key
const cases: readonly (readonly [string, Decided])[] = [
  ['a patient', decided(`launch/patient openid ${laboratory} patient/Condition.cruds offline_access`)],
  ['a patient in Chinese', decided('patient/*.rs', { language: 'zh-TW' })],
  [
    'a clinician, on one record',
    decided('patient/Observation.r', { grant: { ...grant, fhirUser: 'Practitioner/lin' } }),
  ],
  [
    'a clinician, on all records',
    decided('user/*.rs', { key: general, grant: { ...grant, fhirUser: 'Practitioner/lin' } }),
  ],
  ['a person without a role', decided('user/Patient.r', { grant: { ...grant, fhirUser: 'Person/p' } })],
]

for (const [who, decision] of cases) {
  test(`the Consent of ${who} is valid R4, by structure and by its invariants`, () => {
    const { consent } = recordOf(decision, defaultLifetimes) ?? assert.fail()
    assert.deepEqual(validate(consent), [])
    const { coding } = consent.scope as { coding: { code: string }[] }
    // ppc-1 and ppc-2, as they are meant.
    assert.ok(consent.policyRule)
    assert.equal(coding[0]?.code === 'patient-privacy', consent.patient !== undefined)
  })

  test(`the Consent of ${who} withholds nothing from anybody, and permits nobody anything`, () => {
    const { consent } = recordOf(decision, defaultLifetimes) ?? assert.fail()
    const rule = parseConsent(consent)
    assert.ok(rule)
    assert.equal(rule.kind, 'permit')
    assert.deepEqual(rule.exceptions, [])
    for (const role of ['clinician', 'related-person', 'system', 'patient'] as const)
      for (const references of [[], ['Practitioner/lin'], ['Device/app-1'], ['Patient/amara']]) {
        const judged = { references, own: [], capacity: { role, posts: [] } }
        const groups: readonly ConsentGroup[] = [{ rule, patients: ['amara'] }]
        for (const at of [decidedAt - 1, decidedAt + 1, decidedAt + 3650 * DAY])
          assert.deepEqual(consentsAgainst(groups, judged, at), [])
      }
  })
}

test('SCOPE-27: what was allowed stands in it to the letter, and can be read by people and programs', () => {
  const scope = `launch/patient ${laboratory} patient/Condition.cruds`
  const { consent } = recorded(scope)
  assert.deepEqual(
    (consent.extension as object[]).map((one) => Object.values(one)[1]),
    ['launch/patient', laboratory, 'patient/Condition.cruds'],
  )
  const provision = consent.provision as Record<string, { coding?: { code: string }[]; code?: string }[]>
  assert.deepEqual(
    provision.class?.map(({ code }) => code),
    ['Observation', 'Condition'],
  )
  assert.deepEqual(
    provision.action?.map(({ coding }) => coding?.[0]?.code),
    ['access', 'collect', 'correct'],
  )
  assert.deepEqual(provision.actor?.[0], {
    role: {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
          code: 'IRCP',
          display: 'information recipient',
        },
      ],
    },
    reference: {
      type: 'Device',
      identifier: { system: 'urn:chartkey:client', value: 'app-1' },
      display: client.name,
    },
  })
  const { div } = consent.text as { div: string }
  assert.match(div, /See laboratory results/)
  assert.match(div, /Trends &#60;b&#62;&#38;/)
  assert.doesNotMatch(div, /<b>/)
})

test('whose record it is: the patient in context, else a patient’s own, else nobody’s', () => {
  const practitioner = { ...grant, fhirUser: 'Practitioner/lin' }
  assert.deepEqual(patientsOf(recorded('patient/*.rs', { grant: practitioner }).consent), ['amara'])
  assert.deepEqual(patientsOf(recorded('user/*.rs', { key: general }).consent), ['amara'])
  assert.deepEqual(patientsOf(recorded('user/*.rs', { key: general, grant: practitioner }).consent), [])
})

test('its period is the time in which the app can have something of the decision', () => {
  const until = (scope: string, more: Partial<Decided> = {}) =>
    (recorded(scope, more).standsUntil - decidedAt) / DAY
  const open = { ...client, authMethod: 'none' } as const
  const minutes = (count: number) => count / (24 * 60)
  assert.equal(until('patient/*.rs'), 30)
  assert.equal(until('patient/*.rs', { client: { ...open, preApproved: true } }), 30)
  assert.equal(until('patient/*.rs', { client: open }), minutes(11))
  assert.equal(until('patient/*.rs', { remember: undefined }), minutes(61))
  assert.equal(until('patient/*.rs offline_access', { client: open }), 365)
  assert.equal(until('patient/*.rs offline_access'), 365)
})

test('a sign-in alone is no Consent', () => {
  for (const scope of ['openid fhirUser', 'openid launch/patient offline_access'])
    assert.equal(recordOf(decided(scope), defaultLifetimes), undefined)
})
