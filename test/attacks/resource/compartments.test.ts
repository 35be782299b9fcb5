/** Another patient’s data, through every type and every parameter of the patient compartment. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { memberBy, members } from './members.ts'
import { callerWith, createWorld, found, type World } from './world.ts'

const attacker = callerWith('patient/*.cruds')
const owner = callerWith('patient/*.cruds', { patient: 'b' })

let world: World

before(async () => {
  world = await createWorld()
  await world.repository.putAll(members.map(({ type, path, id }) => memberBy(type, path, 'b', id)))
})

test('the definition has all its types: none is forgotten here', () => {
  assert.ok(new Set(members.map(({ type }) => type)).size >= 60)
})

for (const { type, path, id } of members) {
  const place = `${type}.${path.join('.')}`

  test(`SCOPE-20: ${place} of another patient is not read, its owner reads it`, async () => {
    const hidden = await world.ask(attacker, `${type}/${id}`)
    const absent = await world.ask(attacker, `${type}/none`)
    assert.equal(hidden.status, 404)
    assert.deepEqual(hidden.headers, absent.headers)
    assert.equal(hidden.body.replaceAll(id, 'none'), absent.body)
    assert.equal((await world.ask(owner, `${type}/${id}`)).status, 200)
  })

  test(`SCOPE-20: ${place} of another patient is not found, its owner finds it`, async () => {
    const reply = await world.ask(attacker, `${type}?_id=${id}`)
    assert.deepEqual(found(reply), { entries: [], total: 0 })
    assert.equal('entry' in JSON.parse(reply.body), false)
    assert.deepEqual(found(await world.ask(owner, `${type}?_id=${id}`)).entries, [`${type}/${id}`])
  })

  test(`SCOPE-20: ${place} lets nobody write into another patient’s record, or over it`, async () => {
    const versions = (await world.repository.history(type, id)).length
    const created = await world.ask(attacker, type, { method: 'POST', body: memberBy(type, path, 'b', 'x') })
    assert.equal(created.status, 403)
    const replaced = await world.ask(attacker, `${type}/${id}`, {
      method: 'PUT',
      body: memberBy(type, path, 'a', id),
    })
    assert.equal(replaced.status, 404)
    assert.equal((await world.repository.history(type, id)).length, versions)
  })
}

for (const type of ['Group', 'List', 'Basic', 'Practitioner', 'Subscription', 'Parameters', 'Binary'])
  test(`SCOPE-20: a ${type} outside of every compartment cannot be written with patient scopes`, async () => {
    const reply = await world.ask(attacker, type, { method: 'POST', body: { resourceType: type } })
    assert.equal(reply.status, 403)
  })

for (const type of ['Binary', 'Subscription', 'Bundle', 'Parameters'])
  test(`SCOPE-20, RSRC-11: a ${type} that is in nobody’s record stays hidden from patient scopes`, async () => {
    await world.repository.putAll([{ resourceType: type, id: 'loose' }])
    assert.notEqual((await world.ask(attacker, `${type}/loose`)).status, 200)
  })

test('SCOPE-20: a search in a record stays in it, also of whoever may see every record', async () => {
  const clinician = callerWith('user/*.rs', { patient: null })
  for (const patient of ['a', 'b'])
    for (const place of [`Patient/${patient}/Observation?_count=1000`, `Patient/${patient}/*?_count=1000`]) {
      const { entries } = found(await world.ask(clinician, place))
      const other = patient === 'a' ? 'b' : 'a'
      assert.ok(entries.includes(`Observation/${patient}-lab`), place)
      assert.ok(!entries.includes(`Observation/${other}-lab`), place)
    }
  assert.deepEqual(found(await world.ask(attacker, 'Patient/b/Observation')).entries, [])
})
