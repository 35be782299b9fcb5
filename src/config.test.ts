import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../test/fixtures/temporary-folder.ts'
import { defaultBaseUrl } from './config/base-url.ts'
import { ConfigError, isLoopback, isOnlyHere, loadConfig } from './config.ts'

function load(flags: string[], environment: Record<string, string> = {}) {
  return loadConfig({ flags, environment }).config
}

function keyOf(flags: string[], environment: Record<string, string> = {}): string {
  try {
    load(flags, environment)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.key
  }
  return 'accepted'
}

test('defaults: loopback, port 8080, ./data, no sandbox', () => {
  // The sections beside them have tests of their own.
  assert.partialDeepStrictEqual(load([]), {
    port: 8080,
    host: '127.0.0.1',
    data: './data',
    sandbox: false,
    sandboxOnNetwork: false,
    allowInsecureHttp: false,
    trustProxy: [],
    auditRetention: 2192,
    logLevel: 'info',
    providers: [],
  })
})

test('a flag outweighs the environment, which outweighs the file', () => {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  writeFileSync(file, 'port: 1\nhost: 127.0.0.2\ndata: from-file\nsandbox: true\n')
  const config = load(['--config', file, '--port', '3'], { PORT: '2', CHARTKEY_HOST: '127.0.0.3' })
  assert.equal(config.port, 3)
  assert.equal(config.host, '127.0.0.3')
  assert.equal(config.data, 'from-file')
  assert.equal(config.sandbox, true)
})

test('what nobody named is called as browsers call it, also at the usual port', () => {
  assert.equal(defaultBaseUrl(8080), 'http://localhost:8080')
  assert.equal(defaultBaseUrl(80), 'http://localhost')
  assert.equal(defaultBaseUrl(443, 'https'), 'https://localhost')
  assert.equal(defaultBaseUrl(443), 'http://localhost:443')
})

test('SEC-01: the base URL is taken in the one form that scheme and host are compared in', () => {
  for (const [written, taken] of [
    ['https://ehr.example/', 'https://ehr.example'],
    ['HTTPS://EHR.Example.org', 'https://ehr.example.org'],
    ['https://ehr.example.org:443', 'https://ehr.example.org'],
    ['http://EHR.example:80/', 'http://ehr.example'],
    ['https://ehr.example.org:8443', 'https://ehr.example.org:8443'],
    ['https://exämple.org', 'https://xn--exmple-cua.org'],
    ['https://[2001:DB8::1]:8443', 'https://[2001:db8::1]:8443'],
    ['http://localhost:8080', 'http://localhost:8080'],
  ] as const)
    assert.equal(load(['--base-url', written]).baseUrl, taken, written)
  const tls = ['--tls-cert', 'c.pem', '--tls-key', 'k.pem']
  assert.equal(keyOf([...tls, '--base-url', 'HTTP://ehr.example']), '--base-url')
})

test('a base URL with anything beside scheme, host and port is refused', () => {
  for (const url of [
    'ehr',
    'ftp://ehr.example',
    'https://',
    'https:ehr.example',
    'https:\\\\ehr.example',
    'https://ehr.example/path',
    'https://ehr.example//',
    'https://ehr.example/?x',
    'https://ehr.example?',
    'https://ehr.example/#',
    'https://me@ehr.example',
    'https://me:secret@ehr.example',
    'https://ehr.example"x',
    "https://ehr.example'x",
    'https://ehr.example;x',
    'https://ehr ex',
    ' https://ehr.example ',
    'https://ehr.example\n',
    'https://ehr\t.example',
    'https://ehr.example:65536',
    'https://ehr.example:x',
    '',
  ])
    assert.equal(keyOf(['--base-url', url]), '--base-url', url)
})

test('a bad setting is refused by name', () => {
  assert.equal(keyOf(['--port', 'eighty']), '--port')
  for (const port of ['65536', '', ' ', '0x1F90', '1e3', '80.0', '+80', '080800', ' 80'])
    assert.equal(keyOf(['--port', port]), '--port', port)
  assert.equal(keyOf(['--port=']), '--port')
  assert.equal(keyOf([], { PORT: '-1' }), '--port')
  assert.equal(keyOf(['--base-url', 'ftp://ehr.example']), '--base-url')
  for (const url of ['https://ehr.example/?x', 'https://ehr.example/path', 'https://me@ehr.example', 'ehr']) {
    assert.equal(keyOf(['--base-url', url]), '--base-url', url)
  }
  assert.equal(keyOf(['--data', 'mysql://localhost/x']), '--data')
  assert.equal(keyOf(['--upstream', 'https://fhir.example']), '--upstream')
  assert.equal(keyOf(['--log-level', 'loud']), '--log-level')
  assert.equal(keyOf([], { CHARTKEY_SANDBOX: 'maybe' }), '--sandbox')
  assert.equal(keyOf(['--sandbox=true']), '--sandbox')
  assert.equal(keyOf(['--no-sandbox']), '--no-sandbox')
  assert.equal(keyOf(['--config', '/nowhere/chartkey.yaml']), '--config')
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  writeFileSync(file, 'prot: 1\n')
  assert.equal(keyOf(['--config', file]), 'prot')
})

