/** The server's signing keys. With a box, who may read the database may not sign. */
import type { KeyStore, StoredKey } from '../authorization/ports.ts'
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
]

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

/** One after another, on whichever node: of several that would add the next key one does. */
const inTurn = 'signing-keys'

/** The key store over a database that has its table; without a box, keys are stored as they are. */
export function createKeyStore(sql: Sql, box?: SecretBox): SigningKeys {
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

  return {
    list: async () => (await rows()).map((row) => keyOf(row, box)),
    addNext(key, since) {
      return sql.write(
        async (tx) => {
          const newer = 'SELECT 1 AS found FROM signing_keys WHERE alg = ? AND created_at > ?'
          if (await tx.get(newer, key.alg, since)) return false
          await add(tx, key)
          return true
        },
        { inTurn },
      )
    },
    replaceAll(keys) {
      return sql.write(
        async (tx) => {
          await tx.run('DELETE FROM signing_keys')
          for (const key of keys) await add(tx, key)
        },
        { inTurn },
      )
    },
    async remove(kids) {
      await sql.write(
        async (tx) => {
          for (const kid of kids) await tx.run('DELETE FROM signing_keys WHERE kid = ?', kid)
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
