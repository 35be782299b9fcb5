/** Searches of the audit trail find on each store, page by page, what judging every form of every record finds; and no more work is done than is bounded. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trailRules } from '../../src/audit/chain.ts'
import {
  type AuditEvent,
  administered,
  emergencyOpened,
  launchStarted,
  signedIn,
  signInFailed,
  tokenIssued,
  tokenRefused,
} from '../../src/audit/event.ts'
import { fhirAllowed, fhirFailed, fhirRefused } from '../../src/audit/fhir-access.ts'
import type { KeptRecord, TrailReader } from '../../src/audit/reader.ts'
import { type Bounds, usualBounds } from '../../src/resource/audit-events/bounds.ts'
import { formsOf, loadPeople } from '../../src/resource/audit-events/forms.ts'
import { planHolds } from '../../src/resource/audit-events/holds.ts'
import { searchTrail } from '../../src/resource/audit-events/search.ts'
import { parseCursor } from '../../src/resource/search/cursor.ts'
import type { SearchPlan } from '../../src/resource/search/plan.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import type { Reach } from '../../src/smart/slice.ts'
import { createAuditStore } from '../../src/store/audit.ts'
import { testOnEach } from '../fixtures/databases.ts'

const base = 'http://localhost:8080/fhir'
const names = {
  person: async (id: string) =>
    id === 'u-gone'
      ? undefined
      : { name: `Doctor ${id}`, fhirUser: id === 'u-amara' ? 'Patient/amara' : 'Practitioner/lin' },
  app: async (id: string) => (id === 'trends' ? 'Growth Trends' : undefined),
}

const event = { type: 'AuditEvent', compartments: [], filter: [] }
/** An administrator's, and that of somebody who sees patients' forms only. */
const everything: Reach = {
  within: [{ ...event, filter: [{ parameter: '_tag', value: 'urn:chartkey:audit|whole' }] }],
  without: [],
}
const all: Reach = { within: [event], without: [] }
const staff: Reach = { within: [event], without: everything.within }
const ofAmara: Reach = { within: [{ ...event, compartments: ['Patient/amara'] }], without: everything.within }

const lin = {
  user: 'u-lin',
  fhirUser: 'Practitioner/lin',
  client: 'trends',
  grant: 'grant_1',
  token: 'at_lin.1',
  address: '10.0.0.17',
}
const amara = { user: 'u-amara', client: 'own-app', token: 'at_amara', address: '2001:db8::1' }
const search = { interaction: 'search-type', type: 'Observation', query: 'patient=amara&code=718-7' }
const read = { interaction: 'read', type: 'Observation', id: 'hb-17' }

const kinds: readonly AuditEvent[] = [
  fhirAllowed(
    lin,
    search,
    200,
    { patients: ['amara', 'diego'], resources: ['Observation/hb-17', 'Patient/diego'] },
    'req-1',
  ),
  fhirAllowed({ ...amara, fhirUser: 'Patient/amara' }, read, 200, {
    patients: ['amara'],
    resources: ['Observation/hb-17'],
  }),
  fhirRefused(lin, { ...read, interaction: 'vread', version: '2' }, 403, 'scope', {
    patients: ['diego'],
    resources: [],
  }),
  fhirRefused({ ...amara, fhirUser: 'Patient/amara' }, read, 404, 'reach', {
    patients: ['diego'],
    resources: [],
  }),
  fhirFailed({ client: 'backend' }, { interaction: 'unknown' }, 400, 'parameter'),
  fhirAllowed(lin, { interaction: 'delete', type: 'Patient', id: 'diego' }, 204, {
    patients: ['diego'],
    resources: [],
  }),
  tokenIssued({ ...amara, address: '127.0.0.1' }, 'refresh_token', 'patient/*.rs', 'amara'),
  tokenRefused({ address: '10.0.0.170' }, 'authorization_code', 'invalid_grant'),
  signedIn({ user: 'u-gone', address: '10.0.1.1' }, 'password'),
  signInFailed({ address: '192.168.3.4' }, 'password', 'dr "x" \\ é', 'unknown-user'),
  launchStarted(lin, { patient: 'diego', encounter: 'enc-1' }),
  emergencyOpened(lin, 'amara', 'unconscious, hb-17', 1),
  administered({ user: 'u-admin' }, 'app-disabled', { kind: 'app', id: 'trends' }),
  // Of another version of the program.
  { kind: 'moon-landing', outcome: 'success', actor: lin } as unknown as AuditEvent,
]