test('a number in the file is one: not nothing, not true, not a list', () => {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  const keyOfFile = (text: string) => {
    writeFileSync(file, text)
    return keyOf(['--config', file])
  }
  for (const value of ['', 'true', 'false', '[8080]', '{}', '"0x1F90"', '""', '80.5', '-1', '.inf']) {
    assert.equal(keyOfFile(`port: ${value}\n`), '--port', value)
    assert.equal(keyOfFile(`sandbox: true\nauditRetention: ${value}\n`), '--audit-retention', value)
    assert.equal(keyOfFile(`registration: { mostWaiting: ${value} }\n`), 'registration.mostWaiting', value)
    assert.equal(keyOfFile(`stepUp: { within: ${value} }\n`), 'stepUp.within', value)
    const mail = `mail: { host: mail.example, from: a@b.example, port: ${value} }\n`
    assert.equal(keyOfFile(mail), 'mail.port', value)
  }
  writeFileSync(file, 'port: 8081\nauditRetention: "400"\n')
  const { port, auditRetention } = load(['--config', file])
  assert.deepEqual([port, auditRetention], [8081, 400])
  for (const key of ['host', 'data', 'baseUrl', 'policy', 'trustProxy', 'logLevel', 'tlsCert'])
    assert.notEqual(keyOfFile(`${key}:\n`), 'accepted', key)
})

test('a switch is true or false, wherever it stands, and nothing else', () => {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  for (const [text, sandbox] of [
    ['true', true],
    ['"true"', true],
    ['false', false],
    ['"0"', false],
  ] as const) {
    writeFileSync(file, `sandbox: ${text}\n`)
    assert.equal(load(['--config', file]).sandbox, sandbox, text)
  }
  for (const text of ['', 'yes', 'no', 'on', 'off', '1', '0', '[true]', '{}', '"TRUE"', '" true"', '""']) {
    writeFileSync(file, `sandbox: ${text}\n`)
    assert.equal(keyOf(['--config', file]), '--sandbox', text)
  }
  assert.throws(() => load([], { CHARTKEY_SANDBOX: 'yes' }), /--sandbox: true or false is expected/)
  for (const text of ['yes', 'no', 'TRUE', 'False', ' ', 'on', '2'])
    assert.equal(keyOf([], { CHARTKEY_ALLOW_INSECURE_HTTP: text }), '--allow-insecure-http', text)
})

test('SEC-01, SEED-07: an insecure exposure starts only when asked for in so many words', () => {
  assert.equal(keyOf(['--host', '0.0.0.0', '--sandbox']), '--sandbox')
  assert.equal(keyOf(['--host', '0.0.0.0', '--sandbox', '--sandbox-on-network']), '--base-url')
  assert.equal(
    keyOf(['--host', '0.0.0.0', '--sandbox', '--sandbox-on-network', '--allow-insecure-http']),
    'accepted',
  )
  assert.equal(keyOf(['--host', '192.0.2.1']), '--base-url')
})

test('SEC-01: an https address counts on the network only with the proxy that makes it true', () => {
  const network = ['--host', '192.0.2.1', '--base-url', 'https://ehr.example']
  assert.throws(
    () => load(network),
    (error) =>
      error instanceof ConfigError &&
      error.key === '--trust-proxy' &&
      ['--tls-cert', '--allow-insecure-http', '192.0.2.1'].every((name) => error.message.includes(name)),
  )
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  writeFileSync(file, 'trustProxy: []\n')
  assert.equal(keyOf([...network, '--config', file]), '--trust-proxy')
  assert.equal(keyOf([...network, '--trust-proxy', '10.0.0.0/8']), 'accepted')
  assert.equal(keyOf([...network, '--tls-cert', 'c.pem', '--tls-key', 'k.pem']), 'accepted')
  assert.equal(keyOf([...network, '--allow-insecure-http']), 'accepted')
  assert.equal(keyOf(['--base-url', 'https://ehr.example']), 'accepted')
  // A proxy says nothing about an address that is plain HTTP itself.
  assert.equal(
    keyOf(['--host', '192.0.2.1', '--base-url', 'http://ehr.example', '--trust-proxy', '10.0.0.0/8']),
    '--base-url',
  )
})

test('a certificate comes with its key and an https address, and makes the network safe to listen on', () => {
  const tls = ['--tls-cert', 'c.pem', '--tls-key', 'k.pem']
  assert.equal(keyOf(tls), 'accepted')
  assert.equal(keyOf([...tls, '--host', '0.0.0.0']), 'accepted')
  assert.equal(keyOf(['--tls-cert', 'c.pem']), '--tls-key')
  assert.equal(keyOf([], { CHARTKEY_TLS_KEY: 'k.pem' }), '--tls-cert')
  assert.equal(keyOf([...tls, '--base-url', 'http://ehr.example']), '--base-url')
  assert.equal(keyOf([...tls, '--base-url', 'https://ehr.example']), 'accepted')
})

