/**
 * Consents that the server keeps of decisions about apps: nobody changes, ends or makes up one through the API, and nobody
 * passes a patient's own Consent off as one to rid it of its force. CONS-01, SCOPE-04, SCOPE-06, SCOPE-07; ADR 0030.
 */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { createConsents } from '../../../src/server/consents.ts'
import { keptTag } from '../../../src/smart/read-only.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { patient, resourceTexts } from './kept.ts'
import { type Ask, base, callerWith, createWorld, found, type World } from './world.ts'

const anything = callerWith('user/*.cruds system/*.cruds', { patient: null })
const own = callerWith('patient/*.cruds')
const other = callerWith('patient/*.cruds', { patient: 'b' })
const mark = { tag: [keptTag] }

const kept = resourceTexts.decision('kept', 'a')
const privacy = resourceTexts.denial('privacy', 'a')

let world: World

beforeEach(async () => {
  world = await createWorld([patient('a'), patient('b'), kept, privacy])
})

const patchOf = (operations: object[]): Ask => ({
  method: 'PATCH',
  body: JSON.stringify(operations),
  contentType: 'application/json-patch+json',
})
const pathPatch = (...parts: object[]): Ask => ({
  method: 'PATCH',
  body: { resourceType: 'Parameters', parameter: [{ name: 'operation', part: parts }] },
})
const addTag = [{ op: 'add', path: '/meta', value: mark }]
const withStatus = (resource: Resource, status: string) => ({ ...resource, status })
const entry = (method: string, url: string, resource?: object) => ({
  ...(resource && { resource }),
  request: { method, url },
})
const bundle = (type: string, ...entries: object[]): Ask => ({
  method: 'POST',
  body: { resourceType: 'Bundle', type, entry: entries },
})
const { meta: _mark, ...unmarked } = kept
const withoutMark = { ...unmarked, meta: {} }
const marked = { ...privacy, meta: mark }

const attempts: readonly (readonly [string, string, Ask])[] = [
  ['ending it', 'Consent/kept', { method: 'PUT', body: withStatus(kept, 'inactive') }],
  ['taking its mark off', 'Consent/kept', { method: 'PUT', body: withoutMark }],
  [
    'giving it to somebody else',
    'Consent/kept',
    { method: 'PUT', body: resourceTexts.decision('kept', 'b') },
  ],
  ['widening it by a patch', 'Consent/kept', patchOf([{ op: 'remove', path: '/provision/class' }])],
  ['taking its mark off by a patch', 'Consent/kept', patchOf([{ op: 'remove', path: '/meta/tag' }])],
  [
    'ending it by a FHIRPath patch',
    'Consent/kept',
    pathPatch(
      { name: 'type', valueCode: 'replace' },
      { name: 'path', valueString: 'Consent.status' },
      { name: 'value', valueCode: 'rejected' },
    ),
  ],
  ['deleting it', 'Consent/kept', { method: 'DELETE' }],
  ['deleting it by a condition', 'Consent?_id=kept', { method: 'DELETE' }],
  ['updating it by a condition', 'Consent?_id=kept', { method: 'PUT', body: withoutMark }],
  [
    'patching it by a condition',
    'Consent?_id=kept',
    patchOf([{ op: 'replace', path: '/status', value: 'inactive' }]),
  ],
  ['ending it in a transaction', '', bundle('transaction', entry('DELETE', 'Consent/kept'))],
  [
    'ending it in a transaction with something that is allowed',
    '',
    bundle(
      'transaction',
      entry('PUT', 'Consent/privacy', withStatus(privacy, 'active')),
      entry('PUT', 'Consent/kept', withStatus(kept, 'inactive')),
    ),
  ],
  ['making one up', 'Consent', { method: 'POST', body: { ...kept, id: undefined } }],
  [
    'making one up under an id',
    'Consent/app-made-up',
    { method: 'PUT', body: { ...kept, id: 'app-made-up' } },
  ],
  ['marking a patient’s own Consent', 'Consent/privacy', { method: 'PUT', body: marked }],
  ['marking a patient’s own Consent by a patch', 'Consent/privacy', patchOf(addTag)],
  [
    'marking it beside other tags',
    'Consent/privacy',
    {
      method: 'PUT',
      body: {
        ...privacy,
        meta: {
          tag: [
            { system: 'urn:x', code: 'y' },
            { ...keptTag, display: 'mine' },
          ],
        },
      },
    },
  ],
  ['marking another type', 'Patient/a', { method: 'PUT', body: { ...patient('a'), meta: mark } }],
  [
    'marking a patient’s own Consent in a transaction',
    '',
    bundle('transaction', entry('PUT', 'Consent/privacy', marked)),
  ],
  ['making one up in a transaction', '', bundle('transaction', entry('POST', 'Consent', kept))],
]

