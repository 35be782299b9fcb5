import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AppOptions, createApp } from './app.ts'
import { silentLog } from './log.ts'
import { createTrust, isNetwork } from './proxies.ts'
import { text } from './reply.ts'

function app(options: Partial<AppOptions> = {}) {
  return createApp({
    routes: [
      { method: ['GET', 'POST'], path: '/who', handle: ({ remoteAddress }) => text(200, remoteAddress) },
      { method: 'GET', path: '/health/live', handle: () => text(200, 'live') },
    ],
    log: silentLog,
    baseUrl: 'https://ehr.example',
    allowsOrigin: async () => false,
    trustedProxies: ['10.0.0.0/8', '2001:db8::/32'],
    ...options,
  })
}

const proxy = '10.1.2.3'
const stranger = '203.0.113.7'

test('the address of who asks is what a trusted proxy says, and nobody else’s word', async () => {
  const who = async (remoteAddress: string, forwarded?: string, options: Partial<AppOptions> = {}) => {
    const headers = {
      'x-forwarded-proto': 'https',
      ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }),
    }
    return (
      await app({ baseUrl: 'http://ehr.example', ...options }).inject({ url: '/who', remoteAddress, headers })
    ).body.trim()
  }
  assert.equal(await who(proxy, stranger), stranger)
  assert.equal(await who(`::ffff:${proxy}`, stranger), stranger)
  // What the browser itself wrote stands left of what our proxies added.
  assert.equal(await who(proxy, `198.51.100.1, ${stranger}, 10.9.9.9`), stranger)
  assert.equal(await who(stranger, '198.51.100.1'), stranger)
  assert.equal(await who(proxy, stranger, { trustedProxies: [] }), proxy)
  for (const forged of ['<script>', 'unknown', '', '1.2.3.4.5', 'x\u00e9'.repeat(1000)])
    assert.equal(await who(proxy, forged), proxy, forged.slice(0, 20))
})

test('SEED-36, SEED-07: what reaches the server by plain HTTP is sent to https, or refused where it has a body', async () => {
  const asked = async (method: string, remoteAddress: string, proto?: string) =>
    app().inject({
      method,
      url: '/who?x=1',
      remoteAddress,
      ...(proto !== undefined && { headers: { 'x-forwarded-proto': proto } }),
    })
  assert.equal((await asked('GET', proxy, 'https')).status, 200)
  assert.equal((await asked('GET', proxy)).status, 200)
  assert.equal((await asked('GET', '127.0.0.1')).status, 200)
  for (const [address, proto] of [
    [proxy, 'http'],
    [proxy, 'https, http'],
    [stranger, undefined],
    [stranger, 'https'],
  ] as const) {
    const got = await asked('GET', address, proto)
    assert.deepEqual([got.status, got.headers.location], [308, 'https://ehr.example/who?x=1'])
    assert.equal(got.headers['x-content-type-options'], 'nosniff')
    assert.equal((await asked('POST', address, proto)).status, 400)
  }
  assert.equal((await app().inject({ url: '/health/live', remoteAddress: stranger })).status, 200)
})

test('only https addresses are kept to, and only where a proxy can tell', async () => {
  for (const options of [{ baseUrl: 'http://ehr.example' }, { trustedProxies: [] }])
    assert.equal((await app(options).inject({ url: '/who', remoteAddress: stranger })).status, 200)
})

test('networks are addresses or prefixes, and never everybody', () => {
  for (const good of ['10.0.0.0/8', '192.0.2.1', '::1', 'fd00::/8', '10.0.0.1/32'])
    assert.ok(isNetwork(good), good)
  for (const bad of [
    '0.0.0.0/0',
    '::/0',
    '10.0.0.0/33',
    '10.0.0/8',
    'loopback',
    '',
    '10.0.0.0/8/8',
    '10.0.0.0/08',
  ])
    assert.ok(!isNetwork(bad), bad)
  const trusted = createTrust(['10.0.0.0/8', 'fd00::/8'])
  assert.ok(trusted('10.255.0.1') && trusted('::ffff:10.0.0.1') && trusted('fd12::1'))
  assert.ok(!trusted('11.0.0.1') && !trusted('fe80::1') && !trusted('nobody') && !trusted(''))
})
