import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { grantRevoked } from '../audit/event.ts'
import type { Flow } from '../authorization/authorize/flow.ts'
import type { CodeRecord } from '../authorization/grant.ts'
import type { RememberedConsent } from '../authorization/remembered-consent.ts'
import { createRecording } from './audit.ts'
import { findCode } from './codes.ts'
import { createFlowStore } from './flows.ts'
import { createGrantList } from './grant-list.ts'
import { createGrantStore } from './grants.ts'
import { createRememberedConsentStore } from './remembered-consents.ts'

const decision: RememberedConsent = {
  userId: 'u',
  clientId: 'c',
  patient: 'p',
  launch: 'standalone',
  asked: 'patient/*.rs',
  granted: 'patient/Condition.rs',
  client: 'digest',
  decidedAt: 100,
  expiresAt: 1000,
}

function flowOf(hash: string): Flow {
  const flow = { hash, state: 'consenting', request: {}, context: {}, createdAt: 1, expiresAt: 1000 }
  return flow as unknown as Flow
}

function codeOf(hash: string): CodeRecord {
  return { hash, redirectUri: 'https://app.example/', expiresAt: 1000, grant: {} } as unknown as CodeRecord
}

testOnEach('a decision is stored with the code, or neither is', async (sql) => {
  const flows = createFlowStore(sql, decisionsOver(sql))
  const consents = createRememberedConsentStore(sql, decisionsOver(sql))
  const flow = flowOf('one')
  await flows.add(flow)
  const end = (code: string) =>
    flows.move('consenting', { ...flow, state: 'finished' }, codeOf(code), {
      decided: decision,
      remember: decision,
    })
  assert.equal(await end('first'), true)
  assert.deepEqual(await consents.find(decision), decision)
  await consents.forget('u', 'c')
  assert.equal(await end('second'), false)
  assert.equal(await consents.find(decision), undefined)
  assert.equal(await findCode(sql, 'second'), undefined)
})

testOnEach('what is relied on has to stand still when the code is stored', async (sql) => {
  const flows = createFlowStore(sql, decisionsOver(sql))
  const consents = createRememberedConsentStore(sql, decisionsOver(sql))
  const rely = async (name: string, at: number, relyOn = decision) => {
    const flow = flowOf(name)
    await flows.add(flow)
    const moved = await flows.move('consenting', { ...flow, state: 'finished' }, codeOf(name), { relyOn, at })
    assert.equal((await findCode(sql, name)) !== undefined, moved)
    assert.equal((await flows.find(name))?.state, moved ? 'finished' : 'consenting')
    return moved
  }
  await flows.add(flowOf('decide'))
  await flows.move('consenting', { ...flowOf('decide'), state: 'finished' }, codeOf('decide'), {
    decided: decision,
    remember: decision,
  })
  assert.equal(await rely('good', 200), true)
  assert.equal(await rely('late', 1000), false)
  assert.equal(await rely('replaced', 200, { ...decision, decidedAt: 99 }), false)
  assert.equal(await rely('record', 200, { ...decision, patient: 'q' }), false)
  assert.equal(await rely('launch', 200, { ...decision, launch: 'ehr' }), false)
  await consents.forget('u', 'c')
  assert.equal(await rely('forgotten', 200), false)
})

testOnEach(
  'a later decision takes the place of an earlier one; each expires, and is listed for its person',
  async (sql) => {
    const flows = createFlowStore(sql, decisionsOver(sql))
    const consents = createRememberedConsentStore(sql, decisionsOver(sql))
    const decide = async (name: string, changes: Partial<RememberedConsent>) => {
      await flows.add(flowOf(name))
      const remember = { ...decision, ...changes }
      await flows.move('consenting', { ...flowOf(name), state: 'finished' }, codeOf(name), {
        decided: remember,
        remember,
      })
      return remember
    }
    await decide('one', {})
    const later = await decide('two', { decidedAt: 200, expiresAt: 2000, granted: 'patient/*.rs' })
    const { patient: _none, ...without } = decision
    await decide('three', { userId: 'v' })
    await flows.add(flowOf('four'))
    await flows.move('consenting', { ...flowOf('four'), state: 'finished' }, codeOf('four'), {
      decided: without,
      remember: without,
    })
    assert.deepEqual(await consents.listOf('u', 500), [later, without])
    assert.deepEqual(await consents.listOf('u', 1000), [later])
    await consents.forget('v', 'other')
    assert.equal((await consents.listOf('v', 500)).length, 1)
    await consents.sweep(1000)
    assert.deepEqual(await consents.listOf('u', 0), [later])
    assert.deepEqual(await consents.listOf('v', 0), [])
  },
)

testOnEach(
  'where an administrator ends access, what its person decided about the app is forgotten',
  async (sql) => {
    const flows = createFlowStore(sql, decisionsOver(sql))
    const recording = createRecording(trailRules)
    const grants = createGrantStore(sql, recording, decisionsOver(sql))
    const told = grantRevoked({ user: 'u', client: 'c', grant: 'g' })
    await flows.add(flowOf('one'))
    const remember = decision
    await flows.move('consenting', { ...flowOf('one'), state: 'finished' }, codeOf('one'), {
      decided: remember,
      remember,
    })
    const grant = { id: 'g', clientId: 'c', userId: 'u', scope: '', context: {}, createdAt: 1 }
    await grants.give(grant, { now: 1, told })
    const list = createGrantList(sql, recording, decisionsOver(sql))
    const ended = await list.end({ userId: 'u' }, 2, { grant: () => told, decisions: () => told })
    assert.deepEqual(ended, { revoked: 1, decisions: 1, codes: 0 })
    assert.equal(await createRememberedConsentStore(sql, decisionsOver(sql)).find(decision), undefined)
  },
)
