/** The server's signing keys. With a box, who may read the database may not sign. */
import type { AuditEvent } from '../audit/event.ts'
import type { KeyStore, RetiredKey, StoredKey } from '../authorization/ports.ts'
import { type Recording, trailTurn } from './audit.ts'
import type { Migration } from './migrations.ts'
import { isSealed, type SecretBox } from './secret-box.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const keyMigrations: readonly Migration[] = [
  {
    id: 'signing-keys-0001',
    sql: `CREATE TABLE signing_keys (
      kid TEXT PRIMARY KEY,
      alg TEXT NOT NULL,
      private_key TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
  },
  {
    id: 'signing-keys-0002',
    sql: `ALTER TABLE signing_keys ADD COLUMN signs_from INTEGER NOT NULL DEFAULT 0;
    UPDATE signing_keys SET signs_from = created_at`,
  },
  {
    id: 'signing-keys-0003',
    sql: `CREATE TABLE retired_keys (
      kid TEXT PRIMARY KEY,
      alg TEXT NOT NULL,
      public_key TEXT NOT NULL,
      retired_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
  },
]

interface RetiredRow {
  readonly kid: string
  readonly alg: StoredKey['alg']
  readonly public_key: string
  readonly retired_at: number
}

interface KeyRow {
  readonly kid: string
  readonly alg: StoredKey['alg']
  readonly private_key: string
  readonly created_at: number
  readonly signs_from: number
}

/** A signing key cannot be read: the encryption key is missing, or another one. */
export class UnreadableKey extends Error {}

/** The store of keys, and what an operator does to all of them. */
export interface SigningKeys extends KeyStore {
  /** Closes, with the box's first key, those that are not; gives how many. */
  sealAll(): Promise<number>
  /** How many are not closed by the box's first key. */
  unsealed(): Promise<number>
}

/** Whether an embedded store, which may have no tables yet, holds keys that an encryption key has closed. */
export async function holdsSealedKeys(sql: Sql): Promise<boolean> {
  if (!(await sql.get("SELECT 1 AS found FROM sqlite_master WHERE name = 'signing_keys'"))) return false
  const rows = await sql.all<Pick<KeyRow, 'private_key'>>('SELECT private_key FROM signing_keys')
  return rows.some((row) => isSealed(row.private_key))
}

/** One after another, on whichever node: of several that would add the next key one does, and its record follows the last. */
const inTurn = trailTurn

/**
 * The key store over a database that has its tables; without a box, keys are stored as they are. `recording` is how what is
 * told goes on record; who only looks needs none.
 */
export function createKeyStore(sql: Sql, box?: SecretBox, recording?: Recording): SigningKeys {
  const rows = () => sql.all<KeyRow>('SELECT * FROM signing_keys ORDER BY signs_from DESC, kid')
  const isCurrent = (row: KeyRow) => box?.isCurrent(row.private_key, purposeOf(row)) === true

  async function add(tx: SqlWriter, key: StoredKey): Promise<void> {
    const { kid, alg, privateKey, createdAt, signsFrom } = key
    await tx.run(
      'INSERT INTO signing_keys (kid, alg, private_key, created_at, signs_from) VALUES (?, ?, ?, ?, ?)',
      kid,
      alg,
      box ? box.seal(privateKey, purposeOf(key)) : privateKey,
      createdAt,
      signsFrom,
    )
  }

  async function record(tx: SqlWriter, event: AuditEvent | undefined, time: number): Promise<void> {
    if (event) await recording?.append(tx, [{ time, event }])
  }

  return {
    list: async () => (await rows()).map((row) => keyOf(row, box)),
    ...publicParts(sql),
    addNext(key, since, told) {
      return sql.write(
        async (tx) => {
          const newer = 'SELECT 1 AS found FROM signing_keys WHERE alg = ? AND created_at > ?'
          if (await tx.get(newer, key.alg, since)) return false
          await add(tx, key)
          await record(tx, told, key.createdAt)
          return true
        },
        { inTurn },
      )
    },
    replaceAll(keys, told) {
      return sql.write(
        async (tx) => {
          await tx.run('DELETE FROM signing_keys')
          await tx.run('DELETE FROM retired_keys')
          for (const key of keys) await add(tx, key)
          await record(tx, told, Math.max(...keys.map(({ createdAt }) => createdAt)))
        },
        { inTurn },
      )
    },
    async remove(kids, gone) {
      await sql.write(
        async (tx) => {
          let removed = 0
          for (const kid of kids) {
            const { changes } = await tx.run('DELETE FROM signing_keys WHERE kid = ?', kid)
            removed += changes
            // What is gone was removed by another node, or replaced: then its public half counts no more either.
            const half = changes > 0 ? gone?.retired.find((one) => one.kid === kid) : undefined
            if (half) await retire(tx, half)
          }
          if (removed > 0 && gone) await record(tx, gone.told, gone.at)
        },
        { inTurn },
      )
    },
    async sealAll() {
      const open = box ? (await rows()).filter((row) => !isCurrent(row)) : []
      await sql.write(
        async (tx) => {
          for (const row of open)
            await tx.run(
              'UPDATE signing_keys SET private_key = ? WHERE kid = ?',
              box?.seal(keyOf(row, box).privateKey, purposeOf(row)) ?? row.private_key,
              row.kid,
            )
        },
        { inTurn },
      )
      return open.length
    },
    unsealed: async () => (await rows()).filter((row) => !isCurrent(row)).length,
  }
}

/** What needs no private half. */
function publicParts(sql: Sql): Pick<KeyStore, 'kids' | 'listRetired' | 'forgetRetired'> {
  return {
    async kids() {
      const rows = await sql.all<{ kid: string }>('SELECT kid FROM signing_keys')
      return rows.map(({ kid }) => kid)
    },
    async listRetired() {
      const rows = await sql.all<RetiredRow>('SELECT * FROM retired_keys ORDER BY retired_at DESC, kid')
      return rows.map(({ kid, alg, public_key: publicKey, retired_at: retiredAt }) => ({
        kid,
        alg,
        publicKey,
        retiredAt,
      }))
    },
    async forgetRetired(before) {
      await sql.write((tx) => tx.run('DELETE FROM retired_keys WHERE retired_at < ?', before))
    },
  }
}

async function retire(tx: SqlWriter, { kid, alg, publicKey, retiredAt }: RetiredKey): Promise<void> {
  const text = 'INSERT INTO retired_keys (kid, alg, public_key, retired_at) VALUES (?, ?, ?, ?)'
  await tx.run(`${text} ON CONFLICT DO NOTHING`, kid, alg, publicKey, retiredAt)
}

/** A sealed key is none under another name: nobody can give a key of theirs the place of ours. */
function purposeOf({ kid, alg }: { readonly kid: string; readonly alg: string }): string {
  return `signing key ${alg} ${kid}`
}

function keyOf(row: KeyRow, box: SecretBox | undefined): StoredKey {
  const { kid, alg, created_at, signs_from } = row
  return { kid, alg, privateKey: openKey(row, box), createdAt: created_at, signsFrom: signs_from }
}

function openKey(row: KeyRow, box: SecretBox | undefined): string {
  if (!isSealed(row.private_key)) return row.private_key
  if (!box)
    throw new UnreadableKey('the signing keys are encrypted, and no encryption key was given to read them')
  try {
    return box.open(row.private_key, purposeOf(row))
  } catch {
    throw new UnreadableKey(
      `the signing key ${row.kid} cannot be read with the encryption key that was given`,
    )
  }
}