test('limits stand in the file, each with its default, and a wrong one is told by its path', () => {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  const written = (text: string) => {
    writeFileSync(file, text)
    return ['--config', file]
  }
  const { rateLimits } = load(
    written('rateLimits: { token: { perAddress: 5 }, introspect: { perAddress: off } }'),
  )
  assert.equal(rateLimits.token.perAddress, 5)
  assert.equal(rateLimits.token.perClient, load([]).rateLimits.token.perClient)
  assert.equal(rateLimits.introspect.perAddress, 'off')
  assert.equal(keyOf(written('rateLimits: { token: { perAddress: 0 } }')), 'rateLimits.token.perAddress')
  assert.equal(keyOf(written('rateLimits: { tokens: { perAddress: 5 } }')), 'rateLimits.tokens')
  assert.equal(keyOf(written('rateLimits: { exempt: [0.0.0.0/0] }')), 'rateLimits.exempt.0')
})

test('proxies are trusted by network, and never everybody', () => {
  assert.deepEqual(load(['--trust-proxy', '10.0.0.0/8, ::1']).trustProxy, ['10.0.0.0/8', '::1'])
  assert.deepEqual(load([], { CHARTKEY_TRUST_PROXY: '192.0.2.1' }).trustProxy, ['192.0.2.1'])
  for (const text of [
    '0.0.0.0/0',
    '0.0.0.0/1,128.0.0.0/1',
    '::ffff:0:0/96',
    '::/1',
    'yes',
    '10.0.0.0/8,',
    '*',
  ])
    assert.equal(keyOf(['--trust-proxy', text]), '--trust-proxy', text)
})

test('the audit trail is kept for a year at least, outside the sandbox', () => {
  assert.equal(load(['--audit-retention', '3650']).auditRetention, 3650)
  assert.equal(load([], { CHARTKEY_AUDIT_RETENTION: '400' }).auditRetention, 400)
  assert.equal(load(['--audit-retention', '1', '--sandbox']).auditRetention, 1)
  for (const days of ['0', '364', '-1', '1.5', 'for ever', '99999999'])
    assert.equal(keyOf(['--audit-retention', days]), '--audit-retention', days)
})

test('SEC-01: a server is of this machine alone where it listens on loopback and is not called otherwise', () => {
  const isHere = (...flags: string[]) => isOnlyHere(load(flags))
  assert.ok(isHere())
  for (const url of ['http://localhost:9', 'https://127.0.0.2', 'http://[::1]:8080', 'HTTP://LOCALHOST'])
    assert.ok(isHere('--base-url', url), url)
  // Behind a proxy on the same machine everybody reaches it.
  for (const url of ['https://ehr.example', 'http://127.0.0.1.ehr.example', 'http://[::2]'])
    assert.ok(!isHere('--base-url', url), url)
  assert.ok(!isHere('--host', '0.0.0.0', '--base-url', 'http://localhost:8080', '--allow-insecure-http'))
})

test('loopback is what only this machine reaches', () => {
  assert.ok(isLoopback('127.0.0.1') && isLoopback('::1') && isLoopback('localhost'))
  assert.ok(!isLoopback('0.0.0.0') && !isLoopback('127.example.org') && !isLoopback('::'))
})

test('the store is a folder or a PostgreSQL database, and what is refused is not repeated', () => {
  for (const data of [
    './here',
    'C:/data',
    'postgres://u:p@host:5432/chartkey?sslmode=verify-full',
    'postgresql://host/db',
  ])
    assert.equal(load(['--data', data]).data, data)
  for (const data of ['mysql://u:hidden@host/db', 'postgres://u:hidden@host', 'postgres://u:hid den@:x/db'])
    assert.throws(
      () => load([], { CHARTKEY_DATA: data }),
      (error) => error instanceof ConfigError && error.key === '--data' && !error.message.includes('hid'),
    )
})

test('a mistake in the file is told without what stands there', () => {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  writeFileSync(file, 'data: postgres://u:hidden@host/db: :\n  port: 1\n')
  assert.throws(
    () => load(['--config', file]),
    (error) => error instanceof ConfigError && !error.message.includes('hidden'),
  )
})

test('the file takes variables of the environment, and misses none of them silently', () => {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what stands in the file
  writeFileSync(file, 'data: "postgres://chartkey:${DATABASE_PASSWORD}@localhost/chartkey"\n')
  assert.equal(
    load(['--config', file], { DATABASE_PASSWORD: 'p' }).data,
    'postgres://chartkey:p@localhost/chartkey',
  )
  assert.equal(keyOf(['--config', file]), 'data')
})
