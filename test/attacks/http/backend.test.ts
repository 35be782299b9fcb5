/** A backend service at a running server: what its scopes say and no more, less what policy keeps from such apps. BKND-10, BKND-16, BKND-22, BKND-25, BKND-26, SCOPE-24, RSRC-02. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backendToken as tokenOf } from './backend-token.ts'
import { useHospital } from './hospital.ts'
import { foreign } from './records.ts'

const hospital = useHospital()
const backendToken = (scope: string, id?: string) => tokenOf(hospital(), scope, id)
async function read(token: string, target: string) {
  const { status, body } = await hospital().ask(token, target)
  return { status, body: JSON.parse(body) }
}

const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: 'Patient/b' },
}

test('BKND-25, BKND-26: the records of all patients, of the types that the scopes name', async () => {
  const token = await backendToken('system/Patient.rs system/Observation.rs')
  for (const id of ['a', 'b']) assert.equal((await read(token, `Patient/${id}`)).status, 200)
  const { body } = await read(token, 'Patient?_count=100')
  assert.ok(body.entry.length >= 2)
  assert.match(JSON.stringify((await read(token, 'Observation?_count=500')).body), foreign)
})

test('BKND-22, BKND-26: what is outside of the scopes is refused, on every path', async () => {
  const token = await backendToken('system/Patient.rs')
  const refused = [
    'Observation',
    'Observation?patient=a',
    'Patient/a/Observation',
    'Patient/a/$everything?_type=Observation',
    'Patient/a/$everything?_type=Patient,Observation&_count=5',
    'Patient/a/*?_type=Observation',
    '?_type=Observation',
    '?_type=Patient,Observation',
    '?_type=Observation&_summary=count',
    'Encounter/_history',
  ]
  for (const target of refused) {
    const { status, body } = await read(token, target)
    assert.deepEqual([status, body.issue?.[0]?.code], [403, 'forbidden'], target)
  }
  const writes = [
    hospital().ask(token, 'Observation', { method: 'POST', body: observation }),
    hospital().ask(token, 'Patient/a', { method: 'PUT', body: { resourceType: 'Patient', id: 'a' } }),
    hospital().ask(token, 'Patient/a', { method: 'DELETE' }),
  ]
  const before = await hospital().versions()
  for (const { status } of await Promise.all(writes)) assert.equal(status, 403)
  assert.equal(await hospital().versions(), before)
  const { body } = await read(token, 'Patient?_id=a&_revinclude=Observation:patient')
  assert.equal(JSON.stringify(body).includes('"resourceType":"Observation"'), false)
})

test('BKND-22: what was not asked for by name is left out, and the refusal says what would be enough', async () => {
  const token = await backendToken('system/Patient.rs')
  for (const target of ['?_count=500', 'Patient/a/$everything', 'Patient/a/*', '?_type=Patient'])
    assert.equal((await read(token, target)).status, 200, target)
  const { headers } = await hospital().ask(token, '?_type=Patient,Observation')
  assert.match(
    headers['www-authenticate'] ?? '',
    /error="insufficient_scope", scope="system\/Observation\.s"/,
  )
  const form = { method: 'POST', contentType: 'application/x-www-form-urlencoded' }
  const posted = await hospital().ask(token, '_search', { ...form, body: '_type=Observation' })
  assert.equal(posted.status, 403)
  // Reading alone finds nothing in a record: whoever names the type is told so.
  const reader = await backendToken('system/Patient.rs system/Observation.r')
  assert.equal((await read(reader, 'Patient/a/$everything?_type=Observation')).status, 403)
})

test('BKND-11: a granular system scope holds', async () => {
  const token = await backendToken('system/DocumentReference.rs?status=current')
  const text = JSON.stringify((await read(token, 'DocumentReference?_count=500')).body)
  assert.match(text, /"status":"current"/)
  assert.doesNotMatch(text, /superseded/)
  assert.equal((await read(token, 'DocumentReference/a-draft')).status, 404)
  assert.equal((await read(token, 'DocumentReference/b-letter')).status, 200)
})

test('BKND-02: with the letter for it an app writes, into any record', async () => {
  const token = await backendToken('system/Observation.crs')
  const { status } = await hospital().ask(token, 'Observation', { method: 'POST', body: observation })
  assert.equal(status, 201)
  const update = await hospital().ask(token, 'Observation/a-vital', {
    method: 'PUT',
    body: { ...observation, id: 'a-vital' },
  })
  assert.equal(update.status, 403)
})

test('posts, on which exceptions of a policy rest, and the audit trail are written by no app', async () => {
  const token = await backendToken('system/*.cruds')
  for (const resource of [
    { resourceType: 'PractitionerRole', practitioner: { reference: 'Practitioner/doctor' } },
    { resourceType: 'AuditEvent', type: { code: 'rest' }, recorded: '2024-01-01T00:00:00Z' },
  ]) {
    const { status } = await hospital().ask(token, resource.resourceType, { method: 'POST', body: resource })
    assert.equal(status, 403, resource.resourceType)
  }
})

test('BKND-24: without a token there is the statement of what the server can, and nothing else', async () => {
  const ask = (path: string) => fetch(`${hospital().base}/fhir/${path}`)
  assert.equal((await ask('metadata')).status, 200)
  for (const path of ['Patient', 'Patient/a', 'Observation?_count=1', '$access'])
    assert.equal((await ask(path)).status, 401)
})

test('$access tells an app what it may see, and that no person stands behind it', async () => {
  const { status, body } = await read(await backendToken('system/Patient.rs'), '$access')
  assert.equal(status, 200)
  assert.match(JSON.stringify(body), /Patient/)
})

test('$everything of any patient, as far as the scopes go', async () => {
  const { status, body } = await read(await backendToken('system/*.rs'), 'Patient/b/$everything')
  assert.equal(status, 200)
  assert.match(JSON.stringify(body), foreign)
  const narrow = await read(await backendToken('system/Patient.rs'), 'Patient/b/$everything')
  const types = new Set(
    narrow.body.entry?.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType),
  )
  assert.deepEqual([...types], ['Patient'])
})

test('a batch of an app takes the same way, entry by entry', async () => {
  const token = await backendToken('system/Patient.rs')
  const body = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: ['Patient/b', 'Observation?patient=b'].map((url) => ({ request: { method: 'GET', url } })),
  }
  const reply = await hospital().ask(token, '', { method: 'POST', body })
  const statuses = JSON.parse(reply.body).entry.map(({ response }: { response: { status: string } }) =>
    response.status.slice(0, 3),
  )
  assert.deepEqual(statuses, ['200', '403'])
})

test('what an app did is on record under its name, as the one who asked', async () => {
  const id = 'backend-on-record'
  const token = await backendToken('system/Patient.rs', id)
  await read(token, 'Patient/b')
  const query = { from: 0, to: Number.MAX_SAFE_INTEGER, newestFirst: true, limit: 100 }
  const records = await hospital().stores.audit.read(query)
  const accesses = records.filter(({ event }) => event.kind === 'fhir-access' && event.actor.client === id)
  assert.equal(accesses.length, 1)
  assert.equal(accesses[0]?.event.actor.user, undefined)
})
