import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '../identity/account.ts'
import type { Identity } from '../identity/index.ts'
import { createRights } from './rights.ts'

function world() {
  let time = 0
  let asked = 0
  let failing = false
  let rightsNow: object[] = []
  let account: Account | undefined = {
    id: 'a',
    username: 'a',
    name: 'A',
    roles: ['patient'],
    records: [],
    disabled: false,
  }
  const identity = {
    accounts: { find: async () => account },
    rightsOf: async () => {
      if (failing) throw new Error('no answer')
      asked++
      return { rights: structuredClone(rightsNow), withheld: [] }
    },
    rightsOfSystem: async () => ({ rights: [], withheld: [] }),
  } as unknown as Identity
  return {
    rights: createRights(identity, () => time),
    asked: () => asked,
    fail: (fails: boolean) => {
      failing = fails
    },
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    change: (rights: object[]) => {
      rightsNow = rights
    },
    disable: () => {
      account = account && { ...account, disabled: true }
    },
    remove: () => {
      account = undefined
    },
  }
}

test('RSRC-09: within half a second the same rights are told as the same value', async () => {
  const { rights, pass } = world()
  const first = await rights.of('a')
  pass(499)
  assert.equal(await rights.of('a'), first)
})

test('RSRC-09: an account that is disabled or gone has no rights half a second later', async () => {
  for (const end of ['disable', 'remove'] as const) {
    const played = world()
    await played.rights.of('a')
    played[end]()
    played.pass(500)
    assert.equal(await played.rights.of('a'), undefined, end)
  }
})

test('that there was no account is not remembered', async () => {
  const played = world()
  played.disable()
  assert.equal(await played.rights.of('a'), undefined)
})

test('requests that come at once ask once; a failure is not remembered', async () => {
  const { rights, asked, fail } = world()
  fail(true)
  await assert.rejects(rights.of('a'))
  fail(false)
  await Promise.all([rights.of('a'), rights.of('a'), rights.of('a')])
  assert.equal(asked(), 1)
})

test('what is forgotten is asked anew at once', async () => {
  const { rights, asked } = world()
  await rights.of('a')
  rights.forget('a')
  await rights.of('a')
  assert.equal(asked(), 2)
})

test('a client that acts for itself has what identity says, and no whole form of the trail', async () => {
  assert.deepEqual((await world().rights.ofClient('app'))?.rights, [])
})

test('RSRC-09: rights that stay what they were stay the same value, and others are told half a second later', async () => {
  const { rights, pass, change, asked } = world()
  const first = await rights.of('a')
  pass(500)
  assert.equal(await rights.of('a'), first)
  assert.equal(asked(), 2)
  const slice = { type: 'Observation', compartments: [], filter: [] }
  change([{ letters: ['r'], slice }])
  pass(500)
  const second = await rights.of('a')
  assert.notEqual(second, first)
  assert.deepEqual(second?.rights.at(0), { letters: ['r'], slice })
  change([])
  pass(500)
  assert.deepEqual(await rights.of('a'), first)
})
