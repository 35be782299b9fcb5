import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { freePort } from '../../test/fixtures/free-port.ts'
import { ConfigError } from '../config.ts'
import { holdPort } from './port.ts'

const host = '127.0.0.1'

function isListening(port: number): Promise<boolean> {
  return new Promise((told) => {
    const socket = connect(port, host)
    socket.once('connect', () => told(true)).once('error', () => told(false))
    socket.once('connect', () => socket.destroy())
  })
}

test('a port that was chosen is held until it is released', async () => {
  const { port, release } = await holdPort(host, 0)
  await assert.rejects(
    holdPort(host, port),
    (error) => error instanceof ConfigError && error.key === '--port',
  )
  await release()
  await (await holdPort(host, port)).release()
})

test('at a port that was named nothing listens before the server does', async () => {
  const wanted = await freePort()
  const { port, release } = await holdPort(host, wanted)
  assert.equal(port, wanted)
  assert.equal(await isListening(port), false)
  await release()
})
