/** Attempts with EHR launch handles. LNCH-06, AMB-06, CTX-08, CTX-09. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, redeem } from './visit.ts'
import { baseUrl, createWorld, MINUTE, otherApp, users, type World } from './world.ts'

const scope = 'launch patient/Observation.rs'

async function isStillGood(world: World, launch: string): Promise<boolean> {
  const consent = await new Browser(world, users.doctor).open({ launch, scope })
  const back = await consent.allow()
  return back.code !== '' && (await redeem(world, back.code)).body.patient === 'amara'
}

for (const [what, browserUser, changes] of [
  ['another app', users.doctor, { client_id: otherApp.id }],
  ['another user', users.nurse, {}],
  ['a patient', users.patient, {}],
  ['nobody', undefined, {}],
] as const) {
  test(`LNCH-06: a launch in the hands of ${what} is refused, and still works for whom it was made`, async () => {
    const world = await createWorld()
    const launch = await world.launch(users.doctor, { patient: 'amara' })
    const page = await new Browser(world, browserUser).open({ launch, scope, ...changes })
    assert.equal(page.answer.get('error'), 'invalid_request')
    assert.equal(page.answer.get('state'), 'state-1')
    assert.ok(await isStillGood(world, launch))
  })
}

test('LNCH-06: of two launches in one session each brings its own context, and no other’s, whichever is used first', async () => {
  const world = await createWorld()
  const contexts = [
    { patient: 'amara', intent: 'review' },
    { patient: 'diego', encounter: 'e2', tenant: 'north' },
  ]
  const launches = await Promise.all(contexts.map((context) => world.launch(users.doctor, context)))
  const browser = new Browser(world, users.doctor)
  const pages = []
  for (const launch of launches.toReversed()) pages.unshift(await browser.open({ launch, scope }))
  for (const [at, page] of pages.entries()) {
    const { patient, encounter, intent, tenant } = (await redeem(world, (await page.allow()).code)).body
    const told = Object.entries({ patient, encounter, intent, tenant }).filter(
      ([, value]) => value !== undefined,
    )
    assert.deepEqual(Object.fromEntries(told), contexts[at])
  }
})

test('AMB-06: a launch works once', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  assert.ok(await isStillGood(world, launch))
  const page = await new Browser(world, users.doctor).open({ launch, scope })
  assert.equal(page.answer.get('error'), 'invalid_request')
})

test('AMB-06: two at once get it once', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  const pages = await Promise.all([1, 2].map(() => new Browser(world, users.doctor).open({ launch, scope })))
  assert.deepEqual(pages.map(({ reply }) => reply.status).sort(), [200, 303])
})

for (const [what, launch] of [
  ['unknown', 'never-made'],
  ['endless', 'x'.repeat(10_000)],
  ['an injection', "' OR 1=1 --"],
] as const) {
  test(`AMB-06: a launch that is ${what} is refused`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.doctor).open({ launch, scope })
    assert.equal(page.answer.get('error'), 'invalid_request')
  })
}

test('SEED-30: who names no launch starts by itself, whatever the scope says of one', async () => {
  const world = await createWorld()
  for (const launch of [undefined, '']) {
    const patients = await new Browser(world, users.doctor).open({ launch, scope })
    const consent = await patients.send([['patient', 'diego']])
    const { body } = await redeem(world, (await consent.allow()).code)
    assert.deepEqual([body.patient, body.scope], ['diego', 'patient/Observation.rs'])
  }
})

test('AMB-06: a launch dies after its time', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  world.pass(5 * MINUTE)
  const page = await new Browser(world, users.doctor).open({ launch, scope })
  assert.equal(page.answer.get('error'), 'invalid_request')
})

test('LNCH-06: a launch dies with the session it was made in', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  world.signOut(users.doctor)
  const page = await new Browser(world, users.doctor).open({ launch, scope })
  assert.equal(page.answer.get('error'), 'invalid_request')
})

test('a launch that names a record its user may not open gives no access to it', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'secret' })
  const page = await new Browser(world, users.doctor).open({ launch, scope })
  assert.equal(page.answer.get('error'), 'access_denied')
})

test('CTX-08: a launch without a patient asks for one where a patient/ scope needs it', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, {})
  const page = await new Browser(world, users.doctor).open({ launch, scope })
  assert.deepEqual(page.values('patient'), ['amara', 'diego', 'lucia'])
})

test('CTX-07: in an EHR launch launch/patient is a hint that asks nobody', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, {})
  const page = await new Browser(world, users.doctor).open({
    launch,
    scope: 'launch launch/patient user/Patient.rs',
  })
  const { body } = await redeem(world, (await page.allow()).code)
  assert.equal('patient' in body, false)
})

test("CTX-13: the launch's patient cannot be swapped on a form", async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  const consent = await new Browser(world, users.doctor).open({ launch, scope })
  await consent.send([['patient', 'diego']])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'amara')
})

test('LNCH-06: after a second sign-in that the app asked for, another user cannot go on with the launch', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  const browser = new Browser(world, users.doctor)
  const waiting = await browser.open({ launch, scope, prompt: 'login' })
  const flow = new URL(waiting.reply.headers.location ?? '', baseUrl).searchParams.get('return_to') ?? ''
  const nurse = await new Browser(world, users.nurse).visit(flow)
  assert.equal(nurse.answer.get('error'), 'invalid_request')
})
