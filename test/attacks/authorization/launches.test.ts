/** The good way through, so that the attacks beside it fail for the right reason. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import type { LaunchContext } from '../../../src/smart/context.ts'
import { ask, authorizeParameters, Browser, basic, claimsOf, obtain, query, redeem } from './visit.ts'
import {
  baseUrl,
  confidentialApp,
  createWorld,
  fhirBase,
  HOUR,
  publicApp,
  secret,
  start,
  users,
} from './world.ts'

test('SEED-44, CTX-14, TOK-11: a patient starts an app, allows it, and the app gets tokens for the own record', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open()
  assert.equal(consent.reply.status, 200)
  const back = await consent.allow()
  assert.equal(back.reply.status, 303)
  assert.equal(back.answer.get('state'), 'state-1')
  assert.equal(back.answer.get('iss'), baseUrl)
  const { status, body, headers } = await redeem(world, back.code)
  assert.equal(status, 200)
  assert.equal(body.patient, 'amara')
  assert.equal(body.token_type, 'Bearer')
  assert.equal(body.expires_in, 600)
  assert.equal(body.scope, 'openid fhirUser launch/patient patient/Observation.rs offline_access')
  assert.match(body.refresh_token, /^[0-9a-z]{9}[A-Za-z0-9_-]{43}$/)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers.pragma, 'no-cache')
  const verified = await world.authorization.verifyAccessToken(body.access_token)
  assert.equal(verified?.patient, 'amara')
  assert.equal(verified?.user, 'u-amara')
})

test('RFC-25, CTX-49, CTX-52: jose verifies both tokens with the published keys', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient, {
    nonce: 'n-1',
    scope: 'openid fhirUser profile launch/patient',
  })
  const keys = createLocalJWKSet(JSON.parse((await world.app.inject({ url: '/oauth/jwks' })).body))
  const currentDate = new Date(start)
  const id = await jwtVerify(tokens.id_token, keys, {
    issuer: baseUrl,
    audience: publicApp.id,
    algorithms: ['RS256'],
    currentDate,
  })
  assert.equal(id.payload.nonce, 'n-1')
  assert.equal(id.payload.fhirUser, `${fhirBase}/Patient/amara`)
  assert.equal(id.payload.profile, id.payload.fhirUser)
  const access = await jwtVerify(tokens.access_token, keys, {
    issuer: baseUrl,
    audience: fhirBase,
    algorithms: ['ES256'],
    typ: 'at+jwt',
    currentDate,
  })
  assert.equal(access.payload.client_id, publicApp.id)
  assert.equal(access.payload.patient, 'amara')
})

test('CTX-11, AUTHZ-26: a clinician searches, picks a patient and an encounter, and consents', async () => {
  const world = await createWorld()
  const recent = await new Browser(world, users.doctor).open({
    scope: 'launch/patient launch/encounter user/Patient.rs',
  })
  assert.deepEqual(recent.values('patient'), ['amara', 'diego', 'lucia'])
  const found = await recent.send([['q', 'alvarez']])
  assert.deepEqual(found.values('patient'), ['diego', 'lucia'])
  const visits = await found.send([['patient', 'lucia']])
  assert.deepEqual(visits.values('encounter'), ['e2', 'e1'])
  const consent = await visits.send([['encounter', 'e1']])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'lucia')
  assert.equal(body.encounter, 'e1')
})

test('CTX-10: one may go on without an encounter', async () => {
  const world = await createWorld()
  const patients = await new Browser(world, users.doctor).open({
    scope: 'launch/encounter patient/Condition.rs',
  })
  const visits = await patients.send([['patient', 'diego']])
  const consent = await visits.send([['without_encounter', 'yes']])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'diego')
  assert.equal('encounter' in body, false)
  assert.equal(body.scope, 'patient/Condition.rs')
})

test('CTX-10: of a patient who has no encounter none is asked for, and the scope is not granted', async () => {
  const world = await createWorld()
  for (const scope of ['launch/encounter', 'launch/encounter?role=https://roles.example/r']) {
    const consent = await new Browser(world, users.patient).open({ scope: `launch/patient ${scope}` })
    assert.deepEqual(consent.values('scope'), ['launch/patient'])
    const nothing = await new Browser(world, users.patient).open({ scope })
    assert.equal(nothing.answer.get('error'), 'invalid_scope')
  }
})

test('CTX-07: launch/encounter and launch/patient are granted as far as the launch has them, or the user chooses one', async () => {
  const world = await createWorld()
  const hints = 'launch launch/patient launch/encounter'
  const open = async (context: LaunchContext, scope: string) =>
    new Browser(world, users.doctor).open({ launch: await world.launch(users.doctor, context), scope })
  const whole = await open({ patient: 'amara', encounter: 'e9' }, `${hints} patient/*.rs`)
  assert.deepEqual(whole.values('scope').sort(), [...hints.split(' '), 'patient/*.rs'].sort())
  const without = await open({ patient: 'amara' }, `${hints} patient/*.rs`)
  assert.deepEqual(without.values('scope').sort(), ['launch', 'launch/patient', 'patient/*.rs'])
  const ofNobody = await open({}, `${hints} user/Patient.rs`)
  assert.deepEqual(ofNobody.values('scope').sort(), ['launch', 'user/Patient.rs'])
  const patients = await open({}, `${hints} patient/*.rs`)
  const chosen = await patients.send([['patient', 'diego']])
  assert.deepEqual(chosen.values('scope').sort(), ['launch', 'launch/patient', 'patient/*.rs'])
  const { body } = await redeem(world, (await chosen.allow()).code)
  assert.equal(body.patient, 'diego')
  const nothing = await open({}, 'launch/encounter')
  assert.equal(nothing.answer.get('error'), 'invalid_scope')
})

test('a parent chooses between the own record and the child', async () => {
  const world = await createWorld()
  const choice = await new Browser(world, users.parent).open()
  assert.deepEqual(choice.values('patient'), ['diego', 'lucia'])
  const consent = await choice.send([['patient', 'lucia']])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'lucia')
})

test('LNCH-06, CTX-13, SEED-20: an EHR launch brings its context without a second sign-in', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, {
    patient: 'amara',
    encounter: 'e9',
    needPatientBanner: false,
    intent: 'reconcile-medications',
    fhirContext: [{ reference: 'ImagingStudy/1' }],
  })
  const scope = 'launch launch/imagingstudy launch/diagnosticreport patient/Observation.rs'
  const consent = await new Browser(world, users.doctor).open({ launch, scope })
  assert.deepEqual(consent.values('scope').sort(), [
    'launch',
    'launch/imagingstudy',
    'patient/Observation.rs',
  ])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'amara')
  assert.equal(body.encounter, 'e9')
  assert.equal(body.need_patient_banner, false)
  assert.equal(body.intent, 'reconcile-medications')
  assert.deepEqual(body.fhirContext, [{ reference: 'ImagingStudy/1' }])
})

test("CONS-01: the organisation's own app is not asked about in an EHR launch, but is when it starts by itself or wants to be", async () => {
  const own = { ...publicApp, preApproved: true }
  const world = await createWorld({ clients: [own] })
  const browser = new Browser(world, users.doctor)
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  const straight = await browser.open({ launch, scope: 'launch patient/*.rs' })
  assert.equal((await redeem(world, straight.code)).body.patient, 'amara')
  const alone = await browser.open({ scope: 'user/Patient.rs' })
  assert.deepEqual(alone.values('decision'), ['deny', 'allow'])
  const wanted = await world.launch(users.doctor, { patient: 'amara' })
  const asked = await browser.open({ launch: wanted, scope: 'launch patient/*.rs', prompt: 'consent' })
  assert.deepEqual(asked.values('decision'), ['deny', 'allow'])
})

for (const type of [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=UTF-8',
  'Application/X-WWW-Form-Urlencoded;charset="utf-8"',
])
  test(`AUTHZ-20: by GET and by POST of ${type} the same comes of a request, whatever else stands in the address`, async () => {
    const world = await createWorld()
    const parameters = query(authorizeParameters({ scope: 'openid patient/Observation.rs' }))
    const other = query(authorizeParameters({ scope: 'openid user/Patient.rs', state: 'other' }))
    for (const request of [
      { url: `/oauth/authorize?${parameters}` },
      { url: '/oauth/authorize', body: parameters },
      { url: `/oauth/authorize?${other}`, body: parameters },
    ]) {
      const post = request.body !== undefined && { method: 'POST', headers: { 'content-type': type } }
      const sent = await world.app.inject({ ...request, ...post })
      assert.equal(sent.status, 303)
      const page = await new Browser(world, users.patient).visit(sent.headers.location ?? '')
      const back = await page.allow()
      assert.equal(back.answer.get('state'), 'state-1')
      assert.equal((await redeem(world, back.code)).body.scope, 'openid patient/Observation.rs')
    }
  })

test('EM-06, AUTHZ-20: POST to authorize works, and comes from another site', async () => {
  const world = await createWorld()
  const pairs: [string, string][] = [
    ['response_type', 'code'],
    ['client_id', publicApp.id],
    ['redirect_uri', publicApp.redirectUris[0] ?? ''],
    ['scope', 'openid'],
    ['state', 's'],
    ['aud', fhirBase],
    ['code_challenge', 'A'.repeat(43)],
    ['code_challenge_method', 'S256'],
  ]
  const browser = new Browser(world, users.patient)
  const reply = await browser.post('/oauth/authorize', pairs, { 'sec-fetch-site': 'cross-site' })
  assert.equal(reply.status, 303)
  const page = await browser.visit(reply.headers.location ?? '')
  assert.deepEqual(page.values('scope'), ['openid'])
})

test('SEED-29: without a session the user signs in first, with the hint the app gave', async () => {
  const world = await createWorld()
  const browser = new Browser(world)
  const page = await browser.open({ login_hint: 'amara@example.org' })
  assert.match(page.reply.headers.location ?? '', /^\/account\/sign-in\?return_to=%2Foauth%2Fflow%2F/)
  assert.match(page.reply.headers.location ?? '', /login_hint=amara%40example\.org/)
  const returnTo = new URL(page.reply.headers.location ?? '', baseUrl).searchParams.get('return_to') ?? ''
  assert.deepEqual(await world.authorization.formTargets(returnTo), ['https://app.example'])
  browser.cookies.session = users.patient.sessionId
  assert.equal((await browser.visit(returnTo)).reply.status, 200)
})

test('EM-06: in a frame the cookies come with a second step from our own page', async () => {
  const world = await createWorld()
  const browser = new Browser(world)
  const sent = await browser.open({ ui_locales: 'zh-TW' })
  const flow = new URL(sent.reply.headers.location ?? '', baseUrl).searchParams.get('return_to') ?? ''
  const page = await browser.visit(flow, { 'sec-fetch-site': 'cross-site' })
  assert.equal(page.reply.status, 200)
  const refresh = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(page.reply.body)?.[1]
  assert.equal(refresh, '?ui_locales&#61;zh-TW&#38;from&#61;here')
})

for (const dest of ['iframe', 'frame', 'object', 'embed'])
  test(`OIDC prompt=none: who asks in another site’s ${dest} hears that nobody is known there`, async () => {
    const world = await createWorld()
    const frame = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': dest }
    const browser = new Browser(world)
    const sent = await browser.get(
      `/oauth/authorize?${query(authorizeParameters({ prompt: 'none' }))}`,
      frame,
    )
    const page = await browser.visit(sent.headers.location ?? '', frame)
    assert.equal(page.answer.get('error'), 'login_required')
    assert.equal(page.answer.get('state'), 'state-1')
    assert.ok(page.reply.headers.location?.startsWith(`${publicApp.redirectUris[0]}?`))
  })

test('EM-06, OIDC prompt=none: a document of its own still gets its cookies with a second step', async () => {
  const world = await createWorld()
  const browser = new Browser(world)
  const sent = await browser.get(`/oauth/authorize?${query(authorizeParameters({ prompt: 'none' }))}`)
  const flow = sent.headers.location ?? ''
  const crossing = { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'document' }
  assert.equal((await browser.visit(flow, crossing)).reply.status, 200)
  const here = await browser.visit(`${flow}?from=here`, { ...crossing, 'sec-fetch-site': 'same-origin' })
  assert.equal(here.answer.get('error'), 'login_required')
})

test('TOK-08, TOK-25, RFC-10: a confidential app authenticates and gets an hour', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open({ client_id: confidentialApp.id })
  const { code } = await consent.allow()
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'https://app.example/callback',
    code_verifier: 'the-verifier-of-these-tests-has-more-than-43-characters',
  }
  const { status, body } = await ask(world, form, basic(confidentialApp.id, secret))
  assert.equal(status, 200)
  assert.equal(body.expires_in, HOUR / 1000)
})

test('SCOPE-12, SCOPE-13: an old app is answered in its own words', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient, { scope: 'launch/patient patient/*.read openid profile' })
  assert.equal(tokens.scope, 'launch/patient patient/*.read openid profile')
  assert.equal(claimsOf(tokens.access_token).scope, tokens.scope)
})

test('REFR-06, REFR-11, REFR-13, REFR-14, REFR-15, REFR-16, REFR-18: refreshing gives a new pair with scope, context and lifetime', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient)
  const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token, client_id: publicApp.id }
  const { status, body } = await ask(world, form)
  assert.equal(status, 200)
  assert.equal(body.scope, first.scope)
  assert.equal(body.patient, 'amara')
  assert.equal(body.token_type, 'Bearer')
  assert.equal(body.expires_in, 600)
  assert.notEqual(body.refresh_token, first.refresh_token)
  assert.notEqual(body.access_token, first.access_token)
})
