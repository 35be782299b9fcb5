/** Codes, grants and refresh tokens. Each method that changes anything is one transaction. */
import type { GrantRecord, RefreshRecord, UserGrant } from '../authorization/grant.ts'
import type { FoundRefresh, Given, Giving, GrantStore } from '../authorization/ports.ts'
import { addAccess, addRevoked, findAccess, sweepAccess } from './access-tokens.ts'
import type { Recording } from './audit.ts'
import { findCode, useCode } from './codes.ts'
import type { DecisionRecords } from './decision-records.ts'
import type { Migration } from './migrations.ts'
import { leaveUnused, useUp } from './replays.ts'
import type { Sql, SqlWriter } from './sql.ts'
import { removeExpired, removeOver } from './sweeping.ts'
import { nobody, ofApps, ofUser } from './whose-grants.ts'

const DAY = 24 * 60 * 60 * 1000
/** Longer than any refresh token lives: so long is the reuse of a code or refresh token noticed. */
const keptAfterUse = 100 * DAY

/** Longer than an access token lives that an app has by itself; there are many of them. */
const keptOfApps = DAY

export const grantMigrations: readonly Migration[] = [
  {
    id: 'grants-0001',
    sql: `CREATE TABLE grants (
      id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      ended_at INTEGER,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX grants_by_user ON grants (user_id);
    CREATE TABLE refresh_tokens (
      hash TEXT PRIMARY KEY,
      grant_id TEXT NOT NULL REFERENCES grants (id),
      issued_at INTEGER NOT NULL,
      used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);
    CREATE INDEX refresh_tokens_by_issue ON refresh_tokens (issued_at)`,
  },
  // In the order of writing: those that are used and issued now lie side by side, and fewer pages change at once.
  {
    id: 'grants-0002',
    sql: `CREATE TABLE refresh_tokens_in_order (
      hash TEXT NOT NULL UNIQUE,
      grant_id TEXT NOT NULL REFERENCES grants (id),
      issued_at INTEGER NOT NULL,
      used_at INTEGER
    ) STRICT;
    INSERT INTO refresh_tokens_in_order (hash, grant_id, issued_at, used_at)
      SELECT hash, grant_id, issued_at, used_at FROM refresh_tokens ORDER BY issued_at;
    DROP TABLE refresh_tokens;
    ALTER TABLE refresh_tokens_in_order RENAME TO refresh_tokens;
    CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);
    CREATE INDEX refresh_tokens_by_issue ON refresh_tokens (issued_at)`,
  },
  { id: 'refresh-token-keys-0001', sql: 'ALTER TABLE refresh_tokens ADD COLUMN jkt TEXT' },
  { id: 'grant-uses-0001', sql: 'ALTER TABLE grants ADD COLUMN used_at INTEGER' },
  // What a rotation changes is as little as it can be: of a grant only the token that may still be used is found by its
  // index, and that the grant is there is checked by what gives the token, in the same transaction.
  {
    id: 'grants-0003',
    sql: `CREATE TABLE refresh_tokens_of_grants (
      hash TEXT NOT NULL UNIQUE,
      grant_id TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      used_at INTEGER,
      jkt TEXT
    ) STRICT;
    INSERT INTO refresh_tokens_of_grants (hash, grant_id, issued_at, used_at, jkt)
      SELECT hash, grant_id, issued_at, used_at, jkt FROM refresh_tokens ORDER BY issued_at;
    DROP TABLE refresh_tokens;
    ALTER TABLE refresh_tokens_of_grants RENAME TO refresh_tokens;
    CREATE INDEX refresh_tokens_unused ON refresh_tokens (grant_id) WHERE used_at IS NULL;
    CREATE INDEX refresh_tokens_by_issue ON refresh_tokens (issued_at)`,
  },
  // Of apps that act for themselves there are many, and each day's are found by their age; a grant is in one of the two.
  {
    id: 'grants-0004',
    sql: `DROP INDEX grants_by_user;
    CREATE INDEX grants_by_user ON grants (user_id) WHERE user_id <> '';
    CREATE INDEX grants_of_apps ON grants (created_at) WHERE user_id = ''`,
  },
]

