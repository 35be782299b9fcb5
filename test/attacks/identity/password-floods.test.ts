/** Many sign-ins at once: each takes a processor for tens of milliseconds, on the threads where tokens are signed and the disk is waited for. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { createWorld } from '../../fixtures/identity-world.ts'
import { person } from './people.ts'

test('a flood of sign-ins holds up nobody who waits for a signature', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const world = await createWorld([await person('amara')])
  let done = 0
  const flood = Array.from({ length: 24 }, async (_, at) => {
    const { status } = await world
      .browser(`192.0.2.${at + 1}`)
      .post('/account/sign-in', { username: `nobody ${at}`, password: 'guessed' })
    done++
    return status
  })
  while (done === 0) await new Promise((turned) => void setImmediate(turned))
  const before = done
  await promisify(sign)('sha256', Buffer.from('a token'), privateKey)
  assert.ok(done - before < 8, `${done - before} passwords were looked at before one signature`)
  assert.deepEqual([...new Set(await Promise.all(flood))], [401])
})
