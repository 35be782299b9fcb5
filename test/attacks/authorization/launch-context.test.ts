/** What a launch gives an app, row by row of the specification, by the whole server. CTX, CAP. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { setsOf } from '../../../src/smart/capabilities.ts'
import { Browser, csrfOf, local } from './launch-browser.ts'
import { openLaunchWorld } from './launch-world.ts'
import { ask, claimsOf, obtain, Browser as Visitor } from './visit.ts'
import { baseUrl, callback, createWorld, fhirBase, publicApp, users, verifier } from './world.ts'

test('CTX-09, CTX-12: a patient is inferred where a patient/ scope comes without launch/patient', async () => {
  const tokens = await obtain(await createWorld(), users.patient, { scope: 'patient/Observation.rs' })
  assert.equal(tokens.patient, 'amara')
})

test('CTX-15: patient-level scopes of a token are bound to the patient that the response names', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const { ordered } = await browser.start()
  const { page, url } = await browser.authorize(ordered.launch)
  const scopes = [...page.body.matchAll(/name="scope" value="([^"]*)"/g)].map(([, value = '']) => value)
  const form = [
    ['_csrf', csrfOf(page.body)],
    ['decision', 'allow'],
    ...scopes.map((scope) => ['scope', scope.replaceAll('&#47;', '/')]),
  ] as [string, string][]
  const back = await world.app.inject({ method: 'POST', url: local(url), cookies: browser.cookies, form })
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/token',
    form: {
      grant_type: 'authorization_code',
      client_id: 'app',
      code: new URL(back.headers.location ?? '').searchParams.get('code') ?? '',
      redirect_uri: callback,
      code_verifier: verifier,
    },
  })
  const tokens = JSON.parse(reply.body) as { patient: string; access_token: string }
  assert.equal(tokens.patient, 'a')
  const read = async (path: string) => {
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    return (await world.app.inject({ url: `/fhir/${path}`, headers })).status
  }
  assert.equal(await read('Patient/a'), 200)
  assert.equal(await read('ImagingStudy/a-study'), 200)
  assert.equal(await read('Patient/b'), 404)
  assert.equal(await read('ImagingStudy/b-study'), 404)
})

for (const [user, type] of [
  [users.doctor, 'Practitioner'],
  [users.patient, 'Patient'],
] as const) {
  test(`CTX-41, CTX-43, CTX-45, CTX-46: openid and fhirUser give an ID token that names the ${type}`, async () => {
    const world = await createWorld()
    const tokens = await obtain(world, user, { scope: 'openid fhirUser' })
    const claims = claimsOf(tokens.id_token)
    assert.equal(claims.fhirUser, `${fhirBase}/${user.fhirUser}`)
    assert.ok(user.fhirUser.startsWith(`${type}/`))
    assert.equal(claims.iss, baseUrl)
    assert.equal(claims.aud, publicApp.id)
  })
}

test('CTX-43: in an EHR launch too, and without openid there is none', async () => {
  const world = await createWorld()
  const launched = async (scope: string) =>
    obtain(world, users.doctor, { scope, launch: await world.launch(users.doctor, { patient: 'amara' }) })
  const { id_token } = await launched('launch openid fhirUser patient/*.rs')
  assert.equal(claimsOf(id_token).fhirUser, `${fhirBase}/Practitioner/lin`)
  assert.equal((await launched('launch patient/*.rs')).id_token, undefined)
})

test('CTX-47: OpenID parameters that need no support are no reason to refuse', async () => {
  const consent = await new Visitor(await createWorld(), users.patient).open({
    display: 'popup',
    claims_locales: 'fr',
    acr_values: 'urn:unheard-of',
  })
  assert.ok(consent.values('scope').length > 0)
})

test('REFR-06, REFR-11, REFR-18: a refresh has the claims and the context of the first token, and no more', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, {
    patient: 'amara',
    encounter: 'e1',
    fhirContext: [{ reference: 'ImagingStudy/1' }],
    intent: 'review',
    needPatientBanner: false,
    smartStyleUrl: 'https://ehr.example/style.json',
    tenant: 'north',
    appContext: 'plan 7',
  })
  const first = await obtain(world, users.doctor, {
    launch,
    scope: 'launch openid fhirUser patient/*.rs offline_access',
  })
  const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token, client_id: publicApp.id }
  const { body: next } = await ask(world, form)
  for (const member of [
    'scope',
    'patient',
    'encounter',
    'fhirContext',
    'intent',
    'need_patient_banner',
    'smart_style_url',
    'tenant',
    'appContext',
  ]) {
    assert.notEqual(first[member], undefined, member)
    assert.deepEqual(next[member], first[member], member)
  }
  const [before, after] = [first, next].map(({ access_token }) => {
    const { jti: _, iat: __, exp: ___, ...claims } = claimsOf(access_token)
    return claims
  })
  assert.deepEqual(after, before)
})

test('CAP-01, CAP-02, CAP-03, CAP-10: what is published makes up all four capability sets, in names that SMART defines', async () => {
  const world = await createWorld()
  const reply = await world.app.inject({ url: '/fhir/.well-known/smart-configuration' })
  const { capabilities } = JSON.parse(reply.body) as { capabilities: string[] }
  assert.equal(setsOf(capabilities).length, 4)
  for (const name of capabilities) assert.match(name, /^[a-z0-9-]+$|^https?:\/\//)
  for (const name of [
    'context-banner',
    'context-style',
    'context-ehr-patient',
    'context-standalone-encounter',
  ])
    assert.ok(capabilities.includes(name), name)
})

test('CTX-37: the guide says which roles are supported', async () => {
  const guide = await readFile(new URL('../../../docs/guides/launching-apps.md', import.meta.url), 'utf8')
  assert.match(guide, /A role is `launch`, which is the default, or an absolute URI/)
})