async function asItWas(): Promise<void> {
  for (const id of ['kept', 'privacy'])
    assert.equal((await world.repository.read('Consent', id))?.version, '1', id)
  assert.deepEqual(await world.repository.counts(), { Consent: 2, Patient: 2 })
}

describe('whoever may write every Consent is refused, in words', () => {
  for (const [what, target, ask] of attempts)
    for (const [who, caller] of [
      ['a system', anything],
      ['the patient’s app', own],
    ] as const)
      test(`${what}, by ${who}`, async () => {
        const reply = await world.ask(caller, target, ask)
        assert.ok(reply.status === 403 || reply.status === 404, reply.body)
        if (caller === anything) {
          assert.equal(reply.status, 403, reply.body)
          const [issue] = JSON.parse(reply.body).issue
          assert.equal(issue.code, 'forbidden')
          assert.match(JSON.stringify(issue), /kept by this server alone/)
        }
        await asItWas()
      })

  test('each entry of a batch by itself', async () => {
    const reply = await world.ask(
      anything,
      '',
      bundle('batch', entry('DELETE', 'Consent/kept'), entry('PUT', 'Consent/privacy', marked)),
    )
    assert.deepEqual(
      JSON.parse(reply.body).entry.map(({ response }: { response: { status: string } }) =>
        response.status.slice(0, 3),
      ),
      ['403', '403'],
    )
    await asItWas()
  })
})

test('whoever may not know of it is not told that it is kept', async () => {
  const hidden = await world.ask(other, 'Consent/kept', { method: 'DELETE' })
  const absent = await world.ask(other, 'Consent/none', { method: 'DELETE' })
  assert.equal(hidden.status, 404)
  assert.equal(hidden.body.replaceAll('kept', 'none'), absent.body)
})

test('it is read like any Consent: by the patient, not by another, and not without a scope for Consents', async () => {
  assert.equal((await world.ask(own, 'Consent/kept')).status, 200)
  assert.deepEqual(found(await world.ask(own, 'Consent?_tag=urn:chartkey:kept|app-decision')).entries, [
    'Consent/kept',
  ])
  assert.equal((await world.ask(other, 'Consent/kept')).status, 404)
  assert.deepEqual(found(await world.ask(other, 'Consent')).entries, [])
  assert.equal((await world.ask(callerWith('patient/Observation.rs'), 'Consent/kept')).status, 403)
})

test('other Consents are written as before, those with an id of the caller’s choice too', async () => {
  const put = (id: string, body: object) => world.ask(anything, `Consent/${id}`, { method: 'PUT', body })
  assert.equal((await put('privacy', withStatus(privacy, 'inactive'))).status, 200)
  assert.equal((await put('new', resourceTexts.denial('new', 'b'))).status, 201)
  assert.equal((await world.ask(anything, 'Consent/new', { method: 'DELETE' })).status, 204)
})

test('a patient’s own Consent goes on to withhold beside a decision about an app, and near-marks change nothing', async () => {
  const near = [
    { ...keptTag, system: 'urn:chartkey:kept ' },
    { ...keptTag, code: 'APP-DECISION' },
    { ...keptTag, system: 'URN:CHARTKEY:KEPT' },
    { code: keptTag.code },
    { system: keptTag.system },
    { system: 'urn:chartkey', code: 'kept|app-decision' },
  ]
  for (const tag of near) {
    const body = { ...privacy, meta: { tag: [tag] } }
    await world.ask(anything, 'Consent/privacy', { method: 'PUT', body })
    const groups = await createConsents(world.repository, base, () => 0).active()
    assert.deepEqual(
      groups.map(({ rule, patients }) => [rule.kind, patients]),
      [['deny', ['a']]],
      JSON.stringify(tag),
    )
  }
})

test('a contained Consent with the mark is not what it is in, and withholds what its whole withholds', async () => {
  const body = { ...privacy, contained: [{ ...kept, id: 'c' }] }
  await world.ask(anything, 'Consent/privacy', { method: 'PUT', body })
  const groups = await createConsents(world.repository, base, () => 0).active()
  assert.deepEqual(
    groups.map(({ patients }) => patients),
    [['a']],
  )
})
