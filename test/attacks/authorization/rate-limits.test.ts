/** Guessing and flooding: slowed down in each endpoint's own format, and no way to hold up anybody else. SEC-09, RFC 6819 §4.4.3.11. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rateLimits } from '../../../src/config/rate-limits.ts'
import type { InjectedRequest } from '../../../src/http/inject.ts'
import { createTrust } from '../../../src/http/proxies.ts'
import { rateLimitsOf } from '../../../src/server/rate-limits.ts'
import { useHouse } from './defences.ts'
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

/** The same text with some of its characters percent-encoded, another way for each number. */
const encoded = (text: string, number: number) =>
  [...text]
    .map((character, at) => ((number >> at) & 1 ? `%${character.charCodeAt(0).toString(16)}` : character))
    .join('')

const assertion = (claims: object, before = '') =>
  `e30.${Buffer.from(before + JSON.stringify(claims)).toString('base64url')}.x`

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Ways in which one app can be named again and again, each time in other words. */
const spellings: readonly (readonly [string, (at: number) => InjectedRequest])[] = [
  [
    'its id in the header, encoded another way',
    (at) => ({ ...guess, form: {}, headers: basic(encoded(confidentialApp.id, at), `guess ${at}`) }),
  ],
  [
    'its id in a header that is longer each time',
    (at) => {
      const [scheme, credentials] = (
        basic(confidentialApp.id, 'g'.repeat(1000 + at)).authorization ?? ''
      ).split(' ')
      return {
        ...guess,
        form: {},
        headers: { authorization: `${scheme}${' '.repeat(at + 1)}${credentials}` },
      }
    },
  ],
  [
    'its assertion, beside another client_id each time',
    (at) => ({
      url: '/oauth/token',
      form: {
        client_id: `name ${at}`,
        client_assertion_type: assertionType,
        client_assertion: assertion({ sub: 'backend', at }),
      },
    }),
  ],
  [
    'its assertion, as long as one may be',
    (at) => ({
      url: '/oauth/token',
      form: {
        client_assertion_type: assertionType,
        client_assertion: assertion({ sub: 'backend', at, pad: 'x'.repeat(6000) }),
      },
    }),
  ],
  [
    'its assertion, behind a byte order mark',
    (at) => ({
      url: '/oauth/token',
      form: {
        client_assertion_type: assertionType,
        client_assertion: assertion({ sub: 'backend', at }, '\ufeff'),
      },
    }),
  ],
  [
    'an authorization request beside a header of another app',
    (at) => ({ url: `/oauth/authorize?client_id=${publicApp.id}`, headers: basic(`name ${at}`, 'x') }),
  ],
  [
    'an authorization request by form beside a header of another app',
    (at) => ({
      url: '/oauth/authorize',
      form: { client_id: publicApp.id },
      headers: basic(`name ${at}`, 'x'),
    }),
  ],
  [
    'an authorization request beside an assertion of another app',
    (at) => ({
      url: '/oauth/authorize',
      form: { client_id: publicApp.id, client_assertion: assertion({ sub: `name ${at}` }) },
    }),
  ],
  [
    'an authorization request with a parameter that cannot be read',
    (at) => ({ url: `/oauth/authorize?client_id=${publicApp.id}&state=%FF&x${at}=%zz` }),
  ],
  [
    'an authorization request behind a second question mark',
    (at) => ({ url: `/oauth/authorize??client_id=${publicApp.id}&state=${at}` }),
  ],
  [
    'an authorization request by form, and another app in the address',
    (at) => ({ url: `/oauth/authorize?client_id=name${at}`, form: { client_id: publicApp.id } }),
  ],
  [
    'a pushed request with a parameter that cannot be read',
    (at) => ({
      url: '/oauth/par',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `?client_id=${publicApp.id}&state=%FF&x=${at}`,
    }),
  ],
]

for (const [how, request] of spellings)
  test(`one app is counted as one, however it is named: ${how}`, async () => {
    const rates = { perAddress: 1000, perClient: 3 }
    const world = await limitedWorld({ token: rates, authorize: rates })
    const statuses = []
    for (let at = 0; at < 6; at++)
      statuses.push((await world.app.inject({ ...request(at), remoteAddress: attacker })).status)
    assert.ok(!statuses.slice(0, 3).includes(429), String(statuses))
    assert.deepEqual(statuses.slice(3), [429, 429, 429])
  })

