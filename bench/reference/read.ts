/**
 * A read by id from the same store behind the same HTTP layer, without token, decision or second look.
 * Arguments: the data folder, and `audited` to put each read on record as the server does, or `unaudited`.
 */
import { trailRules } from '../../src/audit/chain.ts'
import { fhirAllowed } from '../../src/audit/fhir-access.ts'
import { createTrail } from '../../src/audit/trail.ts'
import { createApp } from '../../src/http/app.ts'
import { silentLog } from '../../src/http/log.ts'
import type { HttpReply, HttpRequest } from '../../src/http/route.ts'
import { createAuditStore } from '../../src/store/audit.ts'
import { createRecords } from '../../src/store/records/records.ts'
import { openSqlite } from '../../src/store/sqlite/sql.ts'

const [, , data = '', audited = ''] = process.argv
const sql = openSqlite(data)
// Nothing is written or searched here, so nothing is extracted.
const indexing = { extract: () => [], patientsOf: () => [], formatCursor: () => '' }
const records = createRecords(sql, { indexing, now: Date.now, newId: () => '' })
const trail = createTrail(createAuditStore(sql, trailRules), Date.now)

async function read({ rest, id: request }: HttpRequest): Promise<HttpReply> {
  const [type = '', id = ''] = rest.split('/')
  const found = await records.read(type, id)
  if (found === undefined) return { status: 404 }
  if (audited === 'audited') {
    const touched = { patients: [], resources: [rest] }
    await trail.record(
      fhirAllowed({ client: 'bench' }, { interaction: 'read', type, id }, 200, touched, request),
    )
  }
  const headers = {
    'content-type': 'application/fhir+json; charset=utf-8',
    'cache-control': 'no-store',
    etag: `W/"${found.version}"`,
    'last-modified': new Date(found.lastUpdated).toUTCString(),
  }
  return { status: 200, headers, body: found.json }
}

const app = createApp({
  routes: [{ method: 'GET', path: '/fhir/*', cors: 'registered', handle: read }],
  log: silentLog,
  baseUrl: 'http://localhost',
  allowsOrigin: async () => false,
})
console.log(`http://127.0.0.1:${await app.listen('127.0.0.1', 0)}`)
