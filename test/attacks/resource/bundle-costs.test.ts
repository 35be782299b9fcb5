/** Bundles that are made to cost: whatever they are made of, they are answered soon, and others are answered meanwhile. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { bundle, type Entry, entry, named, urn } from './bundles.ts'
import { observation } from './records.ts'
import { callerWith, createWorld, type World } from './world.ts'

const app = callerWith('patient/*.cruds')
const lab = (more: object = {}) => ({ ...observation('x', 'a', 'laboratory'), ...more })

let world: World

beforeEach(async () => {
  world = await createWorld()
})

/** An Observation with so many links to itself in its narrative. */
function linked(count: number): Entry {
  const link = `<a href="${urn('1')}">x</a>`
  const div = `<div xmlns="http://www.w3.org/1999/xhtml">${link.repeat(count)}</div>`
  return named(urn('1'), entry('POST', 'Observation', lab({ text: { status: 'generated', div } })))
}

test('a narrative of many links is gone through once, for somebody without any letter, too', async () => {
  // By the square of their number these would take hours.
  assert.equal(
    (await world.ask(callerWith('openid'), '', bundle('transaction', linked(200_000)))).status,
    403,
  )
  assert.equal((await world.ask(app, '', bundle('transaction', linked(10)))).status, 200)
  const stored = JSON.stringify((await world.repository.read('Observation', 'new-2'))?.resource.text)
  assert.doesNotMatch(stored, /urn:uuid/)
  assert.equal(stored.split('href=\\"Observation/new-2').length - 1, 10)
})

test('the address of an entry costs the same however many references there are', async () => {
  const fullUrl = `https://other.example/${'x/'.repeat(2_000_000)}Observation/1`
  const focus = Array.from({ length: 50_000 }, () => ({ reference: 'Observation/other' }))
  const create = named(fullUrl, entry('POST', 'Observation', lab({ focus })))
  assert.equal((await world.ask(app, '', bundle('transaction', create))).status, 200)
})

test('a transaction has an end to its conditions, and others have their turn between them', async () => {
  const performing = (count: number) => {
    const performer = Array.from({ length: count }, (_, at) => ({
      reference: `Practitioner?_id=doctor&_tag:not=urn:x|${at}`,
    }))
    return bundle('transaction', entry('POST', 'Observation', lab({ performer })))
  }
  let turns = 0
  const turn = setInterval(() => turns++, 1)
  assert.equal((await world.ask(app, '', performing(500))).status, 200)
  clearInterval(turn)
  assert.ok(turns > 1, 'nothing else could run')
  assert.equal((await world.ask(app, '', performing(5000))).status, 422)
})

test('others have their turn between what a transaction reads', async () => {
  const reads = Array.from({ length: 500 }, () => entry('GET', 'Observation?_id=a-lab'))
  let turns = 0
  const turn = setInterval(() => turns++, 1)
  assert.equal((await world.ask(app, '', bundle('transaction', ...reads))).status, 200)
  clearInterval(turn)
  assert.ok(turns > 1, 'nothing else could run')
})

test('conditional updates with one condition that names nothing are about one resource', async () => {
  const update = () => entry('PUT', 'Observation?identifier=urn:x|1', lab({ id: undefined }))
  assert.equal((await world.ask(app, '', bundle('transaction', update(), update()))).status, 400)
})

test('what is no text in a request is refused like any other nonsense', async () => {
  const odd = { toString: 1, valueOf: 1 }
  const put = lab({ id: 'a-lab' })
  const one = {
    ...lab(),
    identifier: [{ system: odd, value: odd }],
    performer: [{ reference: 'Practitioner?identifier=a|b' }],
  }
  for (const wrong of [
    entry('PUT', 'Observation/a-lab', put, { ifMatch: odd }),
    entry('PUT', 'Observation/a-lab', put, { ifMatch: [] }),
    entry('PUT', 'Observation/a-lab', put, { ifNoneMatch: odd, ifModifiedSince: odd, ifMatch: 7 }),
    entry('POST', 'Observation', one),
  ]) {
    const { status } = await world.ask(app, '', bundle('transaction', wrong))
    assert.ok(status >= 400 && status < 500, String(status))
  }
  assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
  assert.deepEqual(world.faults, [])
})

test('a Bundle has an end to its entries, and to those that may each cost much, before any is answered', async () => {
  const limited = await createWorld(undefined, undefined, { bundleEntries: 5, bundleQuestions: 2 })
  const status = async (type: string, ...entries: Entry[]) => {
    const reply = await limited.ask(app, '', bundle(type, ...entries))
    return [reply.status, /more than (\d+) entries/.exec(reply.body)?.[1]]
  }
  const before = (await limited.trail()).length
  const read = entry('GET', 'Patient/a')
  const create = entry('POST', 'Observation', lab({ id: undefined }))
  for (const type of ['batch', 'transaction'])
    for (const question of [
      entry('GET', 'Observation?_count=1'),
      entry('GET', 'Patient/a/Observation'),
      entry('GET', 'Observation/_history'),
      entry('GET', 'Patient/a/$everything'),
      entry('GET', '?_type=Observation'),
    ]) {
      assert.deepEqual(await status(type, create, read, question, question, question), [422, '2'])
      assert.deepEqual(await status(type, create, read, read, read, read, read), [413, '5'])
    }
  assert.equal((await limited.repository.counts()).Observation, (await world.repository.counts()).Observation)
  assert.ok((await limited.trail()).length > before)
  // Conditions are no questions of their own, and neither are reads by id.
  const conditional = entry('POST', 'Observation', lab({ id: undefined }), {
    ifNoneExist: 'identifier=urn:x|1',
  })
  assert.deepEqual(await status('batch', read, read, read, conditional, entry('GET', 'Observation')), [
    200,
    undefined,
  ])
})