const searches = [
  '',
  'agent=Practitioner/lin',
  'agent=Patient/amara',
  'agent=lin,amara',
  'agent=Practitioner/nobody',
  'agent:identifier=urn:chartkey:account|u-lin',
  'agent:identifier=trends',
  'agent:identifier=dr "x" \\\\ é',
  `agent:identifier=${base}`,
  'agent:missing=true',
  'agent-name=doctor u-l',
  'agent-name:contains=TRENDS',
  'agent-name=nobody',
  'entity=Observation/hb-17',
  'entity=hb-17',
  'entity=Patient/diego,Encounter/enc-1',
  'entity=Observation/none',
  'entity=http://elsewhere.example/Observation/1',
  `entity:identifier=${base}/Patient|diego`,
  'entity:identifier=req-1',
  'patient:identifier=amara',
  'patient=diego',
  'patient=amara&outcome=8',
  'outcome=0',
  'outcome=8',
  'outcome=4,8',
  'outcome:not=0',
  'outcome=99',
  'action=R',
  'action:not=E',
  'type=rest',
  'subtype=vread',
  'subtype=moon-landing',
  'subtype:not=read',
  'address=10.0.0.1',
  'address:exact=10.0.0.17',
  'address=2001:DB8',
  'address=not shown',
  'address:contains=0.0',
  'address=http',
  `site=${base}`,
  'site=elsewhere',
  `source:identifier=${base}`,
  'source:identifier=elsewhere',
  'policy=urn:ietf:params:oauth:jti:at_lin.1',
  'policy=urn:ietf:params:oauth:jti:at_none',
  'policy=at_lin.1',
  'policy:below=urn:ietf:params:oauth:jti:at_lin.1',
  'agent-role=x',
  '_tag=urn:chartkey:audit|patient',
  '_id=1,4,9999',
  'date=ge1970-01-01T00:00:00.020Z&agent=lin&outcome=0&_sort=date',
]

function planOf(query: string, reach: Reach): SearchPlan {
  const parameters = [
    ...new URLSearchParams(query.replaceAll('+', '%2B')),
    ['_count', '7'] as [string, string],
  ]
  return planSearch({ type: 'AuditEvent', parameters, reach, base, strict: true, reachFor: () => reach }).plan
}

const narrow: Bounds = { scanned: 40, read: 20, judged: 6, forms: 9, scannedAtOnce: 11, readAtOnce: 5 }

async function pagesOf(plan: SearchPlan, trail: TrailReader, bounds: Bounds) {
  const ids: string[] = []
  let pages = 0
  for (let { after } = plan; ; ) {
    const { matches, next } = await searchTrail(
      { ...plan, ...(after && { after }) },
      { trail, names, base, bounds },
    )
    ids.push(...matches.map(({ id }) => id))
    pages++
    after = next === undefined ? undefined : parseCursor(next, plan.sort.length)
    if (!after) return { ids, pages }
  }
}

async function judgedAll(plan: SearchPlan, records: readonly KeptRecord[]): Promise<string[]> {
  const people = await loadPeople(records, names)
  const descending = plan.sort[0]?.descending ?? true
  const inOrder = records.toSorted((a, b) => (descending ? -1 : 1) * (a.time - b.time || a.seq - b.seq))
  return inOrder
    .flatMap((record) => [...formsOf(record, { base, people })])
    .filter(({ stored }) => planHolds(stored.resource, plan))
    .map(({ stored }) => stored.id)
}

