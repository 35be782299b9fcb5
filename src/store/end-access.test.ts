import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { type AuditEvent, tokenIssued } from '../audit/event.ts'
import type { Flow } from '../authorization/authorize/flow.ts'
import type { CodeRecord } from '../authorization/grant.ts'
import type { Account } from '../identity/account.ts'
import type { ManagedMembers } from '../identity/providers/identity.ts'
import { createAccountStore } from './accounts.ts'
import { createRecording } from './audit.ts'
import { createFlowStore } from './flows.ts'
import { createGrantStore } from './grants.ts'
import { createIdentityStore } from './identities.ts'
import { createRememberedConsentStore } from './remembered-consents.ts'

const told: AuditEvent = { kind: 'account-security', outcome: 'success', actor: {}, change: 'followed' }
const members: ManagedMembers = {
  name: 'Diego Reyes',
  roles: ['patient'],
  fhirUser: 'Patient/diego',
  records: ['Patient/diego'],
}
const diego: Account = { ...members, id: 'user_1', username: 'diego', disabled: false }

/** Has somebody decide about an app. */
async function remember(flows: ReturnType<typeof createFlowStore>, userId: string): Promise<void> {
  const decided = { userId, clientId: 'app', launch: 'standalone' } as const
  const made = { asked: 'openid', granted: 'openid', client: 'digest', decidedAt: 1, expiresAt: 1000 }
  const flow = { hash: userId, state: 'consenting', request: {}, context: {}, createdAt: 1, expiresAt: 1000 }
  await flows.add(flow as unknown as Flow)
  const code = { hash: userId, redirectUri: '', expiresAt: 0, grant: {} } as unknown as CodeRecord
  const finished = { ...flow, state: 'finished' } as unknown as Flow
  const remember = { ...decided, ...made }
  assert.ok(await flows.move('consenting', finished, code, { decided, remember }))
}

const rows: readonly (readonly [string, Partial<ManagedMembers>, boolean])[] = [
  ['nothing', {}, true],
  ['another name', { name: 'Diego R.' }, true],
  ['a record more', { records: ['Patient/diego', 'RelatedPerson/for-mateo'] }, true],
  ['another record', { fhirUser: 'Patient/other', records: ['Patient/other'] }, false],
  ['the record gone', { fhirUser: undefined, records: [] } as unknown as ManagedMembers, false],
  [
    'another of the records to be known by',
    { fhirUser: 'RelatedPerson/for-mateo', records: ['Patient/diego'] },
    false,
  ],
]

for (const [what, changes, stays] of rows)
  testOnEach(
    `CTX-40: a provider's claims bring ${what}: what apps hold of the person ${stays ? 'stays' : 'ends'}`,
    async (sql) => {
      const recording = createRecording(trailRules)
      const decisions = decisionsOver(sql)
      const grants = createGrantStore(sql, recording, decisions)
      const identities = createIdentityStore(sql, recording, decisions)
      const accounts = createAccountStore(sql)
      await accounts.add(diego)
      for (const userId of [diego.id, 'user_2']) {
        const grant = {
          id: `grant of ${userId}`,
          clientId: 'app',
          userId,
          userName: 'somebody',
          sessionId: 's',
          authenticatedAt: 1,
          scope: 'openid fhirUser',
          context: {},
          createdAt: 10,
        }
        const given = tokenIssued({ user: userId, client: 'app', grant: grant.id }, 'test', grant.scope)
        assert.equal(await grants.give(grant, { now: 10, told: given }), 'given')
      }
      const consents = createRememberedConsentStore(sql, decisions)
      for (const userId of [diego.id, 'user_2']) await remember(createFlowStore(sql, decisions), userId)
      assert.equal(await identities.follow(diego.id, { ...members, ...changes }, told, 20), undefined)
      const held = async (id: string) => (await grants.liveOf(id, { madeAfter: 0, refreshedAfter: 0 })).length
      assert.equal(await held(diego.id), stays ? 1 : 0)
      assert.equal(await held('user_2'), 1)
      // Nor does what they decided about apps speak for whoever they are now.
      const decided = async (userId: string) => (await consents.listOf(userId, 0)).length
      assert.deepEqual([await decided(diego.id), await decided('user_2')], [stays ? 1 : 0, 1])
      assert.deepEqual(
        (await accounts.find(diego.id))?.records.toSorted(),
        [...(changes.records ?? members.records)].toSorted(),
      )
    },
  )
