import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { createAccountStore } from './accounts.ts'
import { endSessions } from './end-sessions.ts'
import { createLogoutNoticeStore } from './logout-notices.ts'
import { createSessionStore } from './sessions.ts'

const session = { id: 'session', userId: 'u' }
const notice = { id: 'logout_1', clientId: 'app', userId: 'u', sid: 's', attempts: 0, dueAt: 1000 }

testOnEach(
  'a notice is taken by one of two who come at once, and again only when its lease is over',
  async (sql) => {
    const notices = createLogoutNoticeStore(sql)
    await notices.addAll([notice, { ...notice, id: 'logout_2', dueAt: 5000 }], session)
    const taken = await Promise.all([notices.take(1000, 2000, 10), notices.take(1000, 2000, 10)])
    assert.deepEqual(taken.flat(), [notice])
    assert.deepEqual(await notices.take(1999, 3000, 10), [])
    assert.deepEqual(
      (await notices.take(2000, 3000, 10)).map(({ id }) => id),
      ['logout_1'],
    )
  },
)

testOnEach(
  'a notice that is put off comes again then, with its number of attempts; one that is finished does not',
  async (sql) => {
    const notices = createLogoutNoticeStore(sql)
    await notices.addAll([notice], session)
    await notices.postpone('logout_1', 1, 9000)
    assert.deepEqual(await notices.take(8999, 10_000, 10), [])
    assert.deepEqual(await notices.take(9000, 10_000, 10), [{ ...notice, attempts: 1, dueAt: 9000 }])
    await notices.finish('logout_1', 9000)
    assert.deepEqual(await notices.take(99_000, 100_000, 10), [])
  },
)

testOnEach(
  'Back-Channel Logout §2.5: what was told is not told again, until nobody can ask for it',
  async (sql) => {
    const notices = createLogoutNoticeStore(sql)
    await notices.addAll([notice], session)
    await notices.finish(notice.id, 2000)
    await notices.addAll([notice], session)
    await notices.sweep(1999)
    await notices.addAll([notice], session)
    assert.deepEqual(await notices.take(99_000, 100_000, 10), [])
    await notices.sweep(2000)
    await notices.addAll([notice], session)
    assert.deepEqual(await notices.take(99_000, 100_000, 10), [notice])
  },
)

testOnEach(
  'Back-Channel Logout §2.5: a session that ends is noted in the same transaction, and no more once it is known whom to tell',
  async (sql) => {
    const notices = createLogoutNoticeStore(sql)
    const account = { id: 'u' }
    const sessions = createSessionStore(sql)
    const [roles, records] = [['clinician'], []] as const
    await createAccountStore(sql).add({
      ...account,
      username: 'u',
      name: 'U',
      roles,
      records,
      disabled: false,
    })
    for (const id of ['one', 'two', 'kept']) {
      const times = { signedInAt: 1, usedAt: 1, methods: ['pwd'] }
      await sessions.add({ id, secretHash: id, accountId: 'u', ...times }, account)
    }
    const ending = sql.write(async (tx) => {
      await endSessions(tx, 'account_id = ?', 'u')
      throw new Error('undone')
    })
    await assert.rejects(ending, /undone/)
    assert.deepEqual(await notices.ended(10), [])
    await sessions.remove('one')
    await sessions.removeOf('u', 'kept')
    const ended = [
      { id: 'one', userId: 'u' },
      { id: 'two', userId: 'u' },
    ]
    assert.deepEqual(await notices.ended(10), ended)
    assert.equal((await notices.ended(1)).length, 1)
    for (const session of ended) await notices.addAll([notice], session)
    assert.deepEqual(await notices.ended(10), [])
    assert.equal((await notices.take(1000, 2000, 10)).length, 1)
  },
)
