import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Provider } from './provider.ts'
import { type Claims, claimsWanted, readClaims } from './read-claims.ts'
import { Refusal } from './refusal.ts'

const provider: Provider = {
  id: 'national',
  name: { en: 'National', 'zh-TW': 'National' },
  issuer: 'https://id.example',
  clientId: 'chartkey',
  clientSecretBy: 'basic',
  scopes: ['openid'],
  roles: ['patient'],
  roleValues: {},
  careTeamOnly: [],
  firstSignIn: 'match',
  claims: { account: 'sub', username: 'preferred_username', name: 'name', email: 'email' },
  patientMatch: {
    given: 'given_name',
    family: 'family_name',
    birthDate: 'birthdate',
    identifier: { claim: 'health_number', system: 'urn:example:health-number' },
    verified: { trustFrameworks: ['example_framework'] },
  },
  methods: { mfa: ['mfa'], 'urn:card': ['hwk', 'mfa'] },
  acrValues: [],
  signOutThere: true,
}
const proof = { methods: [], provider: { issuer: 'https://id.example', subject: 's', authenticatedAt: 1 } }
const read = (claims: Claims, change: Partial<Provider> = {}) =>
  readClaims({ sub: 's', ...claims }, { ...provider, ...change }, proof)

const person = { given_name: 'Ada', family_name: 'Moreau', birthdate: '1990-02-03', health_number: 'H1' }
const verification = { trust_framework: 'example_framework' }
const known = {
  given: 'Ada',
  family: 'Moreau',
  birthDate: '1990-02-03',
  identifier: { system: 'urn:example:health-number', value: 'H1' },
}

test('verified claims of OpenID Connect for Identity Assurance count under a trust framework that is named', () => {
  assert.deepEqual(read({ verified_claims: { verification, claims: person } }).demographics, known)
  const other = { verification: { trust_framework: 'another' }, claims: { ...person, given_name: 'Eve' } }
  assert.deepEqual(read({ verified_claims: [other, { verification, claims: person }] }).demographics, known)
})

const unverified: readonly (readonly [string, Claims])[] = [
  ['beside the verified ones', { ...person, verified_claims: { verification, claims: {} } }],
  [
    'under another framework',
    { verified_claims: { verification: { trust_framework: 'x' }, claims: person } },
  ],
  ['without a verification', { verified_claims: { claims: person } }],
  ['that are no object', { verified_claims: 'all' }],
  [
    'without the number',
    { verified_claims: { verification, claims: { ...person, health_number: undefined } } },
  ],
  ['with half a date', { verified_claims: { verification, claims: { ...person, birthdate: '1990' } } }],
  [
    'with a name that is a list',
    { verified_claims: { verification, claims: { ...person, family_name: ['Moreau'] } } },
  ],
]

for (const [what, claims] of unverified)
  test(`claims ${what} say nothing about who a patient is`, () => {
    assert.equal(read(claims).demographics, undefined)
  })

test('another claim may say that all are verified, by one of the values that are named', () => {
  const patientMatch = provider.patientMatch && {
    ...provider.patientMatch,
    verified: { claim: 'ial', values: ['2'] },
  }
  const change = patientMatch ? { patientMatch } : {}
  assert.deepEqual(read({ ...person, ial: 2 }, change).demographics, known)
  for (const ial of [1, '22', true, null, { 2: true }])
    assert.equal(read({ ...person, ial }, change).demographics, undefined)
})

test('strength is what the configuration says that a value means; unknown values say nothing', () => {
  assert.deepEqual(read({ amr: ['pwd', 'mfa', 'constructor'] }).proof.methods, ['fed', 'mfa'])
  assert.deepEqual(read({ acr: 'urn:card', amr: 'otp' }).proof.methods, ['fed', 'hwk', 'mfa'])
  assert.deepEqual(read({ amr: { mfa: true } }).proof.methods, ['fed'])
})

test('texts are one line, without marks that turn text around, and not too long', () => {
  assert.equal(read({ name: ' A\u202Ed\r\na\u0000 ' }).name, 'Ada')
  assert.equal(read({ name: 'x'.repeat(201) }).name, undefined)
  assert.equal(read({ name: '', email: 'a@b.example' }).label, 'a@b.example')
  assert.equal(read({ name: 7 }).name, undefined)
})

test('the account claim names the account: a text of 255 characters at most, or the person is refused', () => {
  const claims = { ...provider.claims, account: 'oid' }
  assert.equal(read({ oid: 'o1' }, { claims }).subject, 'o1')
  for (const oid of [undefined, '', 7, ['o1'], 'x'.repeat(256)])
    assert.throws(() => read({ oid }, { claims }), Refusal)
})

test('a role claim confers what the configuration says, in one text or a list, and nothing by inheritance', () => {
  const change: Partial<Provider> = {
    roles: ['clinician', 'admin'],
    roleValues: { doctors: 'clinician', it: 'admin' },
    careTeamOnly: ['nurses'],
    claims: { ...provider.claims, role: 'groups' },
  }
  assert.deepEqual(read({ groups: ['it', 'doctors'] }, change).roles, ['clinician', 'admin'])
  assert.deepEqual(read({ groups: 'doctors' }, change).roles, ['clinician'])
  assert.deepEqual(read({ groups: ['toString', 'hasOwnProperty'] }, change).roles, [])
  assert.equal(read({ groups: ['nurses', 'doctors'] }, change).careTeamOnly, true)
})

test('the claims that are looked for are those of the configuration', () => {
  assert.deepEqual(claimsWanted(provider), [
    ...['sub', 'preferred_username', 'name', 'email'],
    ...['given_name', 'family_name', 'birthdate', 'health_number', 'verified_claims'],
  ])
})
