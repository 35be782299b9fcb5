import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:https'
import { connect as connectPlain } from 'node:net'
import { after, before, test } from 'node:test'
import { connect, type SecureVersion, type TLSSocket } from 'node:tls'
import { makeCertificate } from '../../test/fixtures/certificates.ts'
import { type App, createApp } from './app.ts'
import { silentLog } from './log.ts'
import { text } from './reply.ts'
import { type Certificate, problemOfCertificate } from './tls.ts'

let first: Certificate
let second: Certificate
let app: App
let port: number

before(async () => {
  first = await makeCertificate('first')
  second = await makeCertificate('second')
  app = createApp({
    routes: [{ method: 'GET', path: '/', handle: ({ remoteAddress }) => text(200, remoteAddress) }],
    log: silentLog,
    baseUrl: 'https://localhost',
    allowsOrigin: async () => false,
    certificate: first,
  })
  port = await app.listen('127.0.0.1', 0)
})
after(() => app.close())

/** Asks over a kept connection; gives status, headers and whom the certificate names. */
async function ask(agent: Agent, ca: string[]) {
  const sent = request({ host: 'localhost', port, path: '/', agent, ca })
  sent.end()
  const [reply] = await once(sent, 'response')
  reply.resume()
  await once(reply, 'end')
  const socket = sent.socket as TLSSocket
  return { status: reply.statusCode, headers: reply.headers, name: socket.getPeerCertificate().subject?.CN }
}

test('CAUTH-22, BKND-06: the server speaks TLS itself, and tells browsers to come by https only', async () => {
  const agent = new Agent()
  const { status, headers, name } = await ask(agent, [first.cert, second.cert])
  agent.destroy()
  assert.deepEqual([status, name], [200, 'first'])
  assert.match(headers['strict-transport-security'], /^max-age=31536000$/)
})

test('CAUTH-22, BKND-06: nothing older than TLS 1.2, no cipher without forward secrecy', async () => {
  const tryWith = async (options: { maxVersion?: SecureVersion; ciphers?: string }) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
    const ended = await Promise.race([
      once(socket, 'secureConnect').then(() => 'connected'),
      once(socket, 'error'),
    ])
    socket.destroy()
    return ended === 'connected'
  }
  assert.equal(await tryWith({}), true)
  assert.equal(await tryWith({ maxVersion: 'TLSv1.2' }), true)
  const old = { minVersion: 'TLSv1' as const, maxVersion: 'TLSv1.1' as const, ciphers: 'ALL:@SECLEVEL=0' }
  assert.equal(await tryWith(old), false)
  assert.equal(await tryWith({ maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' }), false)
  assert.equal(await tryWith({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA' }), false)
})

test('a new certificate is for new connections; one that is open goes on', async () => {
  const kept = new Agent({ keepAlive: true, maxSockets: 1 })
  const both = [first.cert, second.cert]
  assert.equal((await ask(kept, both)).name, 'first')
  app.renew(second)
  const fresh = new Agent()
  assert.equal((await ask(fresh, both)).name, 'second')
  const [socket] = Object.values(kept.freeSockets).flat()
  assert.ok(socket && !socket.destroyed)
  assert.equal((await ask(kept, both)).status, 200)
  kept.destroy()
  fresh.destroy()
})

test('a certificate that cannot be used is told from a key that cannot', () => {
  assert.equal(problemOfCertificate(first), undefined)
  assert.equal(problemOfCertificate({ ...first, cert: 'nothing' })?.file, 'cert')
  assert.equal(problemOfCertificate({ ...first, key: 'nothing' })?.file, 'key')
  assert.match(problemOfCertificate({ ...first, key: second.key })?.problem ?? '', /not the private key/)
})

test('a key of another kind than the certificate is not its key', async () => {
  const other = await makeCertificate('other', 'rsa')
  assert.equal(problemOfCertificate(other), undefined)
  for (const pair of [
    { cert: other.cert, key: first.key },
    { cert: first.cert, key: other.key },
  ]) {
    const wrong = problemOfCertificate(pair)
    assert.equal(wrong?.file, 'key')
    assert.match(wrong?.problem ?? '', /not the private key/)
  }
})

test('who opens a connection and never begins TLS does not hold up the end of the server', async (context) => {
  const own = createApp({
    routes: [],
    log: silentLog,
    baseUrl: 'https://localhost',
    allowsOrigin: async () => false,
    certificate: first,
  })
  const ownPort = await own.listen('127.0.0.1', 0)
  const silent = connectPlain(ownPort, '127.0.0.1')
  await once(silent, 'connect')
  // Connections are taken in turn: who came after it is answered once it is there.
  const next = connect({ host: '127.0.0.1', port: ownPort, rejectUnauthorized: false })
  await once(next, 'secureConnect')
  next.destroy()
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const closed = own.close()
  try {
    context.mock.timers.tick(10_000)
    await once(silent, 'close', { signal: AbortSignal.timeout(2000) })
  } finally {
    silent.destroy()
    await closed
  }
})
