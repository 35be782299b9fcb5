import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'

/** A data folder that is removed when the test ends. */
export function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-fault-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** What is in the database a crash left behind, looked at without mending anything. */
export function queryDatabase<Row>(folder: string, sql: string): Row[] {
  const db = new DatabaseSync(join(folder, 'chartkey.db'), { readOnly: true })
  try {
    return db.prepare(sql).all() as Row[]
  } finally {
    db.close()
  }
}

/** What SQLite finds wrong with the file: `ok`, when nothing is. */
export function integrity(folder: string): string[] {
  return queryDatabase<{ integrity_check: string }>(folder, 'PRAGMA integrity_check').map(
    (row) => row.integrity_check,
  )
}
