import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OutboundResult } from '../../http/outbound.ts'
import type { PublicJwk } from '../client.ts'
import { createRemoteKeys } from './remote-keys.ts'

const SECOND = 1000
const url = 'https://app.example/jwks'

/** A server with these keys, which counts the visits. */
function world() {
  let time = 1_000_000
  let visits = 0
  let answer: OutboundResult = told(['a'], 'max-age=60')
  let hold: Promise<void> | undefined
  const remote = createRemoteKeys({
    now: () => time,
    outbound: {
      get: async (_, { accept, maxBytes }) => {
        visits++
        assert.equal(accept, 'application/json')
        assert.ok(maxBytes <= 65_536)
        await hold
        return answer
      },
    },
  })
  return {
    load: async (kid: string) => {
      const keys = await remote.load(url, (found) => found.some((key) => key.kid === kid))
      return keys.map((key: PublicJwk) => key.kid)
    },
    visits: () => visits,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    publish: (next: OutboundResult) => {
      answer = next
    },
    holdUntil: (release: Promise<void>) => {
      hold = release
    },
  }
}

function told(kids: readonly string[], cacheControl?: string): OutboundResult {
  return {
    status: 200,
    headers: cacheControl === undefined ? {} : { 'cache-control': cacheControl },
    body: JSON.stringify({ keys: kids.map((kid) => ({ kid, kty: 'EC' })) }),
  }
}

test('CAUTH-43, CAUTH-45, CAUTH-46: kept as long as the app says, and no longer', async () => {
  const { load, visits, pass } = world()
  await load('a')
  pass(59 * SECOND)
  assert.deepEqual(await load('a'), ['a'])
  assert.equal(visits(), 1)
  pass(1 * SECOND)
  await load('a')
  assert.equal(visits(), 2)
})

test('CAUTH-45: a key that was taken back is not used when its time is over, even if nothing can be had any more', async () => {
  const { load, pass, publish } = world()
  await load('a')
  publish({ refused: 'timeout', detail: '' })
  pass(60 * SECOND)
  assert.deepEqual(await load('a'), [])
})

test('CAUTH-45: what may not be kept is asked for each time', async () => {
  const { load, visits, publish } = world()
  publish(told(['a'], 'no-store'))
  await load('a')
  await load('a')
  assert.equal(visits(), 2)
})

test('AMB-14: an unknown kid makes us ask again, but not for every stranger', async () => {
  const { load, visits, pass, publish } = world()
  await load('a')
  pass(11 * SECOND)
  publish(told(['a', 'b'], 'max-age=60'))
  assert.deepEqual(await load('b'), ['a', 'b'])
  assert.equal(visits(), 2)
  for (const kid of ['c', 'd', 'e']) await load(kid)
  assert.equal(visits(), 2, 'ten seconds have to pass')
  pass(10 * SECOND)
  await load('c')
  assert.equal(visits(), 3)
})

test('whoever comes at once waits for one visit', async () => {
  const { load, visits, holdUntil } = world()
  const { promise, resolve } = Promise.withResolvers<void>()
  holdUntil(promise)
  const asked = Promise.all([load('a'), load('a'), load('b')])
  resolve()
  assert.deepEqual(await asked, [['a'], ['a'], ['a']])
  assert.equal(visits(), 1)
})

const failures: readonly (readonly [string, OutboundResult])[] = [
  ['nobody there', { refused: 'unreachable', detail: '' }],
  ['a forbidden address', { refused: 'address', detail: '' }],
  ['a redirect', { refused: 'redirect', detail: '' }],
  ['an error', { status: 500, headers: {}, body: '{"keys":[]}' }],
  ['a page', { status: 200, headers: {}, body: '<html>' }],
  ['null', { status: 200, headers: {}, body: 'null' }],
  ['no list', { status: 200, headers: {}, body: '{"keys":{"kid":"a"}}' }],
  ['too many keys', told(Array.from({ length: 101 }, () => 'a'))],
]
for (const [what, answer] of failures) {
  test(`CAUTH-44: ${what}: there are no keys, nothing is thrown, and for ten seconds nobody asks again`, async () => {
    const { load, visits, pass, publish } = world()
    publish(answer)
    assert.deepEqual(await load('a'), [])
    assert.deepEqual(await load('a'), [])
    assert.equal(visits(), 1)
    pass(10 * SECOND)
    publish(told(['a']))
    assert.deepEqual(await load('a'), ['a'])
  })
}

test('a failure while a key is missing leaves the others what they are', async () => {
  const { load, pass, publish } = world()
  await load('a')
  pass(11 * SECOND)
  publish({ refused: 'timeout', detail: '' })
  assert.deepEqual(await load('b'), ['a'])
  assert.deepEqual(await load('a'), ['a'])
})

test('what is no key among the keys is left out', async () => {
  const { load, publish } = world()
  publish({ status: 200, headers: {}, body: JSON.stringify({ keys: [null, 'x', [], { kid: 'a' }] }) })
  assert.deepEqual(await load('a'), ['a'])
})
