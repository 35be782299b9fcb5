/** People are told from time to time which apps hold offline access, and not worn out. REFR-23. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, Browser, obtain } from './visit.ts'
import { confidentialApp, createWorld, DAY, publicApp, users, type World } from './world.ts'

const { id } = users.patient

/** Amara allows the app offline access; it is refreshed after so many days each. */
async function allowed(world: World, scope = 'launch/patient patient/Condition.rs offline_access') {
  let { refresh_token } = await obtain(world, users.patient, { scope })
  return async (days: number) => {
    world.pass(days * DAY)
    const form = { grant_type: 'refresh_token', refresh_token, client_id: publicApp.id }
    refresh_token = (await ask(world, form)).body.refresh_token
  }
}

test('REFR-23: who allowed offline access is told later, and then not again for thirty days', async () => {
  const world = await createWorld()
  const refreshAfter = await allowed(world)
  const tell = () => world.authorization.offlineReminder(id)
  assert.deepEqual(await tell(), [])
  await refreshAfter(29)
  assert.deepEqual(await tell(), [])
  await refreshAfter(1)
  const answers = await Promise.all([tell(), tell(), tell()])
  assert.deepEqual(answers.flat(), [publicApp.name])
  await refreshAfter(29)
  assert.deepEqual(await tell(), [])
  await refreshAfter(1)
  assert.deepEqual(await tell(), [publicApp.name])
  assert.deepEqual(await world.authorization.offlineReminder(users.parent.id), [])
})

test('REFR-23: nobody is told of access that has ended, by themselves or by its time, or of an app that is disabled', async () => {
  const taken = await createWorld()
  await (await allowed(taken))(30)
  await (await new Browser(taken, users.patient).visit('/account/apps')).send([['client', publicApp.id]])
  assert.deepEqual(await taken.authorization.offlineReminder(id), [])

  const idle = await createWorld()
  await allowed(idle)
  idle.pass(400 * DAY)
  assert.deepEqual(await idle.authorization.offlineReminder(id), [])

  const disabled = await createWorld({ clients: [publicApp, confidentialApp] })
  await (await allowed(disabled))(30)
  await disabled.clients.change(publicApp.id, () => ({ ...publicApp, disabled: true }))
  assert.deepEqual(await disabled.authorization.offlineReminder(id), [])
})
