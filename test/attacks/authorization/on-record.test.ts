/** What leaves a record, so that nobody tries in silence: refused registrations, introspections that were answered, keys. RFC 7662 §4; RFC 7591 §5. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trailRules } from '../../../src/audit/chain.ts'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { createKeys } from '../../../src/authorization/keys.ts'
import { createAuditStore, createRecording } from '../../../src/store/audit.ts'
import { createKeyStore } from '../../../src/store/signing-keys.ts'
import { testOnEach } from '../../fixtures/databases.ts'
import { asConfidential, asResourceServer, introspect, obtainConfidential } from './tokens.ts'
import { obtain } from './visit.ts'
import { createWorld, DAY, HOUR, MINUTE, start, users, type World } from './world.ts'

const of = (world: World, kind: AuditEvent['kind']) => world.events.filter((event) => event.kind === kind)

test('a registration that is refused is on record with its reason, and with no secret', async () => {
  const world = await createWorld({ registration: { keepsWaiting: false } })
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ redirect_uris: ['https://new.example/cb'] })
  const secret = 'a-token-that-nobody-was-given-and-that-is-secret'
  const attempts = [
    { method: 'POST', url: '/oauth/register', headers, body },
    {
      method: 'POST',
      url: '/oauth/register',
      headers: { ...headers, authorization: `Bearer ${secret}` },
      body,
    },
    { method: 'GET', url: '/oauth/register/public-app', headers: { authorization: `Bearer ${secret}` } },
    {
      method: 'PUT',
      url: '/oauth/register/public-app',
      headers: { ...headers, authorization: `Bearer ${secret}` },
      body,
    },
    { method: 'DELETE', url: '/oauth/register/public-app' },
  ]
  for (const attempt of attempts) assert.equal((await world.app.inject(attempt)).status, 401)
  const told = of(world, 'registration-refused')
  assert.deepEqual(
    told.map(({ reason, outcome, actor }) => [reason, outcome, Object.keys(actor)]),
    [
      'initialTokenMissing',
      'initialToken',
      'registrationToken',
      'registrationToken',
      'registrationToken',
    ].map((reason) => [reason, 'refused', ['address']]),
  )
  assert.doesNotMatch(JSON.stringify(told), new RegExp(secret))
})

test('a registration with a member that is not acceptable is on record too', async () => {
  const world = await createWorld({ openRegistration: true })
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: ['javascript:alert(1)'] }),
  })
  assert.equal(reply.status, 400)
  assert.equal(of(world, 'registration-refused')[0]?.reason, 'redirectUriRule')
})

test('INTR-11: who was told of which token is on record, once a minute for each, and with no token in it', async () => {
  const world = await createWorld()
  const { access_token: token } = await obtain(world, users.patient)
  for (let turn = 0; turn < 5; turn++) assert.equal((await introspect(world, token)).body.active, true)
  const [told, ...more] = of(world, 'introspection')
  assert.deepEqual(more, [])
  assert.equal(told?.actor.client, 'resource-server')
  assert.match(told?.actor.grant ?? '', /^grant_/)
  assert.match(told?.actor.token ?? '', /^at_/)
  world.pass(MINUTE)
  await introspect(world, token)
  assert.equal(of(world, 'introspection').length, 2)
  const text = JSON.stringify(of(world, 'introspection'))
  for (const part of token.split('.')) assert.equal(text.includes(part), false)
})

test('INTR-11: another caller, a refresh token, and guesses are records of their own', async () => {
  const world = await createWorld()
  const { access_token: token, refresh_token: refresh } = await obtainConfidential(world, users.patient, {
    scope: 'openid offline_access patient/*.rs launch/patient',
  })
  await introspect(world, token, asResourceServer)
  await introspect(world, token, asConfidential)
  await introspect(world, String(refresh), asConfidential)
  for (const guess of ['a', 'b', 'c']) assert.equal((await introspect(world, guess)).body.active, false)
  assert.deepEqual(
    of(world, 'introspection').map(({ actor, reason = '' }) => [
      actor.client,
      actor.token !== undefined,
      actor.grant !== undefined,
      reason,
    ]),
    [
      ['resource-server', true, true, ''],
      ['confidential-app', true, true, ''],
      ['confidential-app', false, true, ''],
      ['resource-server', false, false, 'not active'],
    ],
  )
})

testOnEach('a key that is made, replaced or removed is on record in the same transaction', async (sql) => {
  const recording = createRecording(trailRules)
  let time = start
  const rotation = { rotateEvery: 90 * DAY, longestSigned: HOUR }
  const keys = await createKeys(createKeyStore(sql, undefined, recording), () => time, rotation)
  for (const days of [91, 91]) {
    time += days * DAY
    await keys.tend()
  }
  const trail = createAuditStore(sql, trailRules)
  const told = (await trail.list(0, 100)).map(({ event }) => ('change' in event ? event.change : ''))
  const words = told.map((change) =>
    change
      .split(' ')
      .slice(0, -1)
      .join(' ')
      .replace(/ [\w-]{43},/, ' …,'),
  )
  assert.deepEqual(words.slice(0, 4), ['made ES256', 'made RS256', 'made ES256', 'made RS256'])
  assert.equal(words.filter((word) => word.startsWith('removed')).length, 1)
  assert.doesNotMatch(JSON.stringify(told), /PRIVATE|BEGIN/)
  // What cannot be recorded does not happen.
  const failing = { ...recording, append: async () => Promise.reject(new Error('the disk is full')) }
  const before = (await createKeyStore(sql).list()).length
  time += 91 * DAY
  const store = createKeyStore(sql, undefined, failing)
  await assert.rejects(
    createKeys(store, () => time, rotation),
    /the disk is full/,
  )
  assert.equal((await createKeyStore(sql).list()).length, before)
})
