/** Each setting of a provider, before a real one: it does what it says, and nothing more. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { openReal } from './real.ts'
import { signInAt } from './world.ts'

const heading = (body: string) => /<h1>([^<]*)<\/h1>/.exec(body)?.[1]

const keys = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
}

for (const [alg, { privateKey, publicKey }] of Object.entries(keys))
  test(`private_key_jwt (${alg}): the server proves itself to the provider with its own key`, async (t) => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
    const clientKey = { ...publicKey.export({ format: 'jwk' }), kid: 'ours', use: 'sig' } as { kty: string }
    const setting = { clientSecret: undefined, privateKey: pem, privateKeyId: 'ours' }
    const [world, close] = await openReal({
      hospital: setting,
      national: setting,
      client: { clientBy: 'private_key_jwt', clientKey },
    })
    t.after(close)
    assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
  })

test('client_secret_post, and a secret that the provider does not know', async (t) => {
  const [world, close] = await openReal({
    hospital: { clientSecretBy: 'post' },
    national: { clientSecretBy: 'post', clientSecret: 'not the secret of it' },
    client: { clientBy: 'client_secret_post' },
  })
  t.after(close)
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
  assert.equal((await signInAt(world.browser(), 'national', 'bea')).status, 503)
})

test('fhirUser: a claim names the record, of the right type and in use, or it names nothing', async (t) => {
  const [world, close] = await openReal({ hospital: { claims: { fhirUser: 'fhir_user' } } })
  t.after(close)
  for (const [fhir_user, title] of [
    ['Practitioner/left', 'There is no account for you here'],
    ['Practitioner/nobody', 'There is no account for you here'],
    ['Patient/amara', 'There is no account for you here'],
    ['https://evil.example/fhir/Practitioner/lin', 'There is no account for you here'],
    ['Practitioner/okafor', 'You have an account here already'],
  ]) {
    world.hospital.directory.set('one', { fhir_user })
    assert.equal(heading((await signInAt(world.browser(), 'hospital', 'one')).body), title, fhir_user)
  }
  world.hospital.directory.set('one', { fhir_user: 'Practitioner/lin', name: 'One' })
  assert.match((await signInAt(world.browser(), 'hospital', 'one')).body, /Practitioner\/lin/)
})

test('firstSignIn refuse: only who has connected an account comes in', async (t) => {
  const [world, close] = await openReal({ hospital: { firstSignIn: 'refuse' } })
  t.after(close)
  const place = await signInAt(world.browser(), 'hospital', 'wei')
  assert.equal(heading(place.body), 'There is no account for you here')
  assert.equal((await world.stores.accounts.list()).length, 1)
})

test('acrValues and scopes are asked of the provider, and signOutThere false offers nothing', async (t) => {
  const [world, close] = await openReal({
    hospital: { acrValues: ['urn:a', 'urn:b'], scopes: ['openid', 'profile'], signOutThere: false },
  })
  t.after(close)
  const browser = world.browser()
  const account = await signInAt(browser, 'hospital', 'wei')
  const asked = world.hospital.lastRequest()
  assert.equal(asked.get('acr_values'), 'urn:a urn:b')
  assert.equal(asked.get('scope'), 'openid profile')
  const farewell = await browser.press(account, '/account/sign-out')
  assert.doesNotMatch(farewell.body, /Sign out at/)
})

test('claims.account: the account goes by that claim, and not by the subject', async (t) => {
  const [world, close] = await openReal({
    hospital: {
      claims: { account: 'oid', practitioner: { claim: 'npi', system: 'http://hl7.org/fhir/sid/us-npi' } },
    },
  })
  t.after(close)
  world.hospital.directory.set('old', { oid: 'o-1', npi: '1000000001', name: 'Old Name' })
  assert.match((await signInAt(world.browser(), 'hospital', 'old')).body, /Old Name/)
  world.hospital.directory.set('new', { oid: 'o-1', npi: '1000000001', name: 'New Name' })
  assert.match((await signInAt(world.browser(), 'hospital', 'new')).body, /New Name/)
  world.hospital.directory.set('none', { npi: '1000000001', name: 'Nobody' })
  assert.equal((await signInAt(world.browser(), 'hospital', 'none')).status, 403)
})