const signIns = useHouse({
  limits: rateLimitsOf(rateLimits.parse({ signIn: { perAddress: 1000, perAccount: 3 } }), () => start),
})

for (const [place, spelled] of [
  ['/account/sign-in', ['dr.lin', 'Dr.Lin', ' DR.LIN', 'ｄr.lin\t', 'dr.LIN', 'dr.lin\u3000']],
  [
    '/account/reset',
    ['amara', 'Amara', ' AMARA', 'ａmara', `amara${' '.repeat(130)}x`, `amara${'\n '.repeat(65)}y`],
  ],
] as const)
  test(`one account is counted as one, however its name is spelt: ${place}`, async () => {
    const statuses = []
    for (const username of spelled) {
      const form = { username, password: 'x' }
      statuses.push((await signIns().inject({ url: place, form, remoteAddress: attacker })).status)
    }
    assert.ok(!statuses.slice(0, 3).includes(429), String(statuses))
    assert.deepEqual(statuses.slice(3), [429, 429, 429])
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

test('who says to come from this machine is not exempt: loopback is believed of a connection, never of a header', async () => {
  const proxied = await limitedWorld({ token: { perAddress: 3 } }, { trustedProxies: ['10.0.0.0/8', '::1'] })
  for (const [of, remoteAddress, spelled] of [
    [
      'a workstation',
      '10.0.0.1',
      ['::1, 10.1.2.3', '127.0.0.1, 10.1.2.3', '::ffff:7f00:1,10.1.2.3', '0.0.0.0, 10.1.2.3', '10.1.2.3'],
    ],
    ['a proxy alone', '10.0.0.2', ['::1', '127.0.0.1', '::ffff:127.0.0.1', '127.1.2.3', 'unknown']],
    ['a proxy on this machine', '::1', ['::1', '127.0.0.1', '::1, ::1', '127.0.0.1, ::1', '::1']],
  ] as const) {
    const statuses = []
    for (const forwarded of spelled) {
      const headers = { 'x-forwarded-for': forwarded }
      statuses.push((await proxied.app.inject({ ...guess, headers, remoteAddress })).status)
    }
    assert.deepEqual(statuses, [400, 400, 400, 429, 429], of)
  }
  const world = await limitedWorld({ token: { perAddress: 3 } })
  for (const name of ['x-forwarded-for', 'forwarded', 'x-forwarded-for'])
    await world.app.inject({ ...guess, headers: { [name]: attacker }, remoteAddress: '127.0.0.1' })
  const through = { ...guess, headers: { 'x-forwarded-for': victim }, remoteAddress: '127.0.0.1' }
  assert.equal((await world.app.inject(through)).status, 429)
  // A measurement on this machine, and what watches over the server there.
  for (let at = 0; at < 9; at++)
    assert.equal((await world.app.inject({ ...guess, remoteAddress: '127.0.0.1' })).status, 400)
})

test('the audit trail names the address that a proxy vouches for, not one that was made up', async () => {
  const world = await limitedWorld({}, { trustedProxies: ['10.0.0.0/8'] })
  const headers = { 'x-forwarded-for': '::1, 10.1.2.3' }
  await world.app.inject({ ...guess, headers, remoteAddress: '10.0.0.1' })
  assert.deepEqual(
    world.events.map(({ actor }) => actor?.address),
    ['10.1.2.3'],
  )
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
  const request = { method: 'POST', path: '/account/sign-in', remoteAddress: attacker, headers: {}, body: '' }
  const ask = () =>
    limits({ ...request, form: { get: () => undefined } } as unknown as Parameters<typeof limits>[0])
  assert.deepEqual(new Set(Array.from({ length: 600 }, ask)), new Set([0]))
  assert.ok(ask() > 0)
  assert.ok(createTrust(rateLimits.parse(undefined).exempt)('127.0.0.1'))
})
