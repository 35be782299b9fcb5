/** Commands that end somebody's sessions, as an operator runs them beside a server, on both stores: the apps of those sessions are told. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { trailRules } from '../../src/audit/chain.ts'
import { announceLogouts } from '../../src/authorization/logout/announce.ts'
import { decisionRecordsOver } from '../../src/server/decision-records.ts'
import { createRecording } from '../../src/store/audit.ts'
import { createClientStore } from '../../src/store/clients.ts'
import { createGrantStore } from '../../src/store/grants.ts'
import { createLogoutNoticeStore } from '../../src/store/logout-notices.ts'
import { openStore } from '../../src/store/open.ts'
import { createSessionStore } from '../../src/store/sessions.ts'
import { databaseKinds } from '../fixtures/kinds.ts'
import { newDatabase } from '../fixtures/lent-databases.ts'
import { run } from '../fixtures/process.ts'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'

const commands = ['set-password', 'remove-second-factors', 'disable'] as const

for (const kind of databaseKinds) {
  test(`${kind}: Back-Channel Logout §2.5: an app hears of a session that a command has ended`, async () => {
    const folder = temporaryFolder('ended-sessions')
    const data = kind === 'SQLite' ? join(folder, 'data') : await newDatabase('bare')
    const told = async (...words: string[]) => {
      const { code, said } = await run([...words, '--data', data])
      assert.equal(code, 0, said)
      return JSON.parse(said)
    }
    const metadata = join(folder, 'app.json')
    writeFileSync(
      metadata,
      JSON.stringify({
        client_name: 'Trends',
        redirect_uris: ['https://app.example/cb'],
        backchannel_logout_uri: 'https://app.example/logout',
      }),
    )
    const { client_id: clientId } = await told('app', 'add', metadata)
    for (const command of commands) {
      const { id: userId } = await told('user', 'add', `lab.${command}`, '--role', 'clinician')
      const sessionId = `session of ${userId}`
      await signInAndAllow(data, { userId, sessionId, clientId })
      await told('user', command, `lab.${command}`)
      assert.deepEqual(
        await afterwards(data, userId),
        { sessions: 0, notices: [[clientId, userId]] },
        command,
      )
    }
  })
}

async function signInAndAllow(
  data: string,
  { userId, sessionId, clientId }: { userId: string; sessionId: string; clientId: string },
): Promise<void> {
  const sql = await openStore(data)
  const at = Date.now()
  const session = {
    id: sessionId,
    secretHash: sessionId,
    accountId: userId,
    signedInAt: at,
    usedAt: at,
    methods: ['pwd'],
  }
  assert.equal(await createSessionStore(sql).add(session, { id: userId }), true)
  const grant = {
    id: `grant of ${userId}`,
    clientId,
    userId,
    sessionId,
    scope: 'openid',
    context: {},
    createdAt: at,
  }
  const columns = ['id', 'client_id', 'user_id', 'created_at', 'data']
  await sql.write((tx) =>
    tx.addAll('grants', columns, [[grant.id, clientId, userId, at, JSON.stringify(grant)]]),
  )
  await sql.close()
}

/** What is left, and whom a node that looks tells. */
async function afterwards(data: string, userId: string) {
  const sql = await openStore(data)
  const now = Date.now()
  const sessions = (await createSessionStore(sql).listOf(userId)).length
  const notices = createLogoutNoticeStore(sql)
  const grants = createGrantStore(
    sql,
    createRecording(trailRules),
    decisionRecordsOver(sql, () => now),
  )
  await announceLogouts({ notices, grants, clients: createClientStore(sql), now: () => now })
  const due = await notices.take(now, now + 60_000, 10)
  await sql.close()
  return { sessions, notices: due.map(({ clientId, userId }) => [clientId, userId]) }
}
