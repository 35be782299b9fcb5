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

test('an address that nobody can have asked from is not believed: the one that told it is', async () => {
  const who = async (forwarded: string, trustedProxies = ['10.0.0.0/8', '127.0.0.1']) =>
    (
      await app({ baseUrl: 'http://ehr.example', trustedProxies }).inject({
        url: '/who',
        remoteAddress: proxy,
        headers: { 'x-forwarded-for': forwarded },
      })
    ).body.trim()
  // A workstation whose network is trusted writes what it likes before the proxy's own word.
  const workstation = '10.7.7.7'
  for (const forged of [
    '::1',
    '127.0.0.1',
    '127.9.9.9',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:0:0:1',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '::127.0.0.1',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    'unknown',
    '192.0.2.1:443',
    '[2001:db8::1]',
    '<script>',
  ]) {
    assert.equal(await who(`${forged}, ${workstation}`), workstation, forged)
    assert.equal(await who(`${stranger}, ${forged}, ${workstation}`, ['10.0.0.0/8']), workstation, forged)
    assert.equal(await who(forged), proxy, forged)
  }
  // A second proxy on the machine of the first is one of those that are named.
  assert.equal(await who(`${stranger}, 127.0.0.1`), stranger)
  assert.equal(await who(`::1, ${stranger}, 127.0.0.1`), stranger)
  assert.equal(await who(`::1, 127.0.0.1`), proxy)
  // One address has one spelling.
  assert.equal(await who('::ffff:cb00:7107'), stranger)
  assert.equal(await who('2001:DB8:0:0::0:1'), '2001:db8::1')
  assert.equal(await who('fe80::1%eth0'), 'fe80::1')
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
  for (const good of [
    '10.0.0.0/8',
    '192.0.2.1',
    '::1',
    'fd00::/8',
    'fc00::/7',
    '10.0.0.1/32',
    '2001:db8::/32',
    '2001::/16',
    '::ffff:10.0.0.0/104',
    '::ffff:10.0.0.1',
    '::1/128',
  ])
    assert.ok(isNetwork(good), good)
  for (const bad of [
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '10.0.0.0/7',
    '::/1',
    '8000::/1',
    '2000::/3',
    '2001::/15',
    '2001::/8',
    'fc00::/6',
    'fe80::/10',
    '::/16',
    '::/80',
    '::ffff:0:0/96',
    '0:0:0:0:0:FFFF:0.0.0.0/96',
    '::ffff:0:0/97',
    '::ffff:8000:0/103',
    '::ffff:0:0/90',
    '::1/64',
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
