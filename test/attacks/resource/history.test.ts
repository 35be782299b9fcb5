/** What was is not open because it is past: histories of what is hidden, was moved, or was deleted. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import { observation } from './records.ts'
import { callerWith, createWorld, nextOf, type World } from './world.ts'

const mine = callerWith('patient/*.rs')
const theirs = callerWith('patient/*.rs', { patient: 'b', grantId: 'grant-2' })
const clinician = callerWith('user/*.rs', { patient: null })

let world: World

beforeEach(async () => {
  world = await createWorld()
})

/** `Type/id/version` each, deletions marked. */
async function told(caller: typeof mine, target: string): Promise<string[]> {
  const reply = await world.ask(caller, target)
  assert.equal(reply.status, 200, reply.body)
  const bundle = JSON.parse(reply.body)
  assert.deepEqual(validate(bundle), [])
  return (bundle.entry ?? []).map(
    (entry: { fullUrl: string; request: { method: string }; response: { etag: string } }) => {
      const name = `${entry.fullUrl.split('/').slice(-2).join('/')}/${/\d+/.exec(entry.response.etag)?.[0]}`
      return entry.request.method === 'DELETE' ? `${name} gone` : name
    },
  )
}

const targets = ['Observation/moved/_history', 'Observation/_history', '_history']

describe('SCOPE-05, SCOPE-08, RSRC-03: a record that was moved', () => {
  beforeEach(async () => {
    await world.repository.update(observation('moved', 'a', 'laboratory'))
    await world.repository.update(observation('moved', 'b', 'laboratory'))
  })

  test('its history is gone for whom it left, also in the histories of type and system', async () => {
    assert.equal((await world.ask(mine, 'Observation/moved/_history')).status, 404)
    for (const target of targets.slice(1))
      assert.doesNotMatch((await told(mine, target)).join(), /moved|Observation\/b-/)
  })

  test('whom it came to sees what it is, not what it was', async () => {
    for (const target of targets) {
      const versions = (await told(theirs, target)).filter((one) => one.includes('moved'))
      assert.deepEqual(versions, ['Observation/moved/2'])
    }
  })

  test('whoever may see both sees both', async () => {
    assert.deepEqual(await told(clinician, 'Observation/moved/_history'), [
      'Observation/moved/2',
      'Observation/moved/1',
    ])
  })
})

describe('RSRC-03: a record that was deleted', () => {
  beforeEach(async () => {
    await world.repository.update(observation('gone', 'b', 'laboratory'))
    await world.repository.delete('Observation', 'gone')
  })

  test('that it was deleted is told to whom it was visible', async () => {
    assert.deepEqual(await told(theirs, 'Observation/gone/_history'), [
      'Observation/gone/2 gone',
      'Observation/gone/1',
    ])
    assert.match((await told(theirs, '_history')).join(), /gone/)
  })

  test('and to nobody else', async () => {
    for (const target of ['Observation/_history', '_history', 'Observation/_history?_since=2020'])
      assert.doesNotMatch((await told(mine, target)).join(), /gone|Observation\/b-/)
    const hidden = await world.ask(mine, 'Observation/gone/_history')
    const never = await world.ask(mine, 'Observation/zzzz/_history')
    assert.deepEqual(
      [hidden.status, hidden.headers, hidden.body.replaceAll('gone', 'zzzz')],
      [404, never.headers, never.body],
    )
  })

  test('after it was moved, neither side learns of its end through the other’s time', async () => {
    await world.repository.update(observation('gone', 'a', 'laboratory'))
    const versions = await told(mine, 'Observation/gone/_history')
    assert.deepEqual(versions, ['Observation/gone/3'])
    assert.equal((await world.ask(mine, 'Observation/gone/_history/2')).status, 404)
    assert.equal((await world.ask(mine, 'Observation/gone/_history/1')).status, 404)
    assert.equal((await world.ask(theirs, 'Observation/gone/_history')).status, 404)
  })
})

describe('SCOPE-17: a granular scope holds for every version', () => {
  test('the version of another category is left out; when the current one is, so are all', async () => {
    const laboratory = callerWith('patient/Observation.rs?category=laboratory')
    await world.repository.update(observation('x', 'a', 'vital-signs'))
    await world.repository.update(observation('x', 'a', 'laboratory'))
    assert.deepEqual(await told(laboratory, 'Observation/x/_history'), ['Observation/x/2'])
    assert.doesNotMatch((await told(laboratory, 'Observation/_history')).join(), /vital/)
    await world.repository.update(observation('x', 'a', 'vital-signs'))
    assert.equal((await world.ask(laboratory, 'Observation/x/_history')).status, 404)
    assert.doesNotMatch((await told(laboratory, '_history')).join(), /\/x\//)
  })

  test('AMB-24: a system history has the granted types only, a type history needs its type', async () => {
    const conditions = callerWith('patient/Encounter.s')
    assert.deepEqual(await told(conditions, '_history'), ['Encounter/a-visit/1'])
    assert.equal((await world.ask(conditions, 'Observation/_history')).status, 403)
  })
})

describe('pages of a history', () => {
  test('hidden versions shorten no page and make none', async () => {
    for (let at = 0; at < 30; at++) {
      await world.repository.update(observation(`h${at}`, 'b', 'laboratory'))
      await world.repository.delete('Observation', `h${at}`)
    }
    const seen: string[] = []
    let target: string | undefined = 'Observation/_history?_count=3'
    const sizes: number[] = []
    while (target !== undefined) {
      const page = await told(mine, target)
      sizes.push(page.length)
      seen.push(...page)
      target = nextOf(await world.ask(mine, target))
    }
    assert.deepEqual(sizes, [3, 1])
    assert.equal(new Set(seen).size, 4)
  })

  test('a page link is of no use to another grant, nor at another place', async () => {
    const next = nextOf(await world.ask(mine, 'Observation/_history?_count=1')) ?? ''
    assert.equal((await world.ask(mine, next)).status, 200)
    assert.equal((await world.ask(theirs, next)).status, 404)
    assert.equal((await world.ask(mine, next.replace('Observation/_history', '_history'))).status, 404)
    assert.equal((await world.ask(mine, next.replace('Observation/_history', 'Observation'))).status, 404)
  })

  for (const query of ['_count=0', '_count=x', '_since=yesterday', '_at=2024-13', '_count=-1'])
    test(`«${query}» is refused, not taken for something else`, async () => {
      const reply = await world.ask(mine, `Observation/_history?${query}`)
      assert.deepEqual([reply.status, JSON.parse(reply.body).issue[0].code], [400, 'invalid'])
    })

  test('a time narrows; a parameter that nobody knows is an error only when that is wished', async () => {
    assert.deepEqual(await told(mine, 'Observation/_history?_since=2030-01-01'), [])
    assert.equal((await told(mine, 'Observation/_history?_at=2024-05-01&_sort=x')).length, 4)
    const strict = { headers: { prefer: 'handling=strict' } }
    assert.equal((await world.ask(mine, 'Observation/_history?_sort=x', strict)).status, 400)
  })
})
