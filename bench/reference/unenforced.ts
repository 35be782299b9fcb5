/**
 * Reads by id and searches from the same store behind the same HTTP layer, limits included, on record word for word as the
 * server puts them, but without token, decision, narrowed query or second look. Arguments: the data (folder or address), and
 * `audited` or `unaudited`.
 */
import { trailRules } from '../../src/audit/chain.ts'
import { type AskedOf, fhirAllowed } from '../../src/audit/fhir-access.ts'
import { createTrail } from '../../src/audit/trail.ts'
import { rateLimits } from '../../src/config/rate-limits.ts'
import { createApp } from '../../src/http/app.ts'
import { silentLog } from '../../src/http/log.ts'
import type { HttpReply, HttpRequest } from '../../src/http/route.ts'
import type { Stored } from '../../src/resource/repository.ts'
import { indexing } from '../../src/resource/search/indexing.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import { rateLimitsOf } from '../../src/server/rate-limits.ts'
import { patientsOf } from '../../src/smart/compartment.ts'
import { createAuditStore } from '../../src/store/audit.ts'
import { openStore } from '../../src/store/open.ts'
import { createRecords } from '../../src/store/records/records.ts'

const [, , data = '', audited = ''] = process.argv
const base = 'http://localhost/fhir'
const sql = await openStore(data)
const records = createRecords(sql, { indexing, now: Date.now, newId: () => '' })
const trail = createTrail(createAuditStore(sql, trailRules), Date.now)
const everything = { within: [{ type: '*', compartments: [], filter: [] }], without: [] }
// As long as the records of the measured requests: what is put on record is no part of what enforcement costs.
const name = 'x'.repeat(22)
const actor = {
  user: 'dr.lin',
  fhirUser: 'Practitioner/dr-lin',
  client: `app_${name}`,
  grant: `grant_${name}`,
  token: `at_${name}`,
}
const headers = { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store' }

function answer(request: HttpRequest): Promise<HttpReply> {
  const [type = '', id] = request.rest.split('/')
  return id === undefined ? search(type, request) : read(type, id, request)
}

async function read(type: string, id: string, request: HttpRequest): Promise<HttpReply> {
  const found = await records.read(type, id)
  if (found === undefined) return { status: 404 }
  await record({ interaction: 'read', type, id }, [found], request)
  const { version, lastUpdated, json } = found
  const ofVersion = { etag: `W/"${version}"`, 'last-modified': new Date(lastUpdated).toUTCString() }
  return { status: 200, headers: { ...headers, ...ofVersion }, body: json }
}

async function search(type: string, request: HttpRequest): Promise<HttpReply> {
  const parameters = [...new URLSearchParams(request.search)]
  const { plan } = planSearch({ type, parameters, reach: everything, base, strict: false })
  const { matches, total } = await records.search(plan)
  await record({ interaction: 'search-type', type, query: request.search }, matches, request)
  const entries = matches.map(
    ({ id, json }) => `{"fullUrl":"${base}/${type}/${id}","resource":${json},"search":{"mode":"match"}}`,
  )
  const body = `{"resourceType":"Bundle","type":"searchset","total":${total},"entry":[${entries.join(',')}]}`
  return { status: 200, headers, body }
}

async function record(
  asked: AskedOf,
  found: readonly Stored[],
  { id, remoteAddress }: HttpRequest,
): Promise<void> {
  if (audited !== 'audited') return
  const touched = {
    patients: [...new Set(found.flatMap(({ resource }) => patientsOf(resource)))],
    resources: found.map((stored) => `${stored.type}/${stored.id}`),
  }
  await trail.record(fhirAllowed({ ...actor, address: remoteAddress }, asked, 200, touched, id))
}

const app = createApp({
  routes: [{ method: 'GET', path: '/fhir/*', cors: 'registered', handle: answer }],
  log: silentLog,
  baseUrl: 'http://localhost',
  allowsOrigin: async () => false,
  limits: rateLimitsOf(rateLimits.parse(undefined), Date.now),
})
console.log(`http://127.0.0.1:${await app.listen('127.0.0.1', 0)}`)
