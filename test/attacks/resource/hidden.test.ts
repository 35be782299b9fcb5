/** Is it hidden or is it absent? Nothing in the answer may tell. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { attempts } from './attempts.ts'
import { observation } from './records.ts'
import { callerWith, createWorld, found, type World } from './world.ts'

let world: World

before(async () => {
  world = await createWorld()
})

for (const [name, target, ask] of attempts)
  test(`RSRC-03: ${name} answers the same for a hidden resource and for none`, async () => {
    const caller = callerWith('patient/*.cruds')
    const hidden = await world.ask(caller, target('b-lab'), ask?.('b-lab'))
    const absent = await world.ask(caller, target('zzzzz'), ask?.('zzzzz'))
    assert.equal(hidden.status, absent.status)
    assert.deepEqual(hidden.headers, absent.headers)
    assert.equal(hidden.body.replaceAll('b-lab', 'zzzzz'), absent.body)
    assert.equal((await world.repository.read('Observation', 'b-lab'))?.version, '1')
    assert.equal(await world.repository.read('Observation', 'zzzzz'), undefined)
  })

test('only the audit trail knows the difference', async () => {
  const quiet = await createWorld()
  const caller = callerWith('patient/*.rs')
  await quiet.ask(caller, 'Observation/b-lab')
  await quiet.ask(caller, 'Observation/zzzzz')
  assert.deepEqual(
    (await quiet.trail()).map(({ event }) => [event.outcome, event.kind === 'fhir-access' && event.patients]),
    [
      ['refused', ['b']],
      ['failed', []],
    ],
  )
})

test('RSRC-03: vread judges the current version too: what left the record takes its past along', async () => {
  await world.repository.update(observation('moved', 'a', 'laboratory'))
  await world.repository.update(observation('moved', 'b', 'laboratory'))
  const [giver, taker] = [callerWith('patient/*.rs'), callerWith('patient/*.rs', { patient: 'b' })]
  assert.equal((await world.ask(giver, 'Observation/moved/_history/1')).status, 404)
  assert.equal((await world.ask(taker, 'Observation/moved/_history/1')).status, 404)
  assert.equal((await world.ask(taker, 'Observation/moved/_history/2')).status, 200)
})

test('RSRC-03: that something was deleted is told to those only who might have seen it', async () => {
  await world.repository.update(observation('gone', 'b', 'laboratory'))
  await world.repository.delete('Observation', 'gone')
  const stranger = callerWith('patient/*.cruds')
  for (const suffix of ['', '/_history/1', '/_history/2', '/_history/3', '/_history'])
    for (const method of ['GET', 'HEAD', ...(suffix === '' ? ['DELETE'] : [])]) {
      const gone = await world.ask(stranger, `Observation/gone${suffix}`, { method })
      const never = await world.ask(stranger, `Observation/zzzz${suffix}`, { method })
      assert.equal(gone.body.replaceAll('gone', 'zzzz'), never.body)
      assert.deepEqual([gone.status, gone.headers], [404, never.headers])
    }
  const clinician = callerWith('user/*.rs', { patient: null })
  const statuses = await Promise.all(
    ['', '/_history/1', '/_history/2', '/_history/3', '/_history'].map(
      async (suffix) => (await world.ask(clinician, `Observation/gone${suffix}`)).status,
    ),
  )
  assert.deepEqual(statuses, [410, 200, 410, 404, 200])
})

test('a reference to what is hidden stays a reference, and its target is not included', async () => {
  const caller = callerWith('patient/*.rs')
  const report = await world.ask(caller, 'DiagnosticReport/a-report')
  assert.match(report.body, /Observation\/b-lab/)
  const reply = await world.ask(caller, 'DiagnosticReport?_include=DiagnosticReport:result')
  assert.deepEqual(found(reply).entries, ['DiagnosticReport/a-report', 'Observation/a-lab'])
  assert.doesNotMatch(reply.body, /secret of b/)
})

test('another patient’s report that points to one’s own result is not reverse-included', async () => {
  const reply = await world.ask(
    callerWith('patient/*.rs'),
    'Observation?_id=a-lab&_revinclude=DiagnosticReport:result',
  )
  assert.deepEqual(found(reply).entries, ['Observation/a-lab', 'DiagnosticReport/a-report'])
})

for (const parameter of ['patient', 'subject'])
  for (const value of ['b', 'Patient/b', 'https://ehr.example.org/fhir/Patient/b', 'zz'])
    test(`a search by ${parameter}=${value} is an empty Bundle, like for nobody`, async () => {
      const reply = await world.ask(callerWith('patient/*.rs'), `Observation?${parameter}=${value}`)
      assert.equal(reply.status, 200)
      assert.equal('entry' in JSON.parse(reply.body), false)
      assert.equal(JSON.parse(reply.body).total, 0)
    })

test('SCOPE-21: a Patient that links to the one in context is in the compartment, by its definition; its record is not', async () => {
  const linked = await createWorld()
  const link = [{ other: { reference: 'Patient/a' }, type: 'seealso' }]
  await linked.repository.update({ resourceType: 'Patient', id: 'b', link })
  const caller = callerWith('patient/*.cruds')
  assert.equal((await linked.ask(caller, 'Patient/b')).status, 200)
  assert.equal((await linked.ask(caller, 'Observation/b-lab')).status, 404)
  const back = {
    resourceType: 'Patient',
    id: 'a',
    link: [{ other: { reference: 'Patient/b' }, type: 'seealso' }],
  }
  assert.equal((await linked.ask(caller, 'Patient/a', { method: 'PUT', body: back })).status, 403)
})
