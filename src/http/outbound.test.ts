import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { generate } from 'selfsigned'
import { addressKind } from './outbound/addresses.ts'
import { checkDestination } from './outbound/destination.ts'
import { createLookup } from './outbound/lookup.ts'
import { createPrivateReach } from './outbound/private-reach.ts'
import { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts'

const limits = { accept: 'application/json', maxBytes: 1000, timeout: 5000 }

async function listen(t: TestContext, answer: RequestListener, server: Server = createServer()) {
  server.on('request', answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

function outboundFor(t: TestContext, options: OutboundOptions): Outbound {
  const outbound = createOutbound(options)
  t.after(() => outbound.close())
  return outbound
}

function reasonOf(result: object): unknown {
  return 'refused' in result ? result.refused : 'answered'
}

const forbidden = [
  ['0.0.0.0', 'this network'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'shared by carriers'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'link-local: metadata of cloud machines'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.170', 'protocol assignments'],
  ['192.0.2.1', 'documentation'],
  ['192.88.99.1', '6to4 relay'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarks'],
  ['198.51.100.1', 'documentation'],
  ['203.0.113.1', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.250', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'mapped loopback'],
  ['::ffff:8.8.8.8', 'mapped, even of a public address'],
  ['::127.0.0.1', 'compatible loopback'],
  ['64:ff9b::7f00:1', 'NAT64 of loopback'],
  ['64:ff9b:1::1', 'local NAT64'],
  ['100::1', 'discarded'],
  ['2001::1', 'Teredo'],
  ['2001:db8::1', 'documentation'],
  ['2002:7f00:1::', '6to4 of loopback'],
  ['3fff::1', 'documentation'],
  ['5f00::1', 'segment routing'],
  ['fc00::1', 'unique local'],
  ['fd12:3456::1', 'unique local'],
  ['fe80::1', 'link-local'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
] as const

const inUrl = (address: string) => (address.includes(':') ? `[${address}]` : address)

for (const [address, what] of forbidden) {
  test(`SEC: ${address} (${what}) is not called, neither by itself nor behind a name`, async (t) => {
    let asked = 0
    const outbound = outboundFor(t, {
      allowLoopback: false,
      resolve: (_, __, done) => {
        asked++
        done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
      },
    })
    assert.equal(reasonOf(await outbound.get(`https://${inUrl(address)}/jwks`, limits)), 'destination')
    assert.equal(asked, 0)
    assert.equal(reasonOf(await outbound.get('https://app.example/jwks', limits)), 'address')
    assert.equal(asked, 1)
  })
}

test('addresses of the internet are public', () => {
  for (const address of ['1.1.1.1', '172.32.0.1', '100.128.0.1', '192.0.1.1', '2606:4700::1111', '2a00::1'])
    assert.equal(addressKind(address), 'public')
})

test('SEC: other spellings of an address are that address', async (t) => {
  const outbound = outboundFor(t, { allowLoopback: false })
  for (const host of [
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '127.0.0.1.',
    '[0:0:0:0:0:ffff:7f00:1]',
    '1２7.0.0.1',
  ])
    assert.equal(reasonOf(await outbound.get(`https://${host}/`, limits)), 'destination', host)
})

test('SEC: only https, no user information, no other scheme, not even for localhost', async (t) => {
  const outbound = outboundFor(t, { allowLoopback: false })
  const urls = [
    'http://app.example/',
    'http://localhost:1/',
    'http://127.0.0.1:1/',
    'https://user:pass@app.example/',
    'file:///etc/passwd',
    'data:application/json,{}',
    'ftp://app.example/',
    'gopher://app.example/',
    '//app.example/',
    'jwks',
    '',
    `https://app.example/${'a'.repeat(3000)}`,
  ]
  for (const url of urls) assert.equal(reasonOf(await outbound.get(url, limits)), 'destination', url)
})

test('SEC: plain http reaches this machine only, even where it is allowed', async (t) => {
  const outbound = outboundFor(t, {
    allowLoopback: true,
    resolve: (_, __, done) => done(null, [{ address: '93.184.216.34', family: 4 }]),
  })
  assert.equal(reasonOf(await outbound.get('http://app.example/', limits)), 'destination')
  assert.equal(reasonOf(await outbound.get('http://10.0.0.1/', limits)), 'destination')
  assert.equal(reasonOf(await outbound.get('http://localhost/', limits)), 'address')
})

const site = createPrivateReach(['10.20.0.0/16', '192.168.7.9', 'fd12::/16', 'app.hospital.internal'])

test('SSRF: of private networks only what the site has named, and never this machine or the link', () => {
  const isOpen = (url: string) =>
    'url' in checkDestination(url, { allowLoopback: false, allowsPrivate: site })
  for (const url of [
    'https://10.20.255.1/jwks.json',
    'https://192.168.7.9/jwks.json',
    'https://[fd12:3::1]/jwks.json',
    'https://0xa.20.0.1/jwks.json',
  ])
    assert.equal(isOpen(url), true, url)
  for (const url of [
    'http://10.20.0.1/jwks.json',
    'https://10.21.0.1/jwks.json',
    'https://192.168.7.8/jwks.json',
    'https://169.254.169.254/latest/meta-data',
    'https://127.0.0.1/jwks.json',
    'https://[::1]/jwks.json',
    'https://[::ffff:10.20.0.1]/jwks.json',
  ])
    assert.equal(isOpen(url), false, url)
  assert.ok('problem' in checkDestination('https://10.20.0.1/', { allowLoopback: false }))
})

/** What a name that leads to an address comes to, without going there. */
function lookedUp(host: string, address: string): string | undefined {
  const destination = checkDestination(`https://${host}/jwks.json`, {
    allowLoopback: false,
    allowsPrivate: site,
  })
  if ('problem' in destination) return destination.problem
  let given: string | undefined
  const resolve: OutboundOptions['resolve'] = (_, __, done) => done(null, [{ address, family: 4 }])
  createLookup(destination, resolve)(destination.url.hostname, {}, (error, found) => {
    given = error ? 'refused' : String(found)
  })
  return given
}

test('SSRF: a name leads to a private address only where the site has named the one or the other', async (t) => {
  for (const [host, address] of [
    ['app.hospital.internal', '10.99.0.1'],
    ['APP.hospital.internal', '10.99.0.1'],
    ['anything.example', '10.20.0.1'],
    ['anything.example', '93.184.216.34'],
  ] as const)
    assert.equal(lookedUp(host, address), address, `${host} ${address}`)
  for (const [host, address] of [
    ['anything.example', '10.99.0.1'],
    ['evil.app.hospital.internal', '10.99.0.1'],
    ['app.hospital.internal.evil.example', '10.99.0.1'],
    ['app.hospital.internal', '169.254.169.254'],
    ['app.hospital.internal', '127.0.0.1'],
  ] as const)
    assert.equal(lookedUp(host, address), 'refused', `${host} ${address}`)
  // What any stranger can have asked for stays out of it.
  const outbound = outboundFor(t, {
    allowLoopback: false,
    allowsPrivate: site,
    resolve: (_, __, done) => done(null, [{ address: '10.20.0.1', family: 4 }]),
  })
  const asked = { ...limits, publicOnly: true }
  assert.equal(reasonOf(await outbound.get('https://app.hospital.internal/client.json', asked)), 'address')
  assert.equal(reasonOf(await outbound.get('https://10.20.0.1/client.json', asked)), 'destination')
  // Nor does it get in where somebody else has just been let in.
  const trusted = await outbound.get('https://app.hospital.internal/keys', { ...limits, timeout: 50 })
  assert.match(String(reasonOf(trusted)), /^(?:timeout|unreachable)$/)
  assert.equal(reasonOf(await outbound.get('https://app.hospital.internal/client.json', asked)), 'address')
})

test('SSRF: of the addresses of a name only those are called that may be', () => {
  const destination = checkDestination('https://anything.example/', { allowLoopback: false })
  assert.ok('url' in destination)
  const found = ['10.0.0.1', '93.184.216.34', '127.0.0.1'].map((address) => ({ address, family: 4 }))
  const lookup = createLookup(destination, (_, __, done) => done(null, found))
  lookup('anything.example', { all: true }, (_, addresses) => assert.deepEqual(addresses, [found[1]]))
  lookup('anything.example', {}, (_, address) => assert.equal(address, '93.184.216.34'))
})

test('SSRF: plain http goes to no machine of a private network, whatever the site has named', async (t) => {
  const outbound = outboundFor(t, {
    allowLoopback: true,
    allowsPrivate: site,
    resolve: (_, __, done) => done(null, [{ address: '10.20.0.1', family: 4 }]),
  })
  assert.equal(reasonOf(await outbound.get('http://app.localhost/', limits)), 'address')
})

test('the answer: status, headers and body, and what was asked', async (t) => {
  const port = await listen(t, (request, response) => {
    response.setHeader('cache-control', 'max-age=60')
    response.setHeader('x-two', ['a', 'b'])
    response.statusCode = 404
    response.end(JSON.stringify([request.method, request.headers.accept, request.url]))
  })
  const outbound = outboundFor(t, { allowLoopback: true })
  const answer = await outbound.get(`http://localhost:${port}/jwks?a=b#c`, limits)
  assert.ok('status' in answer)
  assert.equal(answer.status, 404)
  assert.equal(answer.headers['cache-control'], 'max-age=60')
  assert.equal(answer.headers['x-two'], 'a, b')
  assert.deepEqual(JSON.parse(answer.body), ['GET', 'application/json', '/jwks?a=b'])
})

test('a form can be posted', async (t) => {
  const port = await listen(t, (request, response) => {
    request.setEncoding('utf8').on('data', (text) => {
      response.end(`${request.method} ${request.headers['content-type']} ${text}`)
    })
  })
  const outbound = outboundFor(t, { allowLoopback: true })
  const contentType = 'application/x-www-form-urlencoded'
  const answer = await outbound.post(`http://127.0.0.1:${port}/`, { ...limits, contentType, body: 'a=b' })
  assert.equal('body' in answer && answer.body, `POST ${contentType} a=b`)
})

test('SEC: a redirect is not followed', async (t) => {
  let visits = 0
  const port = await listen(t, (_, response) => {
    visits++
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  const outbound = outboundFor(t, { allowLoopback: true })
  assert.equal(reasonOf(await outbound.get(`http://127.0.0.1:${port}/`, limits)), 'redirect')
  assert.equal(visits, 1)
})

test('SEC: a body that is too large is not read to its end, whether its length is told or not', async (t) => {
  const port = await listen(t, (_, response) => {
    response.on('error', () => {})
    const more = () => {
      if (!response.destroyed) response.write('x'.repeat(500), () => setImmediate(more))
    }
    more()
  })
  const told = await listen(t, (_, response) => void response.end('x'.repeat(5000)))
  const outbound = outboundFor(t, { allowLoopback: true })
  assert.equal(reasonOf(await outbound.get(`http://127.0.0.1:${port}/`, limits)), 'tooLarge')
  assert.equal(reasonOf(await outbound.get(`http://127.0.0.1:${told}/`, limits)), 'tooLarge')
})

test('SEC: silence, slow headers and slow bodies end in time', async (t) => {
  const silent = await listen(t, () => {})
  const slow = await listen(t, (_, response) => void response.write('{'))
  const outbound = outboundFor(t, { allowLoopback: true })
  const soon = { ...limits, timeout: 50 }
  assert.equal(reasonOf(await outbound.get(`http://127.0.0.1:${silent}/`, soon)), 'timeout')
  assert.equal(reasonOf(await outbound.get(`http://127.0.0.1:${slow}/`, soon)), 'timeout')
  const stuck = outboundFor(t, { allowLoopback: false, resolve: () => {} })
  assert.equal(reasonOf(await stuck.get('https://app.example/', soon)), 'timeout')
})

test('SEC: so many requests at once and no more', async (t) => {
  const outbound = outboundFor(t, { allowLoopback: false, resolve: () => {} })
  const asked = Array.from({ length: 70 }, (_, at) =>
    outbound.get(`https://app${at}.example/`, { ...limits, timeout: 50 }),
  )
  const reasons = (await Promise.all(asked)).map(reasonOf)
  assert.equal(reasons.filter((reason) => reason === 'busy').length, 6)
  assert.equal(reasons.filter((reason) => reason === 'timeout').length, 64)
})

test('SEC: whoever fills the room of one purpose holds up no other', async (t) => {
  const port = await listen(t, (_, response) => void response.end('{}'))
  const outbound = outboundFor(t, {
    allowLoopback: true,
    resolve: (hostname, _, done) => {
      if (hostname === 'localhost') done(null, [{ address: '127.0.0.1', family: 4 }])
    },
  })
  const slow = Array.from({ length: 65 }, (_, at) =>
    outbound.get(`https://app${at}.example/`, { ...limits, timeout: 500, purpose: 'documents' }),
  )
  const url = `http://localhost:${port}/`
  assert.equal(reasonOf(await outbound.get(url, { ...limits, purpose: 'documents' })), 'busy')
  assert.equal(reasonOf(await outbound.get(url, { ...limits, purpose: 'keys' })), 'answered')
  assert.equal((await Promise.all(slow)).map(reasonOf).filter((reason) => reason === 'busy').length, 1)
})

test('what is no text, and nobody there, are told apart', async (t) => {
  const port = await listen(t, (_, response) => void response.end(Buffer.from([0xff, 0xfe, 0x80])))
  const broken = await listen(t, (request) => void (request.socket as Socket).destroy())
  const outbound = outboundFor(t, { allowLoopback: true })
  assert.equal(reasonOf(await outbound.get(`http://127.0.0.1:${port}/`, limits)), 'unreadable')
  assert.equal(reasonOf(await outbound.get(`http://127.0.0.1:${broken}/`, limits)), 'unreachable')
})

test('CAUTH-10: over TLS the name in the certificate counts, and who signed it', async (t) => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  })
  const port = await listen(t, (_, response) => void response.end('{}'), createTlsServer({ key, cert }))
  const trusting = outboundFor(t, { allowLoopback: true, ca: cert })
  assert.equal(reasonOf(await trusting.get(`https://localhost:${port}/`, limits)), 'answered')
  assert.equal(reasonOf(await trusting.get(`https://127.0.0.1:${port}/`, limits)), 'unreachable')
  const usual = outboundFor(t, { allowLoopback: true })
  assert.equal(reasonOf(await usual.get(`https://localhost:${port}/`, limits)), 'unreachable')
})

test('SEC: what the name led to when it was checked is what is called', async (t) => {
  const port = await listen(t, (_, response) => void response.end('{}'))
  let asked = 0
  const outbound = outboundFor(t, {
    allowLoopback: true,
    // A second look-up would lead to a private network.
    resolve: (_, __, done) => {
      asked++
      done(null, [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }])
    },
  })
  assert.equal(reasonOf(await outbound.get(`http://localhost:${port}/`, limits)), 'answered')
  assert.equal(asked, 1)
})