interface RefreshRow {
  readonly hash: string
  readonly grant_id: string
  readonly issued_at: number
  readonly used_at: number | null
  readonly jkt: string | null
  readonly data: string
  readonly ended_at: number | null
}

/** The grant store over a database that has its tables and those of codes and clients. */
export function createGrantStore(sql: Sql, recording: Recording, decisions: DecisionRecords): GrantStore {
  return { ...giving(sql, recording), ...finding(sql), ...ending(sql, decisions) }
}

type Work = (tx: SqlWriter) => Promise<boolean>

type GivingStore = Pick<GrantStore, 'redeem' | 'rotate' | 'give' | 'issue'>

/** What gives something, with its record or not at all. */
function giving(sql: Sql, { append, headOf, inTurn }: Recording): GivingStore {
  /** `work` says whether there is something to give; where there is not, it has changed nothing. */
  async function giveWithin(tx: SqlWriter, work: Work, { access, single }: Giving): Promise<Given> {
    if (single && !(await useUp(tx, single))) return 'repeated'
    if (await work(tx)) {
      if (access) await addAccess(tx, access)
      return 'given'
    }
    if (single) await leaveUnused(tx, single)
    return 'gone'
  }

  const give = (work: Work, what: Giving) =>
    sql.write(
      async (tx) => {
        // Asked at once, they are one way to the server.
        const [head, given] = await Promise.all([headOf(tx), giveWithin(tx, work, what)])
        if (given === 'given') await append(tx, [{ time: what.now, event: what.told }], head)
        return given
      },
      // Whether there is something to give is told by what a statement changed, or by whether a grant has ended, which none of these changes.
      { inTurn, beside: true },
    )

  return {
    redeem: ({ hash, grant }, what, refresh) =>
      give(async (tx) => {
        if (!(await useCode(tx, hash, what.now))) return false
        if (refresh && refresh.grantId !== grant.id) throw new Error('a refresh token of another grant')
        await addGrant(tx, grant)
        if (refresh) await addRefresh(tx, refresh)
        return true
      }, what),
    rotate: (oldHash, what, next) =>
      give(async (tx) => {
        const { changes } = await tx.run(
          `UPDATE refresh_tokens SET used_at = ? WHERE hash = ? AND used_at IS NULL
           AND grant_id = (SELECT id FROM grants WHERE id = ? AND ended_at IS NULL)`,
          what.now,
          oldHash,
          next.grantId,
        )
        if (changes > 0) await addRefresh(tx, next)
        return changes > 0
      }, what),
    give: (grant, what) =>
      give(async (tx) => {
        await addGrant(tx, grant)
        return true
      }, what),
    issue: (grantId, what) =>
      give(async (tx) => {
        const live = 'SELECT 1 AS live FROM grants WHERE id = ? AND ended_at IS NULL'
        return (await tx.get(live, grantId)) !== undefined
      }, what),
  }
}

type Finding = Pick<
  GrantStore,
  'findCode' | 'findRefresh' | 'findAccess' | 'findGrant' | 'liveOf' | 'madeOf' | 'lastUsed' | 'isLive'
>

