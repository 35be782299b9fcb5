import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import type { Client } from '../authorization/client.ts'
import { createClientStore } from './clients.ts'

const client: Client = {
  id: 'backend',
  name: 'Backend',
  authMethod: 'private_key_jwt',
  jwks: {
    keys: [
      { kty: 'EC', kid: 'ключ "1"', crv: 'P-384', x: 'AA', y: 'BB', 'x-more': [1, null, { a: '\u2028' }] },
    ],
  },
  secrets: [{ hash: 'h', createdAt: 1, endsAt: 2 }],
  redirectUris: [],
  grantTypes: ['client_credentials'],
  scope: 'system/Patient.rs',
  createdAt: 1,
}

testOnEach(
  'CAUTH-13: a key set is kept as it was registered, whole, until it is replaced as a whole',
  async (sql) => {
    const clients = createClientStore(sql)
    await clients.add(client)
    assert.deepEqual(await clients.find('backend'), client)
    await assert.rejects(clients.add({ ...client, jwks: { keys: [] } }), 'nobody registers over it')
    assert.deepEqual(await clients.find('backend'), client)
    assert.equal(await clients.change('other', (before) => before), false)
    assert.deepEqual(await clients.list(), [client])
    const replaced = { ...client, jwks: { keys: [{ kty: 'EC', kid: '2' }] } }
    await clients.change(client.id, () => replaced)
    assert.deepEqual(await clients.find('backend'), replaced)
  },
)

testOnEach('an app of an older version keeps its secret', async (sql) => {
  const { secrets: _, ...older } = { ...client, secretHash: 'kept' }
  await sql.write((tx) =>
    tx.run(
      'INSERT INTO clients (id, disabled, created_at, data) VALUES (?, ?, ?, ?)',
      'backend',
      0,
      1,
      JSON.stringify(older),
    ),
  )
  const found = await createClientStore(sql).find('backend')
  assert.deepEqual(found?.secrets, [{ hash: 'kept', createdAt: 1 }])
  assert.equal(found !== undefined && 'secretHash' in found, false)
})
