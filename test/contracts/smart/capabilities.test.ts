/** What is published works: one proof a capability, and none without one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capabilitySets, setsOf } from '../../../src/smart/capabilities.ts'
import {
  ask,
  authorizeParameters,
  Browser,
  basic,
  claimsOf,
  obtain,
  redeem,
} from '../../attacks/authorization/visit.ts'
import {
  baseUrl,
  callback,
  confidentialApp,
  createWorld,
  publicApp,
  secret,
  users,
  verifier,
  type World,
} from '../../attacks/authorization/world.ts'

async function published(world: World): Promise<string[]> {
  return JSON.parse((await world.app.inject({ url: '/fhir/.well-known/smart-configuration' })).body)
    .capabilities
}

/** Tokens of an EHR launch by the doctor. */
async function launched(world: World, scope: string) {
  const launch = await world.launch(users.doctor, {
    patient: 'diego',
    encounter: 'e1',
    needPatientBanner: true,
  })
  const page = await new Browser(world, users.doctor).open({ launch, scope })
  return (await redeem(world, (await page.allow()).code)).body
}

const standalone = (world: World, scope: string) => obtain(world, users.patient, { scope })

/** Proofs by the ids of their rows; each throws when the capability does not work. */
const proofs: readonly (readonly [ids: string, capability: string, (world: World) => Promise<void>])[] = [
  [
    'CAP-11, SEED-26',
    'launch-ehr',
    async (world) => assert.equal((await launched(world, 'launch patient/*.rs')).patient, 'diego'),
  ],
  [
    'CAP-12, SEED-21',
    'launch-standalone',
    async (world) => assert.equal((await standalone(world, 'launch/patient')).patient, 'amara'),
  ],
  [
    'CAP-13',
    'authorize-post',
    async (world) => {
      const reply = await new Browser(world, users.patient).post('/oauth/authorize', authorizeParameters())
      assert.match(reply.headers.location ?? '', /\/oauth\/flow\//)
    },
  ],
  ['CAP-14', 'client-public', async (world) => assert.ok((await standalone(world, 'openid')).access_token)],
  [
    'CAP-15, CAUTH-01',
    'client-confidential-symmetric',
    async (world) => {
      const page = await new Browser(world, users.patient).open({ client_id: confidentialApp.id })
      const { code } = await page.allow()
      const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
      assert.equal((await ask(world, form, basic(confidentialApp.id, 'wrong'))).status, 401)
      assert.equal((await ask(world, form, basic(confidentialApp.id, secret))).status, 200)
      const example = Buffer.from('my-app:my-app-secret-123').toString('base64')
      assert.equal(basic('my-app', 'my-app-secret-123').authorization, `Basic ${example}`)
    },
  ],
  [
    'CAP-17, SEED-58, SEED-74',
    'sso-openid-connect',
    async (world) => {
      const claims = claimsOf((await standalone(world, 'openid profile')).id_token)
      assert.match(String(claims.fhirUser), /\/Patient\/amara$/)
      assert.deepEqual([claims.iss, claims.aud, claims.sub], [baseUrl, publicApp.id, 'u-amara'])
      const now = Math.floor(world.now() / 1000)
      assert.equal(claims.iat, now)
      assert.ok(Number.isInteger(claims.exp) && Number(claims.exp) > now)
    },
  ],
  [
    'CAP-18',
    'context-banner',
    async (world) => assert.equal((await launched(world, 'launch patient/*.rs')).need_patient_banner, true),
  ],
  [
    'CAP-20',
    'context-ehr-patient',
    async (world) => assert.equal((await launched(world, 'launch launch/patient')).patient, 'diego'),
  ],
  [
    'CAP-21',
    'context-ehr-encounter',
    async (world) => assert.equal((await launched(world, 'launch launch/encounter')).encounter, 'e1'),
  ],
  [
    'CAP-22, SEED-59',
    'context-standalone-patient',
    async (world) => assert.equal((await standalone(world, 'launch/patient openid')).patient, 'amara'),
  ],
  [
    'CAP-23, SEED-27',
    'context-standalone-encounter',
    async (world) => {
      const patients = await new Browser(world, users.doctor).open({ scope: 'launch/encounter patient/*.rs' })
      assert.ok(patients.values('patient').includes('lucia'))
      const visits = await patients.send([['patient', 'lucia']])
      const consent = await visits.send([['encounter', 'e1']])
      const { body } = await redeem(world, (await consent.allow()).code)
      assert.deepEqual([body.patient, body.encounter], ['lucia', 'e1'])
    },
  ],
  [
    'CAP-24, SEED-63',
    'permission-offline',
    async (world) => {
      const { refresh_token } = await standalone(world, 'patient/*.rs offline_access')
      world.signOut(users.patient)
      const form = { grant_type: 'refresh_token', refresh_token, client_id: publicApp.id }
      assert.equal((await ask(world, form)).status, 200)
    },
  ],
  [
    'CAP-25',
    'permission-online',
    async (world) => {
      const { refresh_token } = await launched(world, 'launch patient/*.rs online_access')
      const form = { grant_type: 'refresh_token', refresh_token, client_id: publicApp.id }
      const next = await ask(world, form)
      assert.equal(next.status, 200)
      world.signOut(users.doctor)
      assert.equal((await ask(world, { ...form, refresh_token: next.body.refresh_token })).status, 400)
    },
  ],
  [
    'CAP-26',
    'permission-patient',
    async (world) =>
      assert.match((await standalone(world, 'patient/Condition.rs')).scope, /^patient\/Condition\.rs$/),
  ],
  [
    'CAP-27',
    'permission-user',
    async (world) => assert.match((await standalone(world, 'user/Patient.rs')).scope, /^user\/Patient\.rs$/),
  ],
  [
    'CAP-28, SCOPE-11, SEED-53, SEED-60, SEED-84',
    'permission-v1',
    async (world) =>
      assert.equal(
        (await standalone(world, 'patient/*.read openid profile')).scope,
        'patient/*.read openid profile',
      ),
  ],
  [
    'CAP-29, SEED-86',
    'permission-v2',
    async (world) => {
      const scope = 'patient/Observation.rs?category=laboratory'
      assert.equal((await standalone(world, scope)).scope, scope)
    },
  ],
]

for (const [ids, capability, prove] of proofs)
  test(`${ids}: ${capability} is published and works`, async () => {
    const world = await createWorld()
    assert.ok((await published(world)).includes(capability))
    await prove(world)
  })

/** Proved where the endpoint itself is. */
const elsewhere = ['client-confidential-asymmetric', 'context-style']

test('CAP-02, CAP-03, CAP-10: nothing is published without a proof, and own capabilities are URIs', async () => {
  const named = [...proofs.map(([, capability]) => capability), ...elsewhere]
  for (const capability of await published(await createWorld())) {
    if (/^https?:\/\//.test(capability)) continue
    assert.ok(named.includes(capability), capability)
  }
})

test('CAP-01, CAP-04, CAP-05, CAP-06, CAP-07: all four capability sets follow from what is published', async () => {
  assert.deepEqual(setsOf(await published(await createWorld())), Object.keys(capabilitySets))
})