testOnEach(
  'every documented search finds what judging everything finds, page by page, whoever asks',
  async (sql) => {
    const store = createAuditStore(sql, trailRules)
    // Times are nearly, but not wholly, in the order of writing.
    await store.append(
      Array.from({ length: 70 }, (_, at) => ({
        time: at - (at % 9 === 0 ? 5 : 0),
        event: kinds[(at * 5) % kinds.length] as AuditEvent,
      })),
    )
    const records = await store.list(0, 1000)
    let found = 0
    for (const reach of [everything, all, staff, ofAmara])
      for (const query of searches) {
        const plan = planOf(query, reach)
        const expected = await judgedAll(plan, records)
        for (const bounds of [narrow, usualBounds])
          assert.deepEqual(
            (await pagesOf(plan, store, bounds)).ids,
            expected,
            `${query} ${JSON.stringify(reach)}`,
          )
        found += expected.length
      }
    assert.ok(found > 1000)
  },
)

/** A trail of so many records that is nowhere, and counts what is asked of it. */
function endless(records: number) {
  const asked = { read: 0, scanned: 0 }
  const at = (seq: number): KeptRecord => ({ seq, time: seq, event: kinds[seq % kinds.length] as AuditEvent })
  const down = (start: number, count: number) =>
    Array.from({ length: Math.min(count, start) }, (_, less) => at(start - less))
  const trail: TrailReader = {
    find: async (seq) => at(seq),
    async read({ start, limit }) {
      asked.read += limit
      return down(start?.seq ?? records, limit)
    },
    async scan({ start, most }) {
      asked.scanned += most
      const reached = (start?.seq ?? records) - most + 1
      return { records: [], ...(reached > 0 && { reached: at(reached) }) }
    },
  }
  return { trail, asked }
}

test('a list of very many alternatives is not looked for in every record', async () => {
  const { trail, asked } = endless(100_000)
  const ids = Array.from({ length: 500 }, (_, at) => `Observation/none-${at}`).join()
  await searchTrail(planOf(`entity=${ids}`, everything), { trail, names, base })
  assert.equal(asked.scanned, 0)
  // What leaves few is, whatever else is asked for.
  await searchTrail(planOf(`entity=${ids}&outcome=99`, everything), { trail, names, base })
  assert.equal(asked.read <= usualBounds.judged + usualBounds.readAtOnce, true)
})

const rare = searches.filter((query) => /none|nobody|=99|elsewhere/.test(query))

for (const query of rare)
  test(`a million records: ${query} finds nothing in few pages, and one page does bounded work`, async () => {
    const { trail, asked } = endless(1_000_000)
    const plan = planOf(query, everything)
    await searchTrail(plan, { trail, names, base })
    const { scanned, scannedAtOnce, read, readAtOnce } = usualBounds
    assert.ok(asked.scanned <= scanned + scannedAtOnce)
    assert.ok(asked.read <= read + readAtOnce)
    const { ids, pages } = await pagesOf(plan, trail, usualBounds)
    assert.deepEqual(ids, [])
    assert.ok(pages <= 41, `${pages}`)
  })

test('SCOPE-20: how far a page gets tells nobody but administrators what is in records that they may not see', async () => {
  for (const reach of [staff, ofAmara])
    for (const query of searches.filter((one) => !/^$|_id/.test(one) && !one.includes('patient='))) {
      const { trail, asked } = endless(1000)
      const plan = { ...planOf(query, reach), count: 100_000 }
      const deps = { trail, names, base, bounds: narrow }
      const { next } = await searchTrail(plan, deps)
      const { next: other } = await searchTrail({ ...plan, clauses: [] }, deps)
      assert.ok(next)
      assert.deepEqual([next, asked.scanned], [other, 0], query)
    }
})
