/** Labels decide on who sees a resource: can anybody change them who may not, by whatever way there is to write? */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Caller } from '../../../src/resource/request.ts'
import { bundle, entry, statusesIn } from './bundles.ts'
import { metaOf } from './labelling.ts'
import { createPolicyWorld, type PolicyWorld, sandboxPolicy, untagging, waiting } from './policy-world.ts'
import { type Ask, callerWith } from './world.ts'

const tag = { system: 'urn:chartkey:release', code: 'unreleased' }
const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }
const plain = { system: 'urn:mine', code: 'seen' }

let world: PolicyWorld
let doctor: Caller
let nurse: Caller

beforeEach(async () => {
  world = await createPolicyWorld()
  doctor = await world.as('doctor', 'user/*.cruds')
  nurse = await world.as('nurse', 'user/*.cruds')
})

const jsonPatch = (...operations: object[]): Ask => ({
  method: 'PATCH',
  contentType: 'application/json-patch+json',
  body: JSON.stringify(operations),
})
const put = (body: object): Ask => ({ method: 'PUT', body })
const removing = (meta: object): Ask => ({ method: 'POST', body: metaOf(meta) })
const metaNow = async (type: string, id: string) => (await world.repository.read(type, id))?.resource.meta
const isWaiting = async () => JSON.stringify(await metaNow('Observation', 'a-waiting')).includes(tag.code)

function untagged() {
  const { meta: _meta, ...rest } = waiting('a')
  return rest
}

