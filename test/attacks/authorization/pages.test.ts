/** Attempts on the pages of a running authorization: forged and tampered forms, other sessions, hostile names. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizeParameters, Browser, query, redeem } from './visit.ts'
import { callback, createWorld, MINUTE, publicApp, users } from './world.ts'

test('a form without our field, with a wrong one, or with another browser’s is refused and changes nothing', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open()
  const foreign = await new Browser(world, users.doctor).open()
  for (const csrf of ['', 'wrong', foreign.csrf]) {
    const page = await consent.send(
      [
        ['scope', 'openid'],
        ['decision', 'allow'],
      ],
      csrf,
    )
    assert.equal(page.reply.status, 403)
    assert.equal(page.reply.headers.location, undefined)
  }
  assert.notEqual((await consent.allow()).code, '')
})

test('a form sent from another site is refused, whatever it carries', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open()
  const fields = [
    ['_csrf', consent.csrf],
    ['scope', 'openid'],
    ['decision', 'allow'],
  ] as const
  const reply = await consent.browser.post(consent.url, fields, { 'sec-fetch-site': 'cross-site' })
  assert.equal(reply.status, 403)
})

test('another session can neither see nor continue a flow', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open()
  const thief = new Browser(world, users.doctor)
  const seen = await thief.visit(consent.url)
  assert.equal(seen.reply.status, 403)
  assert.doesNotMatch(seen.reply.body, /Amara/)
  const own = await thief.open()
  const reply = await thief.post(consent.url, [
    ['_csrf', own.csrf],
    ['scope', 'openid'],
    ['decision', 'allow'],
  ])
  assert.equal(reply.status, 403)
  assert.equal(reply.headers.location, undefined)
  const nobody = await new Browser(world).visit(consent.url)
  assert.match(nobody.reply.headers.location ?? '', /^\/account\/sign-in/)
  assert.notEqual((await consent.allow()).code, '')
})

test('an answer before any page was shown is refused', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  const { csrf } = await browser.open()
  const opened = await browser.get(`/oauth/authorize?${query(authorizeParameters())}`)
  const reply = await browser.post(opened.headers.location ?? '', [
    ['_csrf', csrf],
    ['scope', 'openid'],
    ['decision', 'allow'],
  ])
  assert.equal(reply.status, 409)
})

for (const [what, scopes] of [
  ['wider', ['patient/*.cruds']],
  ['of another level', ['user/Observation.rs']],
  ['new beside a good one', ['openid', 'patient/Patient.r']],
  ['repeated', ['openid', 'openid', 'system/*.rs']],
  ['two in one', ['openid patient/*.cruds']],
] as const) {
  test(`REFR-10: a scope on the consent form that is ${what} is refused`, async () => {
    const world = await createWorld()
    const consent = await new Browser(world, users.patient).open()
    const page = await consent.allow(scopes)
    assert.equal(page.reply.status, 400)
    assert.equal(page.reply.headers.location, undefined)
    assert.deepEqual(await world.sql.all('SELECT * FROM codes'), [])
  })
}

test('SCOPE-27: what is unticked is not granted, nor its context', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open({
    scope: 'openid fhirUser launch/patient patient/Condition.rs',
  })
  const { body } = await redeem(world, (await consent.allow(['openid'])).code)
  assert.equal(body.scope, 'openid')
  assert.equal('patient' in body, false)
})

test('AMB-22: declining and allowing nothing are both access_denied, and end the flow', async () => {
  const world = await createWorld()
  for (const fields of [[['decision', 'deny']], [['decision', 'allow']]] as const) {
    const consent = await new Browser(world, users.patient).open()
    const back = await consent.send(fields)
    assert.ok(back.reply.headers.location?.startsWith(`${callback}?error=access_denied&`))
    assert.equal(back.answer.get('state'), 'state-1')
    const { reply } = await consent.allow()
    assert.deepEqual([reply.status, reply.headers.location], [410, undefined])
  }
})

for (const decision of [
  [],
  [['decision', 'maybe']],
  [
    ['decision', 'deny'],
    ['decision', 'allow'],
  ],
] as const) {
  test(`a consent form that decides ${JSON.stringify(decision)} decides nothing`, async () => {
    const world = await createWorld()
    const consent = await new Browser(world, users.patient).open()
    const page = await consent.send([['scope', 'openid'], ...decision])
    assert.equal(page.reply.status, 400)
  })
}

test('the picker can be left by declining', async () => {
  const world = await createWorld()
  const back = await (await new Browser(world, users.doctor).open()).send([['decision', 'deny']])
  assert.equal(back.answer.get('error'), 'access_denied')
})

for (const patient of [
  'secret',
  'nobody',
  '../Patient/amara',
  'Patient/amara',
  'amara,secret',
  '<b>',
  "' OR 1=1 --",
  'x'.repeat(100),
]) {
  test(`SEED-44: a patient that was not on offer cannot be chosen: ${patient.slice(0, 20)}`, async () => {
    const world = await createWorld()
    const choice = await new Browser(world, users.parent).open()
    const page = await choice.send([['patient', patient]])
    assert.equal(page.reply.status, 400)
    assert.deepEqual((await choice.browser.visit(choice.url)).values('patient'), ['diego', 'lucia'])
  })
}

test('SEED-44: a patient user cannot choose a record of others that exists', async () => {
  const world = await createWorld()
  const choice = await new Browser(world, users.parent).open()
  assert.equal((await choice.send([['patient', 'amara']])).reply.status, 400)
})

test('an encounter of nobody, or before the patient, or chosen twice, is refused', async () => {
  const world = await createWorld()
  const patients = await new Browser(world, users.doctor).open({ scope: 'launch/encounter patient/*.rs' })
  assert.equal((await patients.send([['encounter', 'e1']])).reply.status, 409)
  const visits = await patients.send([['patient', 'diego']])
  assert.equal((await visits.send([['encounter', 'e77']])).reply.status, 400)
  assert.equal((await visits.send([['patient', 'lucia']])).reply.status, 409)
  const consent = await visits.send([['encounter', 'e1']])
  assert.equal((await consent.send([['encounter', 'e2']])).reply.status, 400)
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.deepEqual([body.patient, body.encounter], ['diego', 'e1'])
})

test('a flow ends after ten minutes, and one that never was is not found', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open()
  world.pass(10 * MINUTE)
  assert.equal((await consent.allow()).reply.status, 404)
  const ids = ['x', 'A'.repeat(43), '..%2f..%2fetc', '%00', 'x'.repeat(1000)]
  for (const id of ids) {
    const reply = await world.app.inject({ url: `/oauth/flow/${id}` })
    assert.ok(reply.status === 404 || reply.status === 400, `${id} gave ${reply.status}`)
  }
})

test('of one consent page sent twice at once comes one code', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open()
  const pages = await Promise.all([consent.allow(), consent.allow()])
  assert.equal(new Set(pages.map(({ code }) => code)).size, 1)
  assert.notEqual(pages[0]?.code, '')
  assert.equal((await world.sql.all('SELECT * FROM codes')).length, 1)
})

const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>'

test('names, addresses and scopes of an app cannot become markup', async () => {
  const evil = {
    ...publicApp,
    name: hostile,
    clientUri: `https://evil.example/${hostile}`,
    policyUri: 'javascript:alert(1)',
    tosUri: `https://evil.example/"onmouseover="alert(1)`,
    logoUri: `https://evil.example/logo.png"onerror="alert(1)`,
  }
  const world = await createWorld({ clients: [evil] })
  const scope = 'launch/patient patient/Observation.rs?category=<script>alert(1)</script>'
  for (const user of [users.patient, users.doctor]) {
    const page = await new Browser(world, user).open({ scope })
    assert.equal(page.reply.status, 200)
    assert.doesNotMatch(page.reply.body, /<script>alert|onerror="?alert|"onmouseover|href="javascript/)
  }
})

for (const logoUri of [
  'javascript:alert(1)',
  'data:image/svg+xml,<svg/onload=alert(1)>',
  'http://evil.example/pixel.png',
  'file:///etc/passwd',
  'not a url',
]) {
  test(`a logo of ${logoUri.slice(0, 24)} is not shown`, async () => {
    const world = await createWorld({ clients: [{ ...publicApp, logoUri }] })
    const page = await new Browser(world, users.patient).open()
    assert.doesNotMatch(page.reply.body, /consent-logo/)
    assert.doesNotMatch(page.reply.headers['content-security-policy'] ?? '', /evil|javascript/)
  })
}

test('a hostile search is text, and stays out of the address', async () => {
  const world = await createWorld()
  const picker = await new Browser(world, users.doctor).open()
  const page = await picker.send([['q', hostile]])
  assert.equal(page.reply.status, 200)
  assert.doesNotMatch(page.reply.body, /<script>alert/)
  assert.equal((await picker.send([['q', 'x'.repeat(100_000)]])).reply.status, 200)
})

test('our pages may send forms to the app and to nowhere else, and cannot be kept', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open()
  assert.match(
    page.reply.headers['content-security-policy'] ?? '',
    /form-action 'self' https:\/\/app\.example;/,
  )
  assert.match(page.reply.headers['content-security-policy'] ?? '', /frame-ancestors 'none'/)
  assert.equal(page.reply.headers['cache-control'], 'no-store')
  const native = await new Browser(world, users.patient).open({ redirect_uri: 'org.example.app:/cb' })
  assert.match(
    native.reply.headers['content-security-policy'] ?? '',
    /form-action 'self' org\.example\.app:;/,
  )
})

test('line breaks in any parameter reach no header', async () => {
  const world = await createWorld()
  const breaks = 'x\r\nSet-Cookie: stolen=1\r\n\r\n<script>'
  for (const name of [
    'state',
    'scope',
    'nonce',
    'login_hint',
    'ui_locales',
    'prompt',
    'client_id',
    'launch',
    'aud',
  ]) {
    const page = await new Browser(world).open({ [name]: breaks })
    assert.equal(page.reply.headers['set-cookie'], undefined)
    assert.doesNotMatch(page.reply.headers.location ?? '', /[\r\n]/)
  }
})

test('CTX-40: nobody without a FHIR record is offered to be named by one', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.admin).open({ scope: 'openid fhirUser profile' })
  assert.deepEqual(consent.values('scope'), ['openid'])
})

test('a request whose time ran out, or that never was, is told so in its own words', async () => {
  const world = await createWorld()
  const waiting = await new Browser(world).open()
  const flow = new URL(waiting.reply.headers.location ?? '', callback).searchParams.get('return_to') ?? ''
  world.pass(11 * MINUTE)
  const browser = new Browser(world, users.patient)
  for (const url of [flow, `/oauth/flow/${'x'.repeat(43)}`]) {
    const { reply } = await browser.visit(url)
    assert.equal(reply.status, 404)
    assert.match(reply.body, /<h1>This request is over<\/h1>\s*<p>[^<]*Go back to the app and start again/)
    const chinese = await browser.visit(`${url}?ui_locales=zh-TW`)
    assert.match(chinese.reply.body, /<h1>這次授權已結束<\/h1>\s*<p>[^<]*回到應用程式重新開始/)
  }
})

test('who comes to the request of another sign-in reads that it is one, and not that they lack a right', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open()
  const other = new Browser(world, users.doctor)
  const { reply } = await other.visit(consent.url)
  assert.equal(reply.status, 403)
  assert.match(reply.body, /<h1>This request belongs to another sign-in<\/h1>/)
  assert.doesNotMatch(reply.body, /You may not do this|does not have the right/)
  const chinese = await other.visit(`${consent.url}?ui_locales=zh-TW`)
  assert.match(chinese.reply.body, /<h1>這次授權屬於另一次登入<\/h1>/)
  const late = await other.post(consent.url, [['_csrf', (await other.open()).csrf]])
  assert.equal(late.status, 403)
})

test('an answer that the request does not wait for is told what to do', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  const opened = await browser.get(`/oauth/authorize?${query(authorizeParameters())}`)
  const { csrf } = await browser.open()
  const reply = await browser.post(opened.headers.location ?? '', [
    ['_csrf', csrf],
    ['decision', 'allow'],
  ])
  assert.equal(reply.status, 409)
  assert.match(reply.body, /<h1>This page is no longer current<\/h1>/)
})
