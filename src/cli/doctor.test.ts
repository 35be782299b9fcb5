/** The doctor finds what was done to a store behind the server's back. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { trailRules } from '../audit/chain.ts'
import { launchStarted } from '../audit/event.ts'
import { createAuditStore } from '../store/audit.ts'
import { openStore } from '../store/open.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** A store with ten records in its trail. */
async function store(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-doctor-'))
  folders.push(folder)
  const sql = await openStore(folder)
  const records = Array.from({ length: 10 }, (_, at) => ({
    time: Date.UTC(2026, 0, 2) + at,
    event: launchStarted({ user: `user-${at}` }, { patient: 'a' }),
  }))
  await createAuditStore(sql, trailRules).append(records)
  await sql.close()
  return folder
}

interface Told {
  readonly ok: boolean
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
  readonly head: string
}

function examine(folder: string, ...flags: string[]) {
  const run = spawnSync(process.execPath, [cli, 'doctor', '--json', '--data', folder, ...flags], {
    encoding: 'utf8',
  })
  const told: Told | undefined = run.stdout === '' ? undefined : JSON.parse(run.stdout)
  return { code: run.status, told, problems: told?.checks.filter(({ ok }) => !ok) ?? [], stderr: run.stderr }
}

/** What somebody does who has the file and knows no triggers. */
function tamper(folder: string, script: string): void {
  const db = new DatabaseSync(join(folder, 'chartkey.db'))
  db.exec('DROP TRIGGER audit_no_change; DROP TRIGGER audit_no_removal')
  db.exec(script)
  db.close()
}

test('a store as it was left is well, and the head of its trail is told', async () => {
  const folder = await store()
  const { code, told, problems } = examine(folder)
  assert.deepEqual([code, told?.ok, problems], [0, true, []])
  assert.match(told?.head ?? '', /^10:[0-9a-f]{64}$/)
  assert.deepEqual(
    told?.checks.map(({ name }) => name),
    ['data folder', 'database', 'tables', 'signing keys', 'audit trail', 'clock'],
  )
  assert.equal(examine(folder, '--expect-head', told?.head ?? '').code, 0)
})

const tampering: readonly (readonly [what: string, script: string, seq: number])[] = [
  ['a record was changed', "UPDATE audit SET event = replace(event, 'user-4', 'user-5') WHERE seq = 5", 5],
  ['its time was changed', 'UPDATE audit SET time = time - 1 WHERE seq = 5', 5],
  ['a record was removed from the middle', 'DELETE FROM audit WHERE seq = 5', 6],
  [
    'records changed places',
    'UPDATE audit SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6); UPDATE audit SET seq = -seq WHERE seq < 0',
    5,
  ],
  ['the beginning was removed', 'DELETE FROM audit WHERE seq < 3', 3],
  [
    'a record was slipped in',
    'INSERT INTO audit (seq, time, event, hash) SELECT 11, time, event, hash FROM audit WHERE seq = 10',
    11,
  ],
]

for (const [what, script, seq] of tampering)
  test(`that ${what} is found, and where`, async () => {
    const folder = await store()
    tamper(folder, script)
    const { code, problems } = examine(folder)
    assert.equal(code, 1)
    assert.deepEqual(
      problems.map(({ name }) => name),
      ['audit trail'],
    )
    assert.match(problems[0]?.detail ?? '', new RegExp(`^broken at record ${seq}: `))
  })

test('a tail that was cut off is found with the head that was noted before', async () => {
  const folder = await store()
  const head = examine(folder).told?.head ?? ''
  tamper(folder, 'DELETE FROM audit WHERE seq > 7')
  assert.equal(examine(folder).code, 0)
  const { code, problems } = examine(folder, '--expect-head', head)
  assert.equal(code, 1)
  assert.match(problems[0]?.detail ?? '', /ends at 7/)
})

test('an open folder, a newer schema, a broken key and a clock that stands are found', async () => {
  const folder = await store()
  chmodSync(folder, 0o755)
  const sql = await openStore(folder)
  await createAuditStore(sql, trailRules).append([{ time: Date.UTC(3000, 0), event: launchStarted({}, {}) }])
  await sql.close()
  const db = new DatabaseSync(join(folder, 'chartkey.db'), { enableForeignKeyConstraints: false })
  db.exec("INSERT INTO migrations (id) VALUES ('future-0001')")
  db.exec("INSERT INTO signing_keys VALUES ('kid-1', 'ES256', 'no key', 0, 0)")
  db.close()
  const { code, problems } = examine(folder)
  assert.equal(code, 1)
  assert.deepEqual(
    problems.map(({ name }) => name),
    ['data folder', 'tables', 'signing keys', 'clock'],
  )
  assert.doesNotMatch(JSON.stringify(problems), /no key"/)
})

test('without a store, or with a head that is none, it does not run and makes nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-doctor-'))
  folders.push(folder)
  const { code, stderr } = examine(folder)
  assert.equal(code, 2)
  assert.match(stderr, /there is no store/)
  assert.equal(examine(folder).code, 2)
  assert.equal(examine(await store(), '--expect-head', '10:abc').code, 2)
})
