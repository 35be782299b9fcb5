import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeCertificate } from '../../test/fixtures/certificates.ts'
import { run } from '../../test/fixtures/process.ts'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'
import { ConfigError } from '../config.ts'
import { silentLog } from '../http/log.ts'
import { openCertificate } from './tls.ts'

async function files(cert: string, key: string) {
  const folder = temporaryFolder('tls')
  const names = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') }
  await writeFile(names.tlsCert, cert)
  await writeFile(names.tlsKey, key)
  return names
}

test('a certificate is taken again when both of its files changed, and never half of it', async () => {
  const [old, fresh] = [await makeCertificate('old'), await makeCertificate('fresh')]
  const names = await files(old.cert, old.key)
  const errors: string[] = []
  const log = { ...silentLog, error: (_: object, sentence: string) => void errors.push(sentence) }
  const opened = await openCertificate(names, log, Date.now)
  assert.equal(await opened?.look(), undefined)
  await writeFile(names.tlsCert, fresh.cert)
  assert.equal(await opened?.look(), undefined)
  assert.equal(await opened?.look(), undefined)
  assert.equal(errors.length, 1)
  assert.equal(opened?.current().cert, old.cert)
  await writeFile(names.tlsKey, fresh.key)
  assert.deepEqual(await opened?.look(), fresh)
  assert.equal(await opened?.look(), undefined)
  await writeFile(names.tlsKey, 'nothing')
  assert.equal(await opened?.look(), undefined)
  assert.deepEqual(opened?.current(), fresh)
})

test('a renewal by a key of another kind is taken when both files are there, too', async () => {
  const [old, fresh] = [await makeCertificate('old', 'rsa'), await makeCertificate('fresh')]
  const names = await files(old.cert, old.key)
  const opened = await openCertificate(names, silentLog, Date.now)
  await writeFile(names.tlsCert, fresh.cert)
  assert.equal(await opened?.look(), undefined)
  assert.equal(opened?.current().cert, old.cert)
  await writeFile(names.tlsKey, fresh.key)
  assert.deepEqual(await opened?.look(), fresh)
})

test('a certificate that ends soon is told of at start', async () => {
  const { cert, key } = await makeCertificate()
  const warnings: string[] = []
  const log = { ...silentLog, warn: (_: object, sentence: string) => void warnings.push(sentence) }
  const names = await files(cert, key)
  await openCertificate(names, log, Date.now)
  assert.deepEqual(warnings, [])
  await openCertificate(names, log, () => Date.now() + 10 * 365 * 24 * 60 * 60 * 1000)
  assert.equal(warnings.length, 1)
})

test('a certificate whose end comes near while the server runs is told of once a day, by its file', async () => {
  const { cert, key } = await makeCertificate()
  const names = await files(cert, key)
  const told: object[] = []
  const log = { ...silentLog, warn: (what: object) => void told.push(what) }
  const end = new X509Certificate(cert).validToDate
  const day = 24 * 60 * 60 * 1000
  let now = end.getTime() - 20 * day
  const opened = await openCertificate(names, log, () => now)
  await opened?.look()
  assert.deepEqual(told, [])
  now = end.getTime() - 10 * day
  await opened?.look()
  now += day / 2
  await opened?.look()
  assert.deepEqual(told, [{ file: names.tlsCert, end: end.toISOString() }])
  now += day
  await opened?.look()
  assert.equal(told.length, 2)
})

test('without settings there is no certificate; files that cannot be used are told by their setting', async () => {
  assert.equal(await openCertificate({}, silentLog, Date.now), undefined)
  const { cert, key } = await makeCertificate()
  const other = await makeCertificate()
  const good = await files(cert, key)
  const failures: readonly (readonly [string, { tlsCert: string; tlsKey: string }])[] = [
    ['--tls-cert', { ...good, tlsCert: '/nowhere/cert.pem' }],
    ['--tls-key', { ...good, tlsKey: '/nowhere/key.pem' }],
    ['--tls-cert', await files('nothing', key)],
    ['--tls-key', await files(cert, other.key)],
  ]
  for (const [flag, names] of failures)
    await assert.rejects(
      openCertificate(names, silentLog, Date.now),
      (error) =>
        error instanceof ConfigError && error.key === flag && !error.message.includes('PRIVATE KEY-'),
    )
})

test('a bad certificate ends the start with 2 and names the key', async () => {
  const folder = temporaryFolder('tls')
  const { code, said } = await run(
    ['serve', '--sandbox', '--data', folder, '--tls-cert', '/nowhere/c.pem', '--tls-key', '/nowhere/k.pem'],
    60_000,
  )
  assert.equal(code, 2)
  assert.match(said, /--tls-cert/)
})
