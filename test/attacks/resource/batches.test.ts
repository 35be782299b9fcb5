/** RSRC-08: a wrapper is no disguise. Each entry of a batch is a request of its own, and so is its refusal. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import { answersIn, bundle, entry, statusesIn } from './bundles.ts'
import { observation } from './records.ts'
import { callerWith, createWorld, type World } from './world.ts'

const app = callerWith('patient/*.cruds')
const reader = callerWith('patient/Observation.rs')

let world: World

beforeEach(async () => {
  world = await createWorld()
})

test('one forbidden entry fails by itself, and its neighbours are answered', async () => {
  const reply = await world.ask(
    reader,
    '',
    bundle(
      'batch',
      entry('GET', 'Observation/a-lab'),
      entry('GET', 'Observation/b-lab'),
      entry('POST', 'Observation', observation('x', 'a', 'laboratory')),
      entry('GET', 'Condition?patient=a'),
      entry('GET', 'Observation?_summary=count'),
      entry('DELETE', 'Observation/a-lab'),
    ),
  )
  assert.deepEqual(statusesIn(reply.body), [200, 404, 403, 403, 200, 403])
  assert.deepEqual(validate(JSON.parse(reply.body)), [])
  assert.doesNotMatch(reply.body, /secret of b/)
  assert.equal(answersIn(reply.body)[4]?.resource?.total, 4)
  assert.equal((await world.repository.counts()).Observation, 8)
})

test('each entry is on record by itself, with its own outcome', async () => {
  await world.ask(
    reader,
    '',
    bundle(
      'batch',
      entry('GET', 'Observation/a-lab'),
      entry('GET', 'Observation/b-lab'),
      entry('GET', 'Patient/a'),
    ),
  )
  const trail = await world.trail()
  assert.deepEqual(
    trail.map(({ event }) => [event.kind === 'fhir-access' && event.asked.interaction, event.outcome]),
    [
      ['batch', 'success'],
      ['read', 'success'],
      ['read', 'refused'],
      ['read', 'refused'],
    ],
  )
})

test('nothing of a batch is answered or stored when it cannot be put on record', async () => {
  world.breakAudit()
  const write = entry('POST', 'Observation', observation('x', 'a', 'laboratory'))
  const reply = await world.ask(app, '', bundle('batch', entry('GET', 'Observation/a-lab'), write))
  assert.equal(reply.status, 503)
  assert.doesNotMatch(reply.body, /secret/)
  assert.equal((await world.repository.counts()).Observation, 8)
})

describe('an entry that hides what it is', () => {
  const entries: [string, object, number][] = [
    ['a batch in a batch', entry('POST', '', { resourceType: 'Bundle', type: 'batch' }), 400],
    ['a transaction in a batch', entry('POST', '/', { resourceType: 'Bundle', type: 'transaction' }), 400],
    ['no request', { resource: observation('x', 'a', 'laboratory') }, 400],
    ['no object', 7 as never, 400],
    ['a method of its own', entry('PROPFIND', 'Observation/b-lab'), 400],
    ['a method in small letters', entry('delete', 'Observation/a-lab'), 400],
    ['a whole address', entry('GET', 'https://ehr.example.org/fhir/Observation/b-lab'), 400],
    ['another server', entry('GET', 'https://evil.example.org/Observation/b-lab'), 400],
    ['a slash before', entry('GET', '/Observation/b-lab'), 400],
    ['two slashes', entry('GET', 'Observation//b-lab'), 400],
    ['a slash in disguise', entry('GET', 'Observation%2Fb-lab'), 400],
    ['dots', entry('GET', 'Observation/a-lab/../b-lab'), 400],
    ['another id in the query', entry('GET', 'Observation/b-lab?_id=a-lab'), 404],
    [
      'a token of its own',
      entry('GET', 'Observation/b-lab', undefined, { authorization: 'Bearer good' }),
      404,
    ],
    ['a body for a read', entry('GET', 'Observation/b-lab', observation('a-lab', 'a', 'laboratory')), 404],
    [
      'another id in the body',
      entry('PUT', 'Observation/a-lab', observation('b-lab', 'a', 'laboratory')),
      400,
    ],
    [
      'another type in the body',
      entry('PUT', 'Observation/a-lab', { resourceType: 'Basic', id: 'a-lab' }),
      400,
    ],
    ['no body', entry('PUT', 'Observation/a-lab'), 415],
  ]
  for (const [name, one, status] of entries)
    test(`${name}: ${status}`, async () => {
      const reply = await world.ask(app, '', bundle('batch', one as never))
      assert.equal(reply.status, 200)
      assert.deepEqual(statusesIn(reply.body), [status])
      assert.doesNotMatch(reply.body, /secret of b/)
      assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
    })
})

test('entries do not see one another’s names: nothing is resolved in a batch', async () => {
  const body = { ...observation('x', 'a', 'laboratory'), subject: { reference: 'urn:uuid:1' } }
  const reply = await world.ask(app, '', bundle('batch', entry('POST', 'Observation', body)))
  assert.deepEqual(statusesIn(reply.body), [403])
})

test('conditions of an entry are its own', async () => {
  const reply = await world.ask(
    app,
    '',
    bundle(
      'batch',
      entry('GET', 'Observation/a-lab', undefined, { ifNoneMatch: 'W/"1"' }),
      entry('GET', 'Observation/a-lab', undefined, { ifModifiedSince: '2030-01-01T00:00:00Z' }),
      entry('PUT', 'Observation/a-lab', observation('a-lab', 'a', 'laboratory'), { ifMatch: 'W/"7"' }),
      entry('POST', 'Observation', observation('x', 'a', 'laboratory'), { ifNoneExist: '_id=a-lab' }),
      entry('POST', 'Observation', observation('x', 'a', 'laboratory'), { ifNoneExist: '_id=b-lab' }),
    ),
  )
  assert.deepEqual(statusesIn(reply.body), [304, 304, 412, 200, 201])
})

test('Prefer holds for the entries; unasked nothing is sent back of what was written', async () => {
  const write = entry('PUT', 'Observation/a-lab', observation('a-lab', 'a', 'laboratory', 'amended'))
  const first = async (prefer?: string) => {
    const ask = { ...bundle('batch', write), ...(prefer && { headers: { prefer } }) }
    const [answer] = answersIn((await world.ask(app, '', ask)).body)
    return [answer?.resource?.resourceType, answer?.response.outcome?.resourceType]
  }
  assert.deepEqual(await first(), [undefined, undefined])
  assert.deepEqual(await first('return=representation'), ['Observation', undefined])
  assert.deepEqual(await first('return=OperationOutcome'), [undefined, 'OperationOutcome'])
})

test('a Bundle without end is refused unread; an empty one is answered', async () => {
  const many = Array.from({ length: 5001 }, () => entry('GET', 'Patient/a'))
  assert.equal((await world.ask(app, '', bundle('batch', ...many))).status, 413)
  const empty = await world.ask(app, '', { method: 'POST', body: { resourceType: 'Bundle', type: 'batch' } })
  assert.deepEqual([empty.status, JSON.parse(empty.body).type], [200, 'batch-response'])
  const odd = { resourceType: 'Bundle', type: 'batch', entry: { request: 7 } }
  assert.equal((await world.ask(app, '', { method: 'POST', body: odd })).status, 400)
})
