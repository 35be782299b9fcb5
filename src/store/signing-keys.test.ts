import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { testOnEach } from '../../test/fixtures/databases.ts'
import type { StoredKey } from '../authorization/ports.ts'
import { createSecretBox } from './secret-box.ts'
import { createKeyStore } from './signing-keys.ts'
import type { Sql } from './sql.ts'

const key = (kid: string, createdAt: number): StoredKey => ({
  kid,
  alg: 'ES256',
  privateKey: `the private key ${kid}`,
  createdAt,
  signsFrom: createdAt + 10,
})
const [one, other] = [randomBytes(32), randomBytes(32)]

async function dump(sql: Sql): Promise<string> {
  return JSON.stringify(await sql.all('SELECT * FROM signing_keys'))
}

testOnEach('what is stored cannot be read without the key, and is the same with it', async (sql) => {
  const store = createKeyStore(sql, createSecretBox([one]))
  await store.addNext(key('a', 1), 0)
  assert.deepEqual(await store.list(), [key('a', 1)])
  assert.doesNotMatch(await dump(sql), /the private key/)
  await assert.rejects(createKeyStore(sql).list(), /no encryption key/)
  await assert.rejects(createKeyStore(sql, createSecretBox([other])).list(), /cannot be read/)
})

testOnEach('keys that were stored plain are encrypted, and those of another key anew', async (sql) => {
  await createKeyStore(sql).addNext(key('a', 1), 0)
  assert.match(await dump(sql), /the private key/)
  const first = createKeyStore(sql, createSecretBox([one]))
  assert.equal(await first.unsealed(), 1)
  assert.equal(await first.sealAll(), 1)
  assert.equal(await first.sealAll(), 0)
  assert.doesNotMatch(await dump(sql), /the private key/)
  const second = createKeyStore(sql, createSecretBox([other, one]))
  assert.equal(await second.sealAll(), 1)
  assert.deepEqual(await createKeyStore(sql, createSecretBox([other])).list(), [key('a', 1)])
})

testOnEach('a sealed key under another name is refused', async (sql) => {
  const store = createKeyStore(sql, createSecretBox([one]))
  await store.addNext(key('a', 1), 0)
  await sql.write((tx) => tx.run("UPDATE signing_keys SET kid = 'b'"))
  await assert.rejects(store.list(), /cannot be read/)
})

testOnEach('of many that would add the next key one does', async (sql) => {
  const store = createKeyStore(sql, createSecretBox([one]))
  await store.addNext(key('a', 1), 0)
  const added = await Promise.all(
    Array.from({ length: 20 }, (_, at) => store.addNext(key(`next-${at}`, 100), 50)),
  )
  assert.equal(added.filter(Boolean).length, 1)
  assert.equal((await store.list()).length, 2)
})

testOnEach('keys can be replaced all at once, and removed', async (sql) => {
  const store = createKeyStore(sql)
  await store.addNext(key('a', 1), 0)
  await store.replaceAll([key('b', 2), key('c', 3)])
  assert.deepEqual(
    (await store.list()).map(({ kid }) => kid),
    ['c', 'b'],
  )
  await store.remove(['c'])
  assert.deepEqual(
    (await store.list()).map(({ kid }) => kid),
    ['b'],
  )
})
