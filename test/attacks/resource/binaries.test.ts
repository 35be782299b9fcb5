/** A Binary is as open as what its security context names, by every way there is. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Slice } from '../../../src/smart/slice.ts'
import { bundle, entry, named, statusesIn, urn } from './bundles.ts'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, type World } from './world.ts'

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
  })

  test('comes to everybody who does not name the format of the resource', async () => {
    for (const accept of ['application/fhir+json', 'application/json', '*/*;q=0.1, application/fhir+json'])
      assert.equal((await world.ask(app, 'Binary/mine', { headers: { accept } })).bytes, undefined, accept)
    assert.equal(
      (await world.ask(app, 'Binary/mine?_format=json', { headers: { accept: '*/*' } })).bytes,
      undefined,
    )
    for (const accept of ['*/*', 'text/*', 'text/html, */*', 'image/png, text/html;q=0.5'])
      assert.ok((await world.ask(app, 'Binary/mine', { headers: { accept } })).bytes, accept)
    assert.ok((await world.ask(app, 'Binary/mine')).bytes)
    assert.ok((await world.ask(app, 'Binary/mine?_format=text/html')).bytes)
    assert.equal((await world.ask(app, 'Binary/mine?_format=image/png')).status, 406)
    assert.equal((await world.ask(app, 'Binary/mine?_format=xml')).status, 406)
    // Within a Bundle there is room for resources only.
    const [answer] = JSON.parse(
      (await world.ask(app, '', bundle('batch', entry('GET', 'Binary/mine')))).body,
    ).entry
    assert.equal(answer.resource.resourceType, 'Binary')
  })

  test('runs nowhere, and says what it is judged by', async () => {
    for (const target of ['Binary/mine', 'Binary/mine/_history/1']) {
      const { headers } = await world.ask(app, target)
      assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'; sandbox")
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal(headers['x-security-context'], 'Observation/a-lab')
    }
  })

  test('carries no header that its author smuggled in', async () => {
    await world.repository.update(
      binary('mine', 'Observation/a-lab', { contentType: 'text/html\r\nset-cookie: a=b' }),
    )
    const reply = await world.ask(app, 'Binary/mine', { headers: { accept: 'text/html' } })
    assert.equal(reply.status, 406)
  })
})

describe('content of any type, as it is', () => {
  const raw = (body: string, type: string, context?: string, method = 'POST'): Ask => ({
    method,
    body,
    contentType: (type.split(';', 1)[0] ?? '').trim().toLowerCase(),
    headers: { 'content-type': type, ...(context !== undefined && { 'x-security-context': context }) },
  })
  const idOf = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
    headers.location?.split('/').at(-3) ?? ''

  test('becomes a Binary in the context of the header, and comes back the same', async () => {
    for (const type of [
      'text/html',
      'text/plain; charset=utf-8',
      'image/svg+xml',
      'application/json',
      'application/x-www-form-urlencoded',
    ]) {
      const body = '{"resourceType":"Patient"}<script>alert(1)</script>é\u0000'
      const sent = type === 'application/json' ? '{"resourceType":"Patient","id":"a"}' : body
      const created = await world.ask(app, 'Binary', raw(sent, type, 'Observation/a-lab'))
      assert.equal(created.status, 201, created.body)
      const id = idOf(created)
      const { resource } = (await world.repository.read('Binary', id)) ?? {}
      assert.deepEqual(resource?.securityContext, { reference: 'Observation/a-lab' })
      assert.equal(resource?.contentType, type)
      const reply = await world.ask(app, `Binary/${id}`)
      assert.equal(Buffer.from(reply.bytes ?? []).toString(), sent)
      assert.equal(reply.headers['content-type'], type)
      assert.equal(reply.headers['content-disposition'], 'attachment')
    }
  })

  test('is written in no context that may not be read, without one, or out of one', async () => {
    for (const context of [
      'Observation/b-lab',
      'Practitioner/doctor',
      'Binary/mine',
      'Observation/zzzzz',
      'https://other.example.org/Observation/a-lab',
      undefined,
    ])
      assert.equal((await world.ask(app, 'Binary', raw('x', 'text/plain', context))).status, 403, context)
    const put = (id: string, context?: string) =>
      world.ask(app, `Binary/${id}`, raw('x', 'text/plain', context, 'PUT'))
    assert.equal((await put('theirs', 'Observation/a-lab')).status, 404)
    assert.equal((await put('fresh', 'Observation/a-lab')).status, 404)
    assert.equal((await put('mine', 'Observation/b-lab')).status, 403)
    assert.equal((await put('mine')).status, 403)
    assert.equal((await put('mine', 'Observation/a-vital')).status, 200)
    assert.equal(
      (await world.ask(clinician, 'Binary/chosen', raw('x', 'text/plain', undefined, 'PUT'))).status,
      201,
    )
  })

  test('needs a header that is one reference, and no other than the resource has', async () => {
    for (const context of ['', 'Observation/a-lab, Observation/b-lab', 'a b', 'x'.repeat(2000)])
      assert.equal(
        (await world.ask(clinician, 'Binary', raw('x', 'text/plain', context))).status,
        400,
        context,
      )
    const json = (context: string) =>
      raw(
        JSON.stringify({ ...binary('x', 'Observation/a-lab'), id: undefined }),
        'application/fhir+json',
        context,
      )
    assert.equal((await world.ask(app, 'Binary', json('Observation/a-vital'))).status, 400)
    assert.equal((await world.ask(app, 'Binary', json('Observation/a-lab'))).status, 201)
    const bare = raw(
      JSON.stringify({ resourceType: 'Binary', contentType: 'text/plain' }),
      'application/fhir+json',
      'Observation/a-lab',
    )
    const created = await world.ask(app, 'Binary', bare)
    assert.deepEqual((await world.repository.read('Binary', idOf(created)))?.resource.securityContext, {
      reference: 'Observation/a-lab',
    })
  })

  test('is no way to a resource of another type, to XML that would be read as one, or to a header of its own', async () => {
    const xml = '<Binary xmlns="http://hl7.org/fhir"/>'
    for (const type of ['application/fhir+xml', 'application/xml', 'text/xml'])
      assert.equal((await world.ask(clinician, 'Binary', raw(xml, type))).status, 415, type)
    for (const type of [
      'nonsense',
      'text/',
      'text/html\r\nset-cookie: a=b',
      'text/html; a="b',
      `text/${'x'.repeat(300)}`,
    ])
      assert.equal((await world.ask(clinician, 'Binary', raw('x', type))).status, 415, type)
    for (const target of ['Observation', 'Binary/mine/$meta-add', 'Binary/_search', '']) {
      const { status } = await world.ask(clinician, target, raw('x', 'text/plain'))
      assert.ok(status >= 400 && status < 500, target)
    }
    assert.equal((await world.ask(clinician, 'Binary', raw('{', 'application/fhir+json'))).status, 400)
    assert.deepEqual(world.faults, [])
  })
})

test('what a conditional create leaves as it was is judged as it is, not as the entry has it', async () => {
  const caller = callerWith('user/Observation.s patient/Observation.cr patient/Binary.c')
  const own = { ...observation('x', 'a', 'laboratory'), id: undefined }
  const inContextOf = (id: string) =>
    entry('POST', 'Binary', binary('x', `Observation/${id}`, { id: undefined }))
  const tried = async (id: string) => {
    const create = entry('POST', 'Observation', own, { ifNoneExist: `_id=${id}` })
    return (await world.ask(caller, '', bundle('transaction', create, inContextOf(id)))).status
  }
  assert.equal(await tried('b-lab'), 403)
  assert.equal(await tried('a-lab'), 200)
})