function finding(sql: Sql): Finding {
  return {
    findCode: (hash) => findCode(sql, hash),
    async findRefresh(hash) {
      const row = await sql.get<RefreshRow>(
        `SELECT r.hash, r.grant_id, r.issued_at, r.used_at, r.jkt, g.data, g.ended_at
         FROM refresh_tokens r JOIN grants g ON g.id = r.grant_id WHERE r.hash = ?`,
        hash,
      )
      return row && foundOf(row)
    },
    findAccess: (hash) => findAccess(sql, hash),
    async findGrant(id) {
      const row = await sql.get<{ data: string }>('SELECT data FROM grants WHERE id = ?', id)
      return row && JSON.parse(row.data)
    },
    async liveOf(userId, { madeAfter, refreshedAfter }) {
      if (userId === nobody) return []
      const rows = await sql.all<{ data: string }>(
        `SELECT data FROM grants g WHERE ${ofUser} AND ended_at IS NULL AND (created_at > ? OR EXISTS (
           SELECT 1 FROM refresh_tokens r WHERE r.grant_id = g.id AND r.used_at IS NULL AND r.issued_at > ?))
         ORDER BY created_at DESC`,
        userId,
        madeAfter,
        refreshedAfter,
      )
      return rows.map(({ data }) => JSON.parse(data) as UserGrant)
    },
    async madeOf(userId, madeAfter) {
      if (userId === nobody) return []
      const rows = await sql.all<{ data: string }>(
        `SELECT data FROM grants WHERE ${ofUser} AND created_at > ?`,
        userId,
        madeAfter,
      )
      return rows.map(({ data }) => JSON.parse(data) as UserGrant)
    },
    async lastUsed(userId) {
      const rows = await sql.all<{ id: string; used_at: number }>(
        `SELECT id, used_at FROM grants WHERE ${ofUser} AND ended_at IS NULL AND used_at IS NOT NULL`,
        userId,
      )
      return new Map(rows.map(({ id, used_at }) => [id, used_at]))
    },
    async isLive(id, tokenId = '', originId = tokenId) {
      const text = `SELECT 1 AS live FROM grants g JOIN clients c ON c.id = g.client_id
        WHERE g.id = ? AND g.ended_at IS NULL AND c.disabled = 0
          AND NOT EXISTS (SELECT 1 FROM revoked_tokens r WHERE r.token_id IN (?, ?))`
      return (await sql.get(text, id, tokenId, originId)) !== undefined
    },
  }
}

function ending(
  sql: Sql,
  decisions: DecisionRecords,
): Pick<GrantStore, 'noteUse' | 'end' | 'revokeToken' | 'sweep'> {
  return {
    async noteUse(id, now) {
      await sql.write((tx) => tx.run('UPDATE grants SET used_at = ? WHERE id = ?', now, id))
    },
    async end(id, now) {
      await decisions.write(
        async (tx, records) => {
          const text = 'UPDATE grants SET ended_at = ? WHERE id = ? AND ended_at IS NULL'
          if ((await tx.run(text, now, id)).changes > 0) await records.end({ grantId: id })
        },
        { inTurn: decisions.inTurn },
      )
    },
    async revokeToken(tokenId, expiresAt) {
      await sql.write((tx) => addRevoked(tx, tokenId, expiresAt))
    },
    sweep: (now) => sweep(sql, now),
  }
}

async function sweep(sql: Sql, now: number): Promise<void> {
  const before = now - keptAfterUse
  await removeExpired(sql, 'codes', 'hash', before)
  const unused = 'expires_at <= ? AND used_at IS NULL'
  await removeOver(sql, { table: 'codes', key: 'hash', condition: unused }, now)
  await removeOver(sql, { table: 'refresh_tokens', key: 'hash', condition: 'issued_at <= ?' }, before)
  const old = `${ofApps} AND created_at <= ?`
  await removeOver(sql, { table: 'grants', key: 'id', condition: old }, now - keptOfApps)
  await sweepAccess(sql, now)
}

async function addGrant(tx: SqlWriter, grant: GrantRecord): Promise<void> {
  const { id, clientId, userId = nobody, createdAt } = grant
  const values = [id, clientId, userId, createdAt, JSON.stringify(grant)]
  await tx.addAll('grants', ['id', 'client_id', 'user_id', 'created_at', 'data'], [values])
}

async function addRefresh(tx: SqlWriter, { hash, grantId, issuedAt, jkt }: RefreshRecord): Promise<void> {
  const values = [hash, grantId, issuedAt, jkt ?? null]
  await tx.addAll('refresh_tokens', ['hash', 'grant_id', 'issued_at', 'jkt'], [values])
}

function foundOf(row: RefreshRow): FoundRefresh {
  return {
    token: {
      hash: row.hash,
      grantId: row.grant_id,
      issuedAt: row.issued_at,
      ...(row.jkt !== null && { jkt: row.jkt }),
    },
    used: row.used_at !== null,
    grant: JSON.parse(row.data),
    ended: row.ended_at !== null,
  }
}
