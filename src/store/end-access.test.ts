import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { type AuditEvent, tokenIssued } from '../audit/event.ts'
import type { Account } from '../identity/account.ts'
import type { ManagedMembers } from '../identity/providers/identity.ts'
import { createAccountStore } from './accounts.ts'
import { createRecording } from './audit.ts'
import { createGrantStore } from './grants.ts'
import { createIdentityStore } from './identities.ts'

const told: AuditEvent = { kind: 'account-security', outcome: 'success', actor: {}, change: 'followed' }
const members: ManagedMembers = {
  name: 'Diego Reyes',
  roles: ['patient'],
  fhirUser: 'Patient/diego',
  records: ['Patient/diego'],
}
const diego: Account = { ...members, id: 'user_1', username: 'diego', disabled: false }

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
      assert.equal(await identities.follow(diego.id, { ...members, ...changes }, told, 20), undefined)
      const held = async (id: string) => (await grants.liveOf(id, { madeAfter: 0, refreshedAfter: 0 })).length
      assert.equal(await held(diego.id), stays ? 1 : 0)
      assert.equal(await held('user_2'), 1)
      assert.deepEqual(
        (await accounts.find(diego.id))?.records.toSorted(),
        [...(changes.records ?? members.records)].toSorted(),
      )
    },
  )
