/** An app that waits for an administrator asks for tokens: it reads why it gets none once it has proved which app it is; others read what they read of any app. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { hashSecret } from '../../../src/authorization/secrets.ts'
import { askWith, assertionOf, backendOf, keyPair, worldOf } from './backend.ts'
import { ask } from './visit.ts'
import { createWorld, publicApp } from './world.ts'

const waiting = { disabled: true, approval: 'waiting' } as const
const refused = { disabled: true, approval: 'refused' } as const
const waits = 'This app waits for the approval of an administrator.'

function approved({ disabled: _, approval: __, ...client }: Client): Client {
  return client
}

test('a backend service that waits reads so, and its assertion is not used up: it works once an administrator approved', async () => {
  const world = await worldOf(waiting)
  const assertion = await assertionOf(world, await keyPair('ES384'))
  for (let times = 0; times < 2; times++) {
    const { status, body } = await askWith(world, assertion)
    assert.deepEqual([status, body.error, body.error_description], [400, 'invalid_client', waits])
  }
  await world.clients.change('backend', approved)
  assert.equal((await askWith(world, assertion)).status, 200)
})

test('whoever has not the key of an app that waits reads what they would of an app that does not exist', async () => {
  const world = await worldOf(waiting)
  const [pair, other] = [await keyPair('ES384'), await keyPair('ES384', 'other')]
  const forged = await askWith(world, await assertionOf(world, { ...other, kid: pair.kid }))
  const claims = { iss: 'nobody', sub: 'nobody' }
  const unknown = await askWith(world, await assertionOf(world, pair, { claims }))
  assert.deepEqual([forged.status, forged.body], [400, unknown.body])
})

test('keys at an address that an app named which still waits are not asked for', async () => {
  const pair = await keyPair('ES384')
  const { jwks: _, ...rest } = await backendOf([pair])
  const asked: string[] = []
  const world = await createWorld({
    clients: [{ ...rest, ...waiting, jwksUri: 'https://stranger.example/jwks.json' }],
    outbound: {
      get: async (url) => {
        asked.push(String(url))
        return { refused: 'unreachable', detail: 'nobody there' }
      },
    },
  })
  const { body } = await askWith(world, await assertionOf(world, pair))
  assert.equal(body.error, 'invalid_client')
  assert.notEqual(body.error_description, waits)
  assert.deepEqual(asked, [])
})

test('by its secret, too, an app that waits reads so; by another secret, or once it was refused, it reads what anybody reads', async () => {
  const secrets = [{ hash: hashSecret('of-its-own'), createdAt: 0 }]
  const app = { ...publicApp, authMethod: 'client_secret_basic', secrets } as const
  const world = await createWorld({
    clients: [
      { ...app, ...waiting, id: 'waits' },
      { ...app, ...refused, id: 'refused' },
    ],
  })
  const by = async (id: string, secret: string) => {
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
    const { status, body } = await ask(
      world,
      { grant_type: 'authorization_code', code: 'c' },
      { authorization },
    )
    return [status, body.error, body.error_description]
  }
  assert.deepEqual(await by('waits', 'of-its-own'), [401, 'invalid_client', waits])
  const anybody = await by('nobody', 'of-its-own')
  assert.deepEqual(await by('waits', 'another'), anybody)
  assert.deepEqual(await by('refused', 'of-its-own'), anybody)
})