describe('what waits for release', () => {
  const fhirpath = {
    resourceType: 'Parameters',
    parameter: [
      {
        name: 'operation',
        part: [
          { name: 'type', valueCode: 'delete' },
          { name: 'path', valueString: 'Observation.meta.tag' },
        ],
      },
    ],
  }
  const explicit: readonly (readonly [string, string, Ask])[] = [
    ['$meta-delete', 'Observation/a-waiting/$meta-delete', untagging],
    ['a JSON Patch', 'Observation/a-waiting', jsonPatch({ op: 'remove', path: '/meta/tag' })],
    ['a JSON Patch of all meta', 'Observation/a-waiting', jsonPatch({ op: 'remove', path: '/meta' })],
    [
      'a JSON Patch of the code',
      'Observation/a-waiting',
      jsonPatch({ op: 'replace', path: '/meta/tag/0/code', value: 'released' }),
    ],
    ['a FHIRPath Patch', 'Observation/a-waiting', { method: 'PATCH', body: fhirpath }],
    ['a conditional patch', 'Observation?_id=a-waiting', jsonPatch({ op: 'remove', path: '/meta/tag' })],
  ]
  for (const [name, target, ask] of explicit)
    test(`is not released by ${name} of somebody who did not order it, and the refusal says why`, async () => {
      const reply = await world.ask(nurse, target, ask)
      assert.equal(reply.status, 403, reply.body)
      const [issue] = JSON.parse(reply.body).issue
      assert.match(issue.diagnostics, /meta\.tag urn:chartkey:release\|unreleased marks results that wait/)
      assert.equal(await isWaiting(), true)
      const [last] = (await world.trail()).slice(-1)
      assert.equal(last?.event.outcome, 'refused')
      // Whoever ordered it may, in the same way.
      assert.equal((await world.ask(doctor, target, ask)).status, 200)
      assert.equal(await isWaiting(), false)
    })

  const implicit: readonly (readonly [string, string, Ask])[] = [
    ['an update', 'Observation/a-waiting', put(untagged())],
    ['an update with an empty list', 'Observation/a-waiting', put({ ...untagged(), meta: { tag: [] } })],
    ['an update with another tag', 'Observation/a-waiting', put({ ...untagged(), meta: { tag: [plain] } })],
    ['a conditional update', 'Observation?_id=a-waiting', put(untagged())],
  ]
  for (const [name, target, ask] of implicit)
    test(`still waits after ${name} that leaves the tag out, by anybody`, async () => {
      for (const caller of [nurse, doctor]) {
        const { status } = await world.ask(caller, target, ask)
        assert.ok(status === 200 || status === 422, String(status))
        assert.equal(await isWaiting(), true)
      }
    })

  test('still waits when it comes back after it was deleted', async () => {
    assert.equal((await world.ask(doctor, 'Observation/a-waiting', { method: 'DELETE' })).status, 204)
    const reply = await world.ask(doctor, 'Observation/a-waiting', put(untagged()))
    assert.equal(reply.status, 201)
    assert.equal(await isWaiting(), true)
    const patient = await world.as('patient-a', 'patient/*.rs', 'a')
    assert.equal((await world.ask(patient, 'Observation/a-waiting')).status, 404)
  })

  test('is not released within a batch or a transaction, and then nothing else of that is stored', async () => {
    const remove = entry('POST', 'Observation/a-waiting/$meta-delete', metaOf({ tag: [tag] }))
    const update = entry('PUT', 'Patient/a', { resourceType: 'Patient', id: 'a', gender: 'other' })
    const reply = await world.ask(nurse, '', bundle('transaction', update, remove))
    assert.equal(reply.status, 403)
    assert.match(reply.body, /"Bundle\.entry\[1\]/)
    assert.equal((await world.repository.read('Patient', 'a'))?.version, '1')
    assert.deepEqual(statusesIn((await world.ask(nurse, '', bundle('batch', remove))).body), [403])
    assert.equal(await isWaiting(), true)
    assert.deepEqual(
      statusesIn((await world.ask(doctor, '', bundle('transaction', update, remove))).body),
      [200, 200],
    )
    assert.equal(await isWaiting(), false)
  })

  test('two entries of a transaction about its tag and its content are two about one resource', async () => {
    const remove = entry('POST', 'Observation/a-waiting/$meta-delete', metaOf({ tag: [tag] }))
    const update = entry('PUT', 'Observation/a-waiting', untagged())
    assert.equal((await world.ask(doctor, '', bundle('transaction', update, remove))).status, 400)
    assert.equal(await isWaiting(), true)
  })

  test('is not released by who has put their own name to it first', async () => {
    const mine = { ...untagged(), performer: [{ reference: 'Practitioner/nurse' }] }
    assert.equal((await world.ask(nurse, 'Observation/a-waiting', put(mine))).status, 200)
    assert.equal((await world.ask(nurse, 'Observation/a-waiting/$meta-delete', untagging)).status, 403)
    assert.equal(await isWaiting(), true)
  })

  test('nor by who has put it to the request that it is based on, or made one of their own', async () => {
    const request = (id: string, requester: string) => ({
      resourceType: 'ServiceRequest',
      id,
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/a' },
      requester: { reference: requester },
    })
    const based = { ...waiting('a'), id: 'a-based', basedOn: [{ reference: 'ServiceRequest/ordered' }] }
    await world.repository.putAll([request('ordered', 'Practitioner/doctor'), based])
    const target = 'Observation/a-based/$meta-delete'
    const seize = put(request('ordered', 'Practitioner/nurse'))
    assert.equal((await world.ask(nurse, 'ServiceRequest/ordered', seize)).status, 200)
    assert.equal((await world.ask(nurse, target, untagging)).status, 403)
    await world.repository.putAll([request('own', 'Practitioner/nurse')])
    const { meta: _meta, ...moved } = { ...based, basedOn: [{ reference: 'ServiceRequest/own' }] }
    assert.equal((await world.ask(nurse, 'Observation/a-based', put(moved))).status, 200)
    assert.equal((await world.ask(nurse, target, untagging)).status, 403)
  })

  test('is not made to wait again by anybody else either', async () => {
    await world.ask(doctor, 'Observation/a-waiting/$meta-delete', untagging)
    const again: readonly (readonly [string, Ask])[] = [
      ['Observation/a-waiting/$meta-add', removing({ tag: [tag] })],
      ['Observation/a-waiting', put(waiting('a'))],
      ['Observation/a-waiting', jsonPatch({ op: 'add', path: '/meta/tag', value: [tag] })],
    ]
    for (const [target, ask] of again) assert.equal((await world.ask(nurse, target, ask)).status, 403)
    assert.equal(await isWaiting(), false)
    assert.equal(
      (await world.ask(doctor, 'Observation/a-waiting/$meta-add', removing({ tag: [tag] }))).status,
      200,
    )
    assert.equal(await isWaiting(), true)
  })

  test('is released by an app that acts for itself only where the policy names such apps', async () => {
    const app = { ...callerWith('system/*.cruds', { patient: null }) }
    const { user: _user, ...alone } = app
    const ask = () => world.ask(alone, 'Observation/a-waiting/$meta-delete', untagging)
    assert.equal((await ask()).status, 403)
    const policy = await sandboxPolicy()
    world.decree({ ...policy, release: { ...policy.release, by: ['system'] } })
    assert.equal((await ask()).status, 200)
  })

  test('comes in with its tag by whoever creates it', async () => {
    const { id: _id, ...body } = waiting('a')
    assert.equal((await world.ask(nurse, 'Observation', { method: 'POST', body })).status, 201)
  })
})

describe('security labels', () => {
  test('stay on what is updated, and are taken off by those alone whom the policy names', async () => {
    const stored = await world.repository.read('Condition', 'a-psychiatric')
    const { meta: _meta, ...body } = stored?.resource ?? { resourceType: 'Condition' }
    assert.equal((await world.ask(doctor, 'Condition/a-psychiatric', put(body))).status, 200)
    assert.deepEqual((await metaNow('Condition', 'a-psychiatric'))?.security, [label])
    const own = await world.as('patient-a', 'patient/*.cruds', 'a')
    const policy = await sandboxPolicy()
    world.decree({ ...policy, labels: { by: [] } })
    for (const caller of [own, doctor])
      for (const [target, ask] of [
        ['Condition/a-psychiatric/$meta-delete', removing({ security: [label] })],
        ['Condition/a-psychiatric', jsonPatch({ op: 'remove', path: '/meta/security/0' })],
      ] as const) {
        const reply = await world.ask(caller, target, ask)
        assert.equal(reply.status, 403, target)
        if (caller === doctor) assert.match(reply.body, /decides on who sees the resource/)
      }
    assert.equal((await metaNow('Condition', 'a-psychiatric'))?.versionId, '1')
    world.decree({ ...policy, labels: { by: ['clinician'] } })
    assert.equal(
      (await world.ask(own, 'Condition/a-psychiatric/$meta-delete', removing({ security: [label] }))).status,
      403,
    )
    assert.equal(
      (await world.ask(doctor, 'Condition/a-psychiatric/$meta-delete', removing({ security: [label] })))
        .status,
      200,
    )
    assert.equal((await metaNow('Condition', 'a-psychiatric'))?.security, undefined)
  })

  test('of what is withheld are neither changed nor told of', async () => {
    for (const name of ['$meta-add', '$meta-delete'])
      for (const meta of [{ security: [label] }, { tag: [plain] }]) {
        const hidden = await world.ask(nurse, `Condition/a-psychiatric/${name}`, removing(meta))
        const absent = await world.ask(nurse, `Condition/a-nothing/${name}`, removing(meta))
        assert.equal(hidden.status, 404)
        assert.equal(hidden.body.replaceAll('a-psychiatric', 'a-nothing'), absent.body)
      }
    // Whoever may not see a label may not hide things behind it either.
    assert.equal(
      (await world.ask(nurse, 'Observation/a-lab/$meta-add', removing({ security: [label] }))).status,
      403,
    )
  })

  test('that an update kept are not shown to a writer who may not read', async () => {
    const writer = await world.as('doctor', 'user/Condition.u')
    const body = { resourceType: 'Condition', id: 'a-psychiatric', subject: { reference: 'Patient/a' } }
    const reply = await world.ask(writer, 'Condition/a-psychiatric', put(body))
    assert.equal(reply.status, 200)
    assert.doesNotMatch(reply.body, /PSY/)
    const added = await world.ask(writer, 'Condition/a-psychiatric/$meta-add', removing({ tag: [plain] }))
    assert.equal(added.status, 200)
    assert.doesNotMatch(added.body, /PSY/)
  })
})

describe('$meta-add and $meta-delete', () => {
  test('change profiles, tags and labels as sets, and nothing else, as versions of their own', async () => {
    const before = await world.repository.read('Observation', 'a-lab')
    const meta = { profile: ['urn:p'], tag: [plain, { ...plain, display: 'again' }], security: [label] }
    const reply = await world.ask(doctor, 'Observation/a-lab/$meta-add', removing(meta))
    assert.equal(reply.status, 200, reply.body)
    assert.equal(reply.headers.etag, 'W/"2"')
    const [returned] = JSON.parse(reply.body).parameter
    assert.deepEqual(returned.valueMeta.tag, [{ ...plain, display: 'again' }])
    const { meta: now, ...rest } = (await world.repository.read('Observation', 'a-lab'))?.resource ?? {}
    const { meta: _then, ...content } = before?.resource ?? {}
    assert.deepEqual(rest, content)
    assert.deepEqual(now, returned.valueMeta)
    const twice = await world.ask(doctor, 'Observation/a-lab/$meta-add', removing({ tag: [plain] }))
    assert.equal(twice.status, 200)
    const off = await world.ask(
      doctor,
      'Observation/a-lab/$meta-delete',
      removing({ tag: [plain], profile: ['urn:p', 'urn:none'] }),
    )
    const [left] = JSON.parse(off.body).parameter
    assert.deepEqual(
      [left.valueMeta.profile, left.valueMeta.tag, left.valueMeta.security],
      [undefined, undefined, [label]],
    )
  })

  test('need the letter u, the version that is named, POST, and a Meta with something in it', async () => {
    const target = 'Observation/a-lab/$meta-add'
    const ask = removing({ tag: [plain] })
    const reader = await world.as('doctor', 'user/*.crds')
    assert.equal((await world.ask(reader, target, ask)).status, 403)
    assert.equal((await world.ask(doctor, target, { ...ask, headers: { 'if-match': 'W/"7"' } })).status, 412)
    assert.equal((await world.ask(doctor, target)).status, 405)
    for (const meta of [{}, { tag: [] }, { tag: 'x' }, { tag: [null] }, { profile: [{}] }, { tag: ['x'] }]) {
      const reply = await world.ask(doctor, target, removing(meta))
      assert.equal(reply.status, 400, JSON.stringify(meta))
      assert.match(reply.body, /meta: expected a Meta/)
    }
    assert.equal((await world.ask(doctor, target, removing({ tag: [{ code: 7 }] }))).status, 422)
    for (const place of ['$meta-add', 'Observation/$meta-add', 'Observation/a-lab/_history/1/$meta-add'])
      assert.ok((await world.ask(doctor, place, ask)).status >= 400, place)
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
    assert.deepEqual(world.faults, [])
  })

  test('reach no other patient, no slice that is not granted, and no audit event', async () => {
    const ask = removing({ tag: [plain] })
    const app = callerWith('patient/Observation.cruds?category=laboratory')
    for (const id of ['b-lab', 'a-vital', 'nothing'])
      assert.equal((await world.ask(app, `Observation/${id}/$meta-add`, ask)).status, 404, id)
    const [event] = await world.trail()
    assert.ok(event)
    const trailed = await world.ask(doctor, `AuditEvent/${event.seq}/$meta-add`, ask)
    assert.equal(trailed.status, 403)
  })
})
