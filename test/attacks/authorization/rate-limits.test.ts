/** Guessing and flooding: slowed down in each endpoint's own format, and no way to hold up anybody else. SEC-09, RFC 6819 §4.4.3.11. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimits } from '../../../src/config/rate-limits.ts'
import type { InjectedRequest } from '../../../src/http/inject.ts'
import { createTrust } from '../../../src/http/proxies.ts'
import { rateLimitsOf } from '../../../src/server/rate-limits.ts'
import { basic } from './visit.ts'
import { confidentialApp, createWorld, publicApp, start } from './world.ts'

const attacker = '203.0.113.7'
const victim = '198.51.100.9'
const few = { perAddress: 5, perClient: 3 }

function limitedWorld(settings: object = {}, more: { trustedProxies?: string[] } = {}) {
  const limits = rateLimitsOf(
    rateLimits.parse({ token: few, authorize: few, register: { perAddress: 2 }, ...settings }),
    () => start,
  )
  return createWorld({ openRegistration: true, http: { limits, ...more } })
}

const guess: InjectedRequest = {
  url: '/oauth/token',
  form: { grant_type: 'authorization_code', client_id: publicApp.id, code: 'A'.repeat(43) },
}

test('codes cannot be guessed without end: the token endpoint says in JSON when to come again', async () => {
  const world = await limitedWorld()
  const statuses = []
  for (let at = 0; at < 5; at++)
    statuses.push((await world.app.inject({ ...guess, remoteAddress: attacker })).status)
  assert.deepEqual(statuses, [400, 400, 400, 429, 429])
  const reply = await world.app.inject({ ...guess, remoteAddress: attacker })
  assert.equal(JSON.parse(reply.body).error, 'temporarily_unavailable')
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.match(reply.headers['retry-after'] ?? '', /^\d+$/)
  // A refused flood writes nothing, so it cannot fill the audit trail.
  assert.equal(world.events.length, 3)
})

test('guesses under another app’s name hold up neither its users elsewhere nor other apps at the same address', async () => {
  const world = await limitedWorld({ token: { perAddress: 100, perClient: 3 } })
  for (let at = 0; at < 10; at++) await world.app.inject({ ...guess, remoteAddress: attacker })
  assert.equal((await world.app.inject({ ...guess, remoteAddress: victim })).status, 400)
  const headers = basic(confidentialApp.id, 'wrong')
  assert.equal((await world.app.inject({ ...guess, form: {}, headers, remoteAddress: attacker })).status, 401)
})

test('a secret cannot be guessed without end by header, and the name in the body is no way around', async () => {
  const world = await limitedWorld({ token: { perAddress: 100, perClient: 3 } })
  const statuses = []
  for (let at = 0; at < 5; at++) {
    const headers = basic(confidentialApp.id, `guess ${at}`)
    const form = { grant_type: 'refresh_token', client_id: `name ${at}` }
    statuses.push(
      (await world.app.inject({ url: '/oauth/token', form, headers, remoteAddress: attacker })).status,
    )
  }
  assert.deepEqual(statuses.slice(3), [429, 429])
})

test('an address that writes its own X-Forwarded-For is no other address', async () => {
  const world = await limitedWorld({ token: { perAddress: 3 } })
  const statuses = []
  for (let at = 0; at < 5; at++) {
    const headers = { 'x-forwarded-for': `192.0.2.${at}`, forwarded: `for=192.0.2.${at}` }
    statuses.push((await world.app.inject({ ...guess, headers, remoteAddress: attacker })).status)
  }
  assert.deepEqual(statuses.slice(3), [429, 429])
})

test('behind a trusted proxy each browser is counted for itself, whatever it wrote before the proxy’s own word', async () => {
  const world = await limitedWorld({ token: { perAddress: 3 } }, { trustedProxies: ['10.0.0.0/8'] })
  const statusOf = async (forwarded: string) =>
    (
      await world.app.inject({
        ...guess,
        headers: { 'x-forwarded-for': forwarded },
        remoteAddress: '10.0.0.1',
      })
    ).status
  for (let at = 0; at < 3; at++) assert.equal(await statusOf(`192.0.2.${at}, ${attacker}`), 400)
  assert.equal(await statusOf(`127.0.0.1, ${attacker}`), 429)
  assert.equal(await statusOf(victim), 400)
})

test('the authorization endpoint answers a flood with a page, never with a redirect', async () => {
  const world = await limitedWorld()
  let last = await world.app.inject({ url: '/oauth/authorize', remoteAddress: attacker })
  for (let at = 0; at < 6; at++)
    last = await world.app.inject({
      url: `/oauth/authorize?client_id=${publicApp.id}`,
      remoteAddress: attacker,
    })
  assert.equal(last.status, 429)
  assert.equal(last.headers.location, undefined)
  assert.match(last.headers['retry-after'] ?? '', /^\d+$/)
})

test('apps cannot be registered without end', async () => {
  const world = await limitedWorld()
  const body = JSON.stringify({ redirect_uris: ['https://app.example/cb'], scope: 'openid' })
  const headers = { 'content-type': 'application/json' }
  const statuses = []
  for (let at = 0; at < 4; at++)
    statuses.push(
      (await world.app.inject({ url: '/oauth/register', body, headers, remoteAddress: attacker })).status,
    )
  assert.deepEqual(statuses, [201, 201, 429, 429])
})

test('reading what everybody may read is not limited: discovery and keys', async () => {
  const world = await limitedWorld()
  for (let at = 0; at < 50; at++)
    for (const url of ['/fhir/.well-known/smart-configuration', '/oauth/jwks'])
      assert.equal((await world.app.inject({ url, remoteAddress: attacker })).status, 200)
})

test('the defaults let a hospital behind one address work: a shift of 600 signs in within a minute', () => {
  const limits = rateLimitsOf(rateLimits.parse(undefined), () => start)
  const request = { method: 'POST', path: '/account/sign-in', remoteAddress: attacker, headers: {} }
  const ask = () =>
    limits({ ...request, form: { get: () => undefined } } as unknown as Parameters<typeof limits>[0])
  assert.deepEqual(new Set(Array.from({ length: 600 }, ask)), new Set([0]))
  assert.ok(ask() > 0)
  assert.ok(createTrust(rateLimits.parse(undefined).exempt)('127.0.0.1'))
})
