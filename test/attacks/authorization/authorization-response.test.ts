/** What comes back to the app, and what a stranger can do with it: nothing. CODE-02, CODE-07; RFC 9700 §4.4, §4.5, §4.8; RFC 9207. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizeParameters, Browser, query, redeem } from './visit.ts'
import {
  baseUrl,
  callback,
  challenge,
  createWorld,
  fhirBase,
  otherApp,
  publicApp,
  sha256,
  users,
  verifier,
} from './world.ts'

test('AUTHZ-13, AUTHZ-18, CODE-02, CODE-07: the answer is a code, the state and the issuer, and no scope', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ aud: fhirBase, code_challenge_method: 'S256' })
  const back = await page.allow()
  assert.ok(back.reply.headers.location?.startsWith(`${callback}?code=`))
  assert.deepEqual([...back.answer.keys()], ['code', 'state', 'iss'])
})

test('AUTHZ-25, CODE-01, CODE-03: the person decides, and a refusal gives nothing, whatever is still ticked', async () => {
  for (const isTicked of [true, false]) {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open()
    const boxes = isTicked ? page.values('scope').map((one) => ['scope', one] as const) : []
    const back = await page.send([...boxes, ['decision', 'deny']])
    assert.ok(back.reply.headers.location?.startsWith(`${callback}?error=access_denied&`))
    assert.equal(back.answer.get('state'), 'state-1')
    assert.equal(back.answer.has('code'), false)
    assert.deepEqual(await world.sql.all('SELECT * FROM codes'), [])
    const outcomes = world.events.filter(({ kind }) => kind === 'authorize').map(({ outcome }) => outcome)
    assert.equal(outcomes.includes('success'), false)
  }
})

test('RFC 9700 §4.5: a code put into another person’s session fails at the verifier of that session', async () => {
  const world = await createWorld()
  const stolen = (await (await new Browser(world, users.patient).open({ scope: 'openid' })).allow()).code
  const own = 'the-verifier-of-the-session-that-the-code-is-injected-into'
  const { body } = await redeem(world, stolen, { code_verifier: own })
  assert.equal(body.error, 'invalid_grant')
  assert.equal((await redeem(world, stolen)).status, 200)
})

test('RFC 9700 §4.8: a challenge that was swapped on the way is worth nothing to the app whose verifier it is not', async () => {
  const world = await createWorld()
  const attackers = 'the-verifier-of-somebody-who-changed-the-request-on-its-way'
  const page = await new Browser(world, users.patient).open({
    scope: 'openid',
    code_challenge: sha256(attackers),
  })
  const { code } = await page.allow()
  assert.equal((await redeem(world, code)).body.error, 'invalid_grant')
})

test('RFC 9207 §2.4, RFC 9700 §4.4: an app of two servers can tell ours apart, with a code and with an error', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  const answers = [
    (await (await browser.open({ scope: 'openid' })).allow()).answer,
    (await browser.open({ aud: 'https://honest.example/fhir' })).answer,
    (await browser.open({ response_type: 'token' })).answer,
  ]
  for (const answer of answers) assert.deepEqual(answer.getAll('iss'), [baseUrl])
})

test('RFC 9700 §4.4: what the request says of the issuer does not come back', async () => {
  const world = await createWorld()
  const pairs = [...authorizeParameters({ scope: 'nonsense' }), ['iss', 'https://evil.example']] as const
  const reply = await new Browser(world).get(`/oauth/authorize?${query(pairs)}`)
  assert.deepEqual(new URL(reply.headers.location ?? '').searchParams.getAll('iss'), [baseUrl])
})

test('RFC-05: a code that another app sends in, by mistake or by a mix-up, stays good for its owner', async () => {
  const world = await createWorld()
  const { code } = await (await new Browser(world, users.patient).open({ scope: 'openid' })).allow()
  assert.equal((await redeem(world, code, { client_id: otherApp.id })).body.error, 'invalid_grant')
  assert.equal((await redeem(world, code)).status, 200)
})

test('RFC-02: an app whose redirect URI has a query of its own gets the answer behind it', async () => {
  const uri = 'https://app.example/callback?tenant=1'
  const world = await createWorld({ clients: [{ ...publicApp, redirectUris: [uri] }] })
  const page = await new Browser(world, users.patient).open({ redirect_uri: uri, scope: 'openid' })
  const back = await page.allow()
  assert.ok(back.reply.headers.location?.startsWith(`${uri}&code=`))
  assert.equal((await redeem(world, back.code, { redirect_uri: uri })).status, 200)
})

test('EM-02: half of PKCE at either end is no PKCE', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  for (const changes of [
    { code_challenge: undefined },
    { code_challenge_method: undefined },
    { code_challenge: verifier },
  ])
    assert.equal((await browser.open(changes)).answer.get('error'), 'invalid_request')
  const { code } = await (await browser.open({ scope: 'openid', code_challenge: challenge })).allow()
  assert.equal((await redeem(world, code, { code_verifier: undefined })).body.error, 'invalid_request')
})
