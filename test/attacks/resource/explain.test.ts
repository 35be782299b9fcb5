/** Refusals that explain themselves: with the scope that would be enough, and with nothing that may not be known. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Slice } from '../../../src/smart/slice.ts'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, type World } from './world.ts'

const category = 'http://terminology.hl7.org/CodeSystem/observation-category'
const labs = (letters: string) => `patient/Observation.${letters}?category=${category}|laboratory`
const vital = { method: 'POST', body: observation('x', 'a', 'vital-signs') }
const change = (id: string, patient: string, kind: string): Ask => ({
  method: 'PUT',
  body: observation(id, patient, kind, 'amended'),
})

let world: World

before(async () => {
  world = await createWorld()
})

async function refusal(
  scopes: string,
  target: string,
  ask: Ask,
  more: Parameters<typeof callerWith>[1] = {},
) {
  const reply = await world.ask(callerWith(scopes, more), target, ask)
  assert.equal(reply.status, 403, reply.body)
  const challenge = reply.headers['www-authenticate'] ?? ''
  assert.match(challenge, /^Bearer realm="[^"]+", error="insufficient_scope"/)
  const text: string = JSON.parse(reply.body).issue[0].diagnostics
  return { scope: /scope="([^"]+)"/.exec(challenge)?.[1], text }
}

describe('RFC-17, SCOPE-17: content outside of a granular scope', () => {
  test('a create is told the scope that would be enough, and it is', async () => {
    const { scope, text } = await refusal(labs('cruds'), 'Observation', vital)
    assert.equal(scope, 'patient/Observation.c')
    assert.match(text, /The scope patient\/Observation\.c would be enough/)
    assert.equal(
      (await (await createWorld()).ask(callerWith(`${labs('cruds')} ${scope}`), 'Observation', vital)).status,
      201,
    )
  })

  test('so is an update that would leave the filter', async () => {
    const { scope } = await refusal(labs('ru'), 'Observation/a-lab', change('a-lab', 'a', 'vital-signs'))
    assert.equal(scope, 'patient/Observation.u')
  })

  test('a letter that is missing is told with the type, not with the filter', async () => {
    const { scope } = await refusal(labs('rs'), 'Observation/a-lab', change('a-lab', 'a', 'laboratory'))
    assert.equal(scope, 'patient/Observation.u')
  })
})

describe('no scope is promised where none would help', () => {
  const inB = { method: 'POST', body: observation('x', 'b', 'laboratory') }

  test('another patient’s record', async () => {
    assert.equal((await refusal('patient/*.cruds', 'Observation', inB)).scope, undefined)
    assert.equal((await refusal(labs('c'), 'Observation', inB)).scope, undefined)
    const moved = change('a-lab', 'b', 'laboratory')
    assert.equal((await refusal('patient/*.cruds', 'Observation/a-lab', moved)).scope, undefined)
  })

  test('a record that is entered beside one’s own', async () => {
    const both = {
      resourceType: 'Communication',
      status: 'completed',
      subject: { reference: 'Patient/a' },
      recipient: [{ reference: 'Patient/b' }],
    }
    const ask = { method: 'POST', body: both }
    assert.equal(
      (await refusal('patient/Communication.c?status=preparation', 'Communication', ask)).scope,
      undefined,
    )
  })

  test('what the person behind the token may not do, and what a policy withholds', async () => {
    assert.equal((await refusal(labs('c'), 'Observation', vital, { rights: [] })).scope, undefined)
    const withheld: Slice[] = [
      { type: 'Observation', compartments: [], filter: [{ parameter: 'category', value: 'vital-signs' }] },
    ]
    const { scope, text } = await refusal(labs('c'), 'Observation', vital, { withheld })
    assert.equal(scope, undefined)
    assert.doesNotMatch(text, /withh|polic/)
  })
})
