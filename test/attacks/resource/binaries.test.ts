/** A Binary is as open as what its security context names, by every way there is. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Slice } from '../../../src/smart/slice.ts'
import { bundle, entry, named, statusesIn, urn } from './bundles.ts'
import { callerWith, createWorld, type World } from './world.ts'

const app = callerWith('patient/*.cruds')
const clinician = callerWith('user/*.cruds', { patient: null })
const data = Buffer.from('secret of b').toString('base64')

function binary(id: string, context?: string, more: object = {}) {
  const securityContext = context === undefined ? {} : { securityContext: { reference: context } }
  return { resourceType: 'Binary', id, contentType: 'text/html', ...securityContext, data, ...more }
}

let world: World

beforeEach(async () => {
  world = await createWorld()
  await world.repository.putAll([
    binary('mine', 'Observation/a-lab'),
    binary('theirs', 'Observation/b-lab'),
    binary('nobodys'),
    binary('shared', 'Practitioner/doctor'),
    binary('foreign', 'https://other.example.org/Observation/a-lab'),
    binary('nested', 'Binary/mine'),
    binary('dangling', 'Observation/zzzzz'),
  ])
})

const statusOf = async (caller: typeof app, id: string) => (await world.ask(caller, `Binary/${id}`)).status

describe('FHIR R4 Binary: the security context', () => {
  test('an app for one patient sees what hangs on that record, and nothing else', async () => {
    assert.equal(await statusOf(app, 'mine'), 200)
    for (const id of ['theirs', 'nobodys', 'shared', 'foreign', 'nested', 'dangling'])
      for (const suffix of ['', '/_history/1', '/_history']) {
        const hidden = await world.ask(app, `Binary/${id}${suffix}`)
        const absent = await world.ask(app, `Binary/none${suffix}`)
        assert.deepEqual([hidden.status, hidden.headers], [404, absent.headers], id)
        assert.equal(hidden.body.replaceAll(id, 'none'), absent.body)
      }
  })

  test('a clinician sees all whose context can be looked at', async () => {
    for (const id of ['mine', 'theirs', 'nobodys', 'shared', 'dangling'])
      assert.equal(await statusOf(clinician, id), 200, id)
    for (const id of ['foreign', 'nested']) assert.equal(await statusOf(clinician, id), 404, id)
  })

  test('what is withheld from a clinician takes its Binaries along', async () => {
    const drafts: Slice = {
      type: 'Observation',
      compartments: [],
      filter: [{ parameter: 'status', value: 'final' }],
    }
    const caller = callerWith('user/*.cruds', { patient: null, withheld: [drafts] })
    for (const id of ['mine', 'theirs', 'dangling']) assert.equal(await statusOf(caller, id), 404, id)
    assert.equal(await statusOf(caller, 'shared'), 200)
  })

  test('a scope on Binary alone opens nothing: the context needs the letter r as well', async () => {
    assert.equal(await statusOf(callerWith('patient/Binary.rs'), 'mine'), 404)
    assert.equal(await statusOf(callerWith('patient/Binary.r patient/Observation.s'), 'mine'), 404)
    assert.equal(await statusOf(callerWith('patient/Binary.r patient/Observation.r'), 'mine'), 200)
    assert.equal(
      await statusOf(callerWith('patient/Binary.r patient/Observation.r?category=vital-signs'), 'mine'),
      404,
    )
    assert.equal(await statusOf(callerWith('patient/Observation.rs'), 'mine'), 403)
  })

  test('no search and no history of many finds one, not even for a clinician', async () => {
    for (const target of ['Binary', 'Binary?_id=theirs', 'Binary/_history'])
      for (const caller of [app, clinician])
        assert.equal((await world.ask(caller, target)).status, 403, target)
    assert.doesNotMatch((await world.ask(clinician, '_history?_count=1000')).body, /Binary/)
    const conditional = await world.ask(clinician, 'Binary?_id=theirs', { method: 'DELETE' })
    assert.equal(conditional.status, 403)
  })

  test('nor is one included with what points to it', async () => {
    const content = [{ attachment: { url: 'Binary/theirs' } }]
    await world.repository.update({
      resourceType: 'DocumentReference',
      id: 'd',
      status: 'current',
      content,
      subject: { reference: 'Patient/a' },
    })
    const reply = await world.ask(app, 'DocumentReference?_include=*')
    assert.doesNotMatch(reply.body, /"resourceType":"Binary"/)
  })
})

describe('writing a Binary', () => {
  test('one is made for what may be read, and for nothing else', async () => {
    const post = (context?: string) =>
      world.ask(app, 'Binary', { method: 'POST', body: binary('x', context) })
    assert.equal((await post('Observation/a-lab')).status, 201)
    for (const context of [
      'Observation/b-lab',
      'Practitioner/doctor',
      'Binary/mine',
      'Observation/zzzzz',
      undefined,
    ])
      assert.equal((await post(context)).status, 403, context)
  })

  test('one is not moved to another context, nor pulled over', async () => {
    const put = (id: string, context: string) =>
      world.ask(app, `Binary/${id}`, { method: 'PUT', body: binary(id, context) })
    assert.equal((await put('mine', 'Observation/b-lab')).status, 403)
    assert.equal((await put('theirs', 'Observation/a-lab')).status, 404)
    assert.equal((await put('mine', 'Observation/a-vital')).status, 200)
    assert.equal((await world.ask(app, 'Binary/theirs', { method: 'DELETE' })).status, 404)
    assert.equal((await world.ask(app, 'Binary/mine', { method: 'DELETE' })).status, 204)
    assert.equal(await statusOf(app, 'mine'), 410)
  })

  test('its context may be made by the same transaction, and is judged there', async () => {
    const { id: _, ...document } = binary('x', urn('1'))
    const status = async (patient: string) => {
      const resource = {
        resourceType: 'Basic',
        code: { text: 'x' },
        subject: { reference: `Patient/${patient}` },
      }
      const entries = [entry('POST', 'Binary', document), named(urn('1'), entry('POST', 'Basic', resource))]
      const reply = await world.ask(app, '', bundle('transaction', ...entries))
      return reply.status === 200 ? statusesIn(reply.body) : reply.status
    }
    assert.deepEqual([await status('a'), await status('b')], [[201, 201], 403])
  })
})

describe('the content itself', () => {
  test('is a download of its own type, for whom the resource is open', async () => {
    const reply = await world.ask(app, 'Binary/mine', { headers: { accept: 'text/html' } })
    assert.equal(reply.status, 200)
    assert.equal(Buffer.from(reply.bytes ?? []).toString(), 'secret of b')
    assert.equal(reply.headers['content-type'], 'text/html')
    assert.equal(reply.headers['content-disposition'], 'attachment')
    assert.equal(reply.headers['x-content-type-options'], 'nosniff')
    const head = await world.ask(app, 'Binary/mine', { method: 'HEAD', headers: { accept: 'text/html' } })
    assert.deepEqual([head.status, head.bytes], [200, undefined])
  })

  test('is hidden like the resource, and comes in no type that was not asked for', async () => {
    for (const accept of ['text/html', 'image/png', 'application/fhir+json']) {
      const reply = await world.ask(app, 'Binary/theirs', { headers: { accept } })
      assert.deepEqual([reply.status, reply.bytes], [404, undefined])
    }
    assert.equal((await world.ask(app, 'Binary/mine', { headers: { accept: 'image/png' } })).status, 406)
    assert.equal(
      (await world.ask(app, 'Binary/mine', { headers: { accept: 'text/html, */*' } })).bytes,
      undefined,
    )
  })

  test('carries no header that its author smuggled in', async () => {
    await world.repository.update(
      binary('mine', 'Observation/a-lab', { contentType: 'text/html\r\nset-cookie: a=b' }),
    )
    const reply = await world.ask(app, 'Binary/mine', { headers: { accept: 'text/html' } })
    assert.equal(reply.status, 406)
  })
})
