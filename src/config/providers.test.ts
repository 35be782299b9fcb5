import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'
import { ConfigError, loadConfig } from '../config.ts'

const hospital = {
  id: 'hospital',
  name: 'General Hospital',
  issuer: 'https://login.hospital.example',
  clientId: 'chartkey',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what stands in the file
  clientSecret: '${HOSPITAL_SECRET}',
  roles: ['clinician'],
}
const environment = { HOSPITAL_SECRET: 'a secret of the hospital' }

function load(...list: readonly object[]) {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  writeFileSync(file, stringify({ providers: list }))
  return loadConfig({ flags: ['--config', file], environment }).config.providers
}

function problemOf(...list: readonly object[]): string {
  try {
    load(...list)
    return 'accepted'
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.key
  }
}

test('a provider needs few settings, and what is not said is not allowed', () => {
  const [one] = load(hospital)
  assert.ok(one)
  assert.equal(one.clientSecret, environment.HOSPITAL_SECRET)
  assert.equal(one.firstSignIn, 'refuse')
  assert.deepEqual(one.scopes, ['openid', 'profile', 'email'])
  assert.deepEqual(one.name, { en: 'General Hospital', 'zh-TW': 'General Hospital' })
  assert.equal(one.claims.account, 'sub')
  assert.deepEqual(one.methods, {})
  assert.deepEqual(loadConfig({ flags: [], environment: {} }).config.providers, [])
})

test('a whole provider with a private key, two names, roles by claim, and patients by verified claims', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { clientSecret: _, ...rest } = hospital
  const [one] = load({
    ...rest,
    name: { en: 'General Hospital', 'zh-TW': '綜合醫院' },
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    privateKeyId: 'k1',
    roles: ['clinician', 'patient'],
    roleValues: { doctors: 'clinician', nurses: 'clinician', patients: 'patient' },
    careTeamOnly: ['nurses'],
    firstSignIn: 'match',
    claims: { role: 'groups', practitioner: { claim: 'npi', system: 'http://hl7.org/fhir/sid/us-npi' } },
    patientMatch: {
      identifier: { claim: 'health_number', system: 'urn:example:health-number' },
      verified: { claim: 'ial', values: ['2', '3'] },
    },
    methods: { mfa: ['mfa'] },
  })
  assert.equal(one?.privateKey?.asymmetricKeyType, 'ec')
  assert.equal(one?.patientMatch?.birthDate, 'birthdate')
})

test('the example of the guide is a configuration', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/identity-providers.md'), 'utf8')
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(guide) ?? []
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  writeFileSync(file, example)
  const { privateKey } = generateKeyPairSync('ed25519')
  const NATIONAL_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { config } = loadConfig({ flags: ['--config', file], environment: { ...environment, NATIONAL_KEY } })
  assert.deepEqual(
    config.providers.map(({ id, firstSignIn }) => [id, firstSignIn]),
    [
      ['hospital', 'match'],
      ['national', 'match'],
    ],
  )
})

const { clientSecret: _, ...withoutSecret } = hospital
const mistakes: readonly (readonly [key: string, ...list: object[]])[] = [
  ['providers.0.id', { ...hospital, id: 'General Hospital' }],
  ['providers.0.id', { ...hospital, id: '../x' }],
  ['providers.0.name', { ...hospital, name: { en: 'x' } }],
  ['providers.0.issuer', { ...hospital, issuer: 'http://login.hospital.example' }],
  ['providers.0.issuer', { ...hospital, issuer: 'http://localhost.evil.example' }],
  ['providers.0.issuer', { ...hospital, issuer: 'https://login.hospital.example?x=1' }],
  ['providers.0.issuer', { ...hospital, issuer: 'login.hospital.example' }],
  ['providers.0.clientSecret', withoutSecret],
  ['providers.0.clientSecret', { ...hospital, clientSecret: 'short' }],
  ['providers.0.privateKey', { ...withoutSecret, privateKey: 'no key' }],
  ['providers.0.privateKeyId', { ...hospital, privateKeyId: 'k1' }],
  ['providers.0.scopes', { ...hospital, scopes: ['profile'] }],
  ['providers.0.scopes.1', { ...hospital, scopes: ['openid', 'a b'] }],
  ['providers.0.roles', { ...hospital, roles: [] }],
  ['providers.0.roles.0', { ...hospital, roles: ['superuser'] }],
  ['providers.0.claims.role', { ...hospital, roles: ['clinician', 'admin'] }],
  ['providers.0.roleValues', { ...hospital, claims: { role: 'groups' } }],
  ['providers.0.roleValues.it', { ...hospital, claims: { role: 'groups' }, roleValues: { it: 'admin' } }],
  ['providers.0.claims.account', { ...hospital, claims: { account: 'email' } }],
  ['providers.0.claims.practitioner', { ...hospital, firstSignIn: 'match' }],
  ['providers.0.patientMatch', { ...hospital, roles: ['patient'], firstSignIn: 'match' }],
  ['providers.0.firstSignIn', { ...hospital, firstSignIn: 'invitation' }],
  ['providers.0.methods.x.0', { ...hospital, methods: { x: ['strong'] } }],
  ['providers.0.colour', { ...hospital, colour: 'green' }],
  ['providers.1.id', hospital, { ...hospital, issuer: 'https://other.example' }],
  ['providers.1.issuer', hospital, { ...hospital, id: 'other', issuer: 'https://login.hospital.example/' }],
]

for (const [key, ...list] of mistakes)
  test(`a mistake of a provider is told by its key: ${key} (${JSON.stringify(list.at(-1)).slice(0, 40)}…)`, () => {
    assert.equal(problemOf(...list), key)
  })

test('a private key that cannot be read is not repeated', () => {
  assert.throws(
    () =>
      load({
        ...withoutSecret,
        privateKey: '-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----',
      }),
    (error) => error instanceof ConfigError && !error.message.includes('hidden'),
  )
})
