/** The other side of the attacks: whoever may have something gets it, in the form that FHIR gives it. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import { ownCaller } from '../../../src/resource/own-caller.ts'
import { observation } from './records.ts'
import { base, callerWith, createWorld, everything, found, nextOf, type World } from './world.ts'

const app = callerWith('patient/*.cruds')
const clinician = ownCaller(
  { user: 'dr.lin', fhirUser: 'Practitioner/doctor' },
  { rights: everything, withheld: [] },
)

let world: World

before(async () => {
  world = await createWorld()
})

test('SCOPE-05: a read has version, time and content; a known version is 304 without body', async () => {
  const reply = await world.ask(app, 'Observation/a-lab')
  assert.deepEqual([reply.status, reply.headers.etag], [200, 'W/"1"'])
  assert.match(reply.headers['last-modified'] ?? '', /^Wed, 01 May 2024 12:00:00 GMT$/)
  assert.deepEqual(validate(JSON.parse(reply.body)), [])
  const known = await world.ask(app, 'Observation/a-lab', { headers: { 'if-none-match': 'W/"1"' } })
  assert.deepEqual([known.status, known.body, known.headers.etag], [304, '', 'W/"1"'])
})

test('SCOPE-05: each version stays readable after an update', async () => {
  const body = observation('a-vital', 'a', 'vital-signs', 'amended')
  const reply = await world.ask(app, 'Observation/a-vital', { method: 'PUT', body })
  assert.deepEqual(
    [reply.status, reply.headers['content-location']],
    [200, `${base}/Observation/a-vital/_history/2`],
  )
  const statuses = await Promise.all(
    ['1', '2'].map(
      async (version) =>
        JSON.parse((await world.ask(app, `Observation/a-vital/_history/${version}`)).body).status,
    ),
  )
  assert.deepEqual(statuses, ['final', 'amended'])
  assert.equal((await world.ask(app, 'Observation/a-vital/_history/3')).status, 404)
})

test('an update that changes nothing makes no version', async () => {
  const body = observation('a-lab', 'a', 'laboratory')
  const reply = await world.ask(app, 'Observation/a-lab', { method: 'PUT', body })
  assert.deepEqual([reply.status, reply.headers.etag], [200, 'W/"1"'])
})

test('members can be chosen, which is marked; JSON can be indented', async () => {
  const reply = await world.ask(app, 'Observation/a-lab?_elements=status&_pretty=true')
  const { meta, ...rest } = JSON.parse(reply.body)
  assert.deepEqual(rest, { resourceType: 'Observation', id: 'a-lab', status: 'final' })
  assert.equal(meta.tag.at(-1).code, 'SUBSETTED')
  assert.match(reply.body, /^\{\n {2}"/)
})

test('a searchset is a valid Bundle with links, modes and full addresses', async () => {
  const reply = await world.ask(app, 'MedicationRequest?patient=a&_include=MedicationRequest:medication')
  const bundle = JSON.parse(reply.body)
  assert.deepEqual(validate(bundle), [])
  assert.deepEqual(
    bundle.entry.map((entry: { fullUrl: string; search: { mode: string } }) => [
      entry.fullUrl,
      entry.search.mode,
    ]),
    [
      [`${base}/MedicationRequest/a-order`, 'match'],
      [`${base}/Medication/pill`, 'include'],
    ],
  )
  const self = `${base}/MedicationRequest?patient=a&_include=MedicationRequest%3Amedication`
  assert.deepEqual(bundle.link, [{ relation: 'self', url: self }])
})

test('pages of a sorted search, by an address that needs nothing else', async () => {
  let page = await world.ask(clinician, 'Observation?_sort=-_id,_lastUpdated&_count=3')
  const seen = found(page).entries
  for (let next = nextOf(page); next !== undefined; next = nextOf(page)) {
    page = await world.ask(clinician, next)
    seen.push(...found(page).entries)
    assert.equal(found(page).total, 8)
  }
  assert.equal(new Set(seen).size, 8)
  assert.equal(seen.length, 8)
})

test('the total can be left out, or asked for alone', async () => {
  assert.equal(found(await world.ask(app, 'Observation?_total=none')).total, undefined)
  const counted = await world.ask(app, 'Observation?_summary=count')
  assert.deepEqual(found(counted), { entries: [], total: 4 })
})

test('a patient’s compartment can be searched one type at a time', async () => {
  const reply = await world.ask(clinician, 'Patient/b/Observation?status=final')
  assert.deepEqual(found(reply).entries, ['Observation/b-lab', 'Observation/b-vital'])
})

test('the CapabilityStatement is valid, for anybody, and may be kept', async () => {
  const reply = await world.ask(callerWith(''), 'metadata')
  assert.deepEqual(validate(JSON.parse(reply.body)), [])
  assert.match(reply.headers['cache-control'] ?? '', /public/)
})

test('a fault of the store is a 500 without detail, in the log, and on record', async () => {
  const broken = await createWorld()
  Object.assign(broken.repository, { read: () => Promise.reject(new Error('secret detail')) })
  const reply = await broken.ask(app, 'Observation/a-lab')
  assert.equal(reply.status, 500)
  assert.doesNotMatch(reply.body, /secret/)
  assert.equal(broken.faults.length, 1)
  assert.equal((await broken.trail())[0]?.event.outcome, 'failed')
})

test('a store that finds too much is noticed: the check after the query drops it, and it is not counted', async () => {
  const leaky = await createWorld()
  const search = leaky.repository.search
  const unlimited = { within: [{ type: '*', patients: [], clauses: [] }], without: [] }
  Object.assign(leaky.repository, {
    search: (plan: object) =>
      search({ ...(plan as never as Parameters<typeof search>[0]), reach: unlimited }),
  })
  const reply = await leaky.ask(app, 'Observation')
  assert.deepEqual([found(reply).entries.length, found(reply).total], [4, 4])
  assert.doesNotMatch(reply.body, /secret of b/)
  assert.equal(leaky.faults.length, 1)
})
