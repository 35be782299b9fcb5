/** A clock that is set back: what was remembered for half a second is not believed for as long as the clock was ahead. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPolicyWorld } from './policy-world.ts'

const HOUR = 60 * 60 * 1000

test('a clock that is set back keeps nothing believed: what a patient denies then counts within a second', async () => {
  const world = await createPolicyWorld()
  const sees = async () =>
    (await world.ask(await world.as('nurse', 'user/Observation.rs'), 'Observation/a-lab')).status
  assert.equal(await sees(), 200)
  world.clock.now -= HOUR
  assert.equal(await sees(), 200)
  await world.repository.update({
    resourceType: 'Consent',
    id: 'wish',
    status: 'active',
    patient: { reference: 'Patient/a' },
    provision: { type: 'deny' },
  })
  world.wait()
  assert.equal(await sees(), 404)
})
