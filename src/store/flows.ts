/** Running authorizations. */
import type { FlowStore } from '../authorization/ports.ts'
import { addCode } from './codes.ts'
import type { DecisionRecords, DecisionWriter } from './decision-records.ts'
import type { Migration } from './migrations.ts'
import { usePushedRequest } from './pushed-requests.ts'
import { settleConsent } from './remembered-consents.ts'
import type { Sql, SqlWriter } from './sql.ts'
import { removeExpired } from './sweeping.ts'

export const flowMigrations: readonly Migration[] = [
  {
    id: 'flows-0001',
    sql: `CREATE TABLE flows (
      hash TEXT PRIMARY KEY,
      state TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX flows_by_expiry ON flows (expires_at)`,
  },
]

/** The flow store over a database that has its table and that of codes; `decisions` are of the same one. */
export function createFlowStore(sql: Sql, decisions: DecisionRecords): FlowStore {
  return {
    add(flow, pushedHash) {
      const values = [flow.hash, flow.state, flow.expiresAt, JSON.stringify(flow)]
      return sql.write(async (tx) => {
        if (pushedHash !== undefined && !(await usePushedRequest(tx, pushedHash))) return false
        await tx.run('INSERT INTO flows (hash, state, expires_at, data) VALUES (?, ?, ?, ?)', ...values)
        return true
      })
    },
    async find(hash) {
      const row = await sql.get<{ data: string }>('SELECT data FROM flows WHERE hash = ?', hash)
      return row && JSON.parse(row.data)
    },
    move(from, flow, code, basis) {
      const work = async (tx: SqlWriter, records: DecisionWriter) => {
        if (basis && 'relyOn' in basis && !(await settleConsent(tx, records, basis))) return false
        const { changes } = await tx.run(
          'UPDATE flows SET state = ?, expires_at = ?, data = ? WHERE hash = ? AND state = ?',
          flow.state,
          flow.expiresAt,
          JSON.stringify(flow),
          flow.hash,
          from,
        )
        if (changes === 0) return false
        if (code) await addCode(tx, code)
        if (basis && 'decided' in basis) await settleConsent(tx, records, basis)
        return true
      }
      return decisions.write(work, basis && 'decided' in basis ? { inTurn: decisions.inTurn } : {})
    },
    sweep: (now) => removeExpired(sql, 'flows', 'hash', now),
  }
}
