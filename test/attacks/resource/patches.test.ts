/** Changing by parts what may not be changed as a whole, and asking by a patch what may not be read. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { observation } from './records.ts'
import { type Ask, base, callerWith, createWorld, type World } from './world.ts'

const attacker = callerWith('patient/*.cruds')
const clinician = callerWith('user/*.cruds', { patient: null })

let world: World

beforeEach(async () => {
  world = await createWorld()
})

function jsonPatch(...operations: object[]): Ask {
  return { method: 'PATCH', body: JSON.stringify(operations), contentType: 'application/json-patch+json' }
}

function pathPatch(type: string, path: string, ...more: object[]): Ask {
  const part = [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more]
  return { method: 'PATCH', body: { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] } }
}

const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })
const text = (value: string) => ({ name: 'value', valueString: value })

async function isUntouched(id = 'a-lab') {
  assert.equal((await world.repository.read('Observation', id))?.version, '1')
}

describe('SCOPE-20, AMB-25: a patch is judged as it was and as it will be', () => {
  const moves: [string, Ask][] = [
    ['to another patient', jsonPatch(replace('/subject/reference', 'Patient/b'))],
    [
      'to another patient by the whole address',
      jsonPatch(replace('/subject/reference', `${base}/Patient/b`)),
    ],
    [
      'into another record beside one’s own',
      jsonPatch({ op: 'add', path: '/performer', value: [{ reference: 'Patient/b' }] }),
    ],
    ['out of every record', jsonPatch({ op: 'remove', path: '/subject' })],
    [
      'to another patient by a FHIRPath',
      pathPatch('replace', 'Observation.subject.reference', text('Patient/b')),
    ],
  ]
  for (const [name, ask] of moves)
    test(`nothing is moved ${name}`, async () => {
      assert.equal((await world.ask(attacker, 'Observation/a-lab', ask)).status, 403)
      await isUntouched()
    })

  test('nothing is pulled over from another record, and hidden is told like absent', async () => {
    const pull = jsonPatch(replace('/subject/reference', 'Patient/a'))
    const hidden = await world.ask(attacker, 'Observation/b-lab', pull)
    const absent = await world.ask(attacker, 'Observation/zzzzz', pull)
    assert.deepEqual([hidden.status, hidden.headers], [404, absent.headers])
    assert.equal(hidden.body.replaceAll('b-lab', 'zzzzz'), absent.body)
    await isUntouched('b-lab')
  })

  test('nothing leaves a granular scope', async () => {
    const laboratory = callerWith('patient/Observation.ru?category=laboratory')
    const leave = jsonPatch(replace('/category/0/coding/0/code', 'vital-signs'))
    assert.equal((await world.ask(laboratory, 'Observation/a-lab', leave)).status, 403)
    assert.equal((await world.ask(laboratory, 'Observation/a-vital', leave)).status, 404)
    await isUntouched()
  })

  test('type and id stay', async () => {
    for (const operation of [
      replace('/id', 'b-lab'),
      replace('/resourceType', 'Basic'),
      replace('', {}),
      replace('', 7),
    ])
      assert.ok(
        [400, 422].includes((await world.ask(attacker, 'Observation/a-lab', jsonPatch(operation))).status),
      )
    await isUntouched()
    await isUntouched('b-lab')
  })

  test('version and time of change are ours', async () => {
    const reply = await world.ask(attacker, 'Observation/a-lab', jsonPatch(replace('/meta/versionId', '99')))
    assert.deepEqual([reply.status, reply.headers.etag], [200, 'W/"1"'])
  })
})

describe('what a patch tells', () => {
  const writer = callerWith('patient/Observation.u')
  const amend = replace('/status', 'amended')

  test('a writer without the letter r does not see what the patch left alone', async () => {
    const reply = await world.ask(writer, 'Observation/a-lab', jsonPatch(amend))
    assert.deepEqual([reply.status, reply.body], [200, ''])
    const seen = await world.ask(attacker, 'Observation/a-lab', jsonPatch(replace('/status', 'final')))
    assert.match(seen.body, /secret of a/)
  })

  test('a writer whose letter r does not reach the resource does not see it either', async () => {
    const narrow = callerWith('patient/Observation.u patient/Observation.r?category=vital-signs')
    const reply = await world.ask(narrow, 'Observation/a-lab', jsonPatch(amend))
    assert.deepEqual([reply.status, reply.body], [200, ''])
  })

  const questions: [string, Ask][] = [
    ['test', jsonPatch({ op: 'test', path: '/valueString', value: 'secret of a' })],
    [
      'a copy to where it is no value',
      jsonPatch(
        { op: 'add', path: '/contained', value: [{}] },
        { op: 'copy', from: '/valueString', path: '/contained/0/resourceType' },
      ),
    ],
    [
      'a move to where it is no value',
      jsonPatch(
        { op: 'add', path: '/contained', value: [{}] },
        { op: 'move', from: '/valueString', path: '/contained/0/resourceType' },
      ),
    ],
    ['a choice by a member', pathPatch('delete', "Observation.category.where(text = 'x')")],
  ]
  for (const [name, ask] of questions)
    test(`without the letter r nothing is asked by ${name}`, async () => {
      const reply = await world.ask(writer, 'Observation/a-lab', ask)
      assert.equal(reply.status, 403)
      assert.match(reply.headers['www-authenticate'] ?? '', /scope="patient\/Observation.r"/)
      assert.doesNotMatch(reply.body, /secret/)
    })

  test('whether a patch fits is told without what the resource holds', async () => {
    const reply = await world.ask(
      attacker,
      'Observation/a-lab',
      jsonPatch({ op: 'test', path: '/valueString', value: 'x' }),
    )
    assert.equal(reply.status, 422)
    assert.doesNotMatch(reply.body, /secret/)
  })
})

describe('patches that work, and those that are none', () => {
  test('both forms change what they name; the result is validated', async () => {
    const json = await world.ask(clinician, 'Observation/a-lab', jsonPatch(replace('/status', 'amended')))
    assert.deepEqual([json.status, json.headers.etag], [200, 'W/"2"'])
    const path = await world.ask(
      clinician,
      'Observation/a-lab',
      pathPatch('replace', 'Observation.value', text('new')),
    )
    assert.deepEqual([path.status, JSON.parse(path.body).valueString], [200, 'new'])
    const invalid = await world.ask(clinician, 'Observation/a-lab', jsonPatch(replace('/status', 7)))
    assert.equal(invalid.status, 422)
    assert.match(invalid.body, /Observation\.status/)
  })

  test('a stale If-Match is 412, the right one is taken', async () => {
    const ask = { ...jsonPatch(replace('/status', 'amended')), headers: { 'if-match': 'W/"7"' } }
    assert.equal((await world.ask(attacker, 'Observation/a-lab', ask)).status, 412)
    const right = { ...ask, headers: { 'if-match': 'W/"1"' } }
    assert.equal((await world.ask(attacker, 'Observation/a-lab', right)).status, 200)
  })

  const wrong: [string, Ask, number][] = [
    ['merge patch', { method: 'PATCH', body: '{}', contentType: 'application/merge-patch+json' }, 415],
    ['XML', { method: 'PATCH', body: '<x/>', contentType: 'application/fhir+xml' }, 415],
    ['a resource instead', { method: 'PATCH', body: observation('a-lab', 'a', 'laboratory') }, 400],
    ['no JSON', { method: 'PATCH', body: '[', contentType: 'application/json-patch+json' }, 400],
    ['nothing', { method: 'PATCH', body: '', contentType: 'application/json-patch+json' }, 400],
    ['the prototype', jsonPatch({ op: 'add', path: '/__proto__/x', value: 1 }), 400],
  ]
  for (const [name, ask, status] of wrong)
    test(`${name} is ${status}`, async () => {
      assert.equal((await world.ask(attacker, 'Observation/a-lab', ask)).status, status)
      await isUntouched()
    })
})

test('a patch moves no more than one may look at, and a few moves of much are none too many', async () => {
  const extension = Array.from({ length: 4000 }, () => ({ url: 'urn:x', valueString: 'x' }))
  await world.repository.update({ ...observation('a-lab', 'a', 'laboratory'), extension })
  const there = { op: 'move', from: '/extension', path: '/modifierExtension' }
  const back = { op: 'move', from: '/modifierExtension', path: '/extension' }
  const times = (count: number) => jsonPatch(...Array.from({ length: count }, () => [there, back]).flat())
  const refused = await world.ask(clinician, 'Observation/a-lab', times(100))
  assert.equal(refused.status, 422)
  assert.match(refused.body, /moves are of too many elements/)
  assert.equal((await world.ask(clinician, 'Observation/a-lab', times(1))).status, 200)
})
