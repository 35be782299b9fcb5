import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from './app.ts'
import { silentLog } from './log.ts'
import { createBuckets } from './rate-limit.ts'
import { createRateLimits, networkOf, type RateRule } from './rate-limits.ts'
import { json, text } from './reply.ts'

const MINUTE = 60_000

function played(rules: readonly RateRule[]) {
  const state = { time: 0 }
  const app = createApp({
    routes: [
      {
        method: 'POST',
        path: '/oauth/token',
        cors: 'registered',
        failure: (status, sentence) =>
          json(status, { error: 'temporarily_unavailable', error_description: sentence }),
        handle: () => text(200, 'given'),
      },
      { method: ['GET', 'POST'], path: '/account/sign-in', handle: () => text(200, 'in') },
    ],
    log: silentLog,
    baseUrl: 'https://ehr.example',
    allowsOrigin: async (origin) => origin === 'https://app.example',
    limits: createRateLimits(rules, {
      isExempt: (address) => address === '127.0.0.1',
      now: () => state.time,
    }),
  })
  const ask = (remoteAddress: string, more: object = {}) =>
    app.inject({ method: 'POST', url: '/oauth/token', remoteAddress, form: {}, ...more })
  return { state, app, ask }
}

const token = { name: 'token', path: /^\/oauth\/token$/ }

test('an address that asks too often is told so in the endpoint’s own format, and when to come again', async () => {
  const { state, ask } = played([{ ...token, rates: { perAddress: 3 } }])
  for (let at = 0; at < 3; at++) assert.equal((await ask('192.0.2.1')).status, 200)
  const refused = await ask('192.0.2.1', { headers: { origin: 'https://app.example' } })
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '20')
  assert.equal(refused.headers['access-control-allow-origin'], 'https://app.example')
  assert.match(refused.headers['access-control-expose-headers'] ?? '', /Retry-After/)
  assert.deepEqual(JSON.parse(refused.body), {
    error: 'temporarily_unavailable',
    error_description: 'Too many requests: try again in 20 s.',
  })
  state.time += 20_000
  assert.equal((await ask('192.0.2.1')).status, 200)
  assert.equal((await ask('192.0.2.1')).status, 429)
})

test('nobody is locked out by what another address does, whatever app or account it names', async () => {
  const rates = { perAddress: 100, perClient: 2, perAccount: 2 }
  const { app, ask } = played([
    { ...token, rates },
    { name: 'signIn', path: /sign-in/, methods: ['POST'], rates },
  ])
  const basic = { authorization: `Basic ${Buffer.from('app:secret').toString('base64')}` }
  const assertion = `e30.${Buffer.from('{"sub":"app"}').toString('base64url')}.x`
  const namings = [
    { form: { client_id: 'app' } },
    { headers: basic },
    { form: { client_assertion: assertion } },
  ]
  const statuses = []
  for (const naming of namings) statuses.push((await ask('192.0.2.1', naming)).status)
  assert.deepEqual(statuses, [200, 200, 429])
  assert.equal((await ask('192.0.2.2', namings[0])).status, 200)
  assert.equal((await ask('192.0.2.1', { form: { client_id: 'another' } })).status, 200)
  const signIn = (remoteAddress: string, method = 'POST') =>
    app.inject({
      url: '/account/sign-in',
      method,
      remoteAddress,
      ...(method === 'POST' && { form: { username: 'lin' } }),
    })
  for (let at = 0; at < 2; at++) assert.equal((await signIn('192.0.2.1')).status, 200)
  assert.equal((await signIn('192.0.2.1')).status, 429)
  assert.equal((await signIn('192.0.2.1', 'GET')).status, 200)
  assert.equal((await signIn('192.0.2.2')).status, 200)
})

test('a subscriber’s IPv6 network counts as one address; exempt addresses are not counted', async () => {
  const { ask } = played([{ ...token, rates: { perAddress: 1 } }])
  assert.equal((await ask('2001:db8:1:2::1')).status, 200)
  assert.equal((await ask('2001:db8:1:2:ffff::9')).status, 429)
  assert.equal((await ask('2001:db8:1:3::1')).status, 200)
  for (let at = 0; at < 5; at++) assert.equal((await ask('127.0.0.1')).status, 200)
  assert.equal(networkOf('2001:0DB8:0001::1'), networkOf('2001:db8:1:0:5::'))
  assert.equal(networkOf('::1'), '0:0:0:0')
  assert.equal(networkOf('192.0.2.1'), '192.0.2.1')
})

test('what cannot be read is counted by its address, and told by the endpoint', async () => {
  const { ask } = played([{ ...token, rates: { perAddress: 3, perClient: 1 } }])
  const broken = {
    form: undefined,
    body: 'client_id=%zz',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }
  const odd = [
    broken,
    { form: { client_assertion: 'x.bm9uZQ.y' } },
    { headers: { authorization: 'Basic %%%' } },
  ]
  for (const request of odd) assert.equal((await ask('192.0.2.1', request)).status, 200)
  assert.equal((await ask('192.0.2.1', broken)).status, 429)
})

test('memory has an end: the key that was asked longest ago is forgotten', () => {
  const buckets = createBuckets(100)
  for (let at = 0; at < 10_000; at++) buckets.take(`key ${at}`, 1, 0)
  assert.equal(buckets.size, 100)
  assert.equal(buckets.take('key 9999', 1, 0), 60)
  assert.equal(buckets.take('key 9999', 1, MINUTE), 0)
})

test('a clock that goes back gives nothing away and takes nothing', () => {
  const buckets = createBuckets()
  assert.equal(buckets.take('a', 2, MINUTE), 0)
  assert.equal(buckets.take('a', 2, 0), 0)
  assert.equal(buckets.take('a', 2, 0), 30)
})
