/** What a person decided before, and attempts to have it count for more, for longer, or for somebody else. CONS-01, AUTHZ-25; ADR 0029. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, basic, type Page, redeem } from './visit.ts'
import {
  confidentialApp,
  createWorld,
  DAY,
  otherApp,
  publicApp,
  secret,
  users,
  type World,
  type WorldOptions,
} from './world.ts'

const client_id = confidentialApp.id
const condition = 'patient/Condition.rs'
const observation = 'patient/Observation.rs'
const scope = `launch/patient ${condition} ${observation}`
const laboratory = `${observation}?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory`
const trusted = { ...otherApp, id: 'trusted-app', preApproved: true }
const secondApp = { ...confidentialApp, id: 'second-app' }

/** A world in which Amara has allowed the confidential app the scope above, or less. */
async function decided(options: WorldOptions = {}, boxes?: Parameters<Page['send']>[0]) {
  const world = await createWorld({
    clients: [publicApp, confidentialApp, otherApp, secondApp, trusted],
    ...options,
  })
  const page = await new Browser(world, users.patient).open({ client_id, scope })
  assert.notEqual((await (boxes ? page.send(boxes) : page.allow())).code, '')
  return world
}

function again(world: World, changes: Record<string, string> = {}, user: keyof typeof users = 'patient') {
  return new Browser(world, users[user]).open({ client_id, scope, ...changes })
}

function isAsked(page: Page): boolean {
  return page.reply.status === 200 && page.values('decision').includes('allow')
}

async function scopeOf(world: World, page: Page): Promise<string> {
  const headers = basic(client_id, secret)
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/token',
    headers,
    form: [
      ['grant_type', 'authorization_code'],
      ['code', page.code],
      ['redirect_uri', 'https://app.example/callback'],
      ['code_verifier', 'the-verifier-of-these-tests-has-more-than-43-characters'],
    ],
  })
  return JSON.parse(reply.body).scope
}

test('CONS-01: a decision about an app that authenticates counts again, and no further than it went', async () => {
  const world = await decided({}, [
    ['scope', 'launch/patient'],
    ['part', laboratory],
    ['decision', 'allow'],
  ])
  const page = await again(world)
  assert.notEqual(page.code, '')
  assert.equal(await scopeOf(world, page), `launch/patient ${laboratory}`)
  const less = await again(world, { scope: 'launch/patient patient/Observation.r' })
  assert.equal(await scopeOf(world, less), `launch/patient ${laboratory.replace('.rs', '.r')}`)
  const silent = await again(world, { prompt: 'none' })
  assert.notEqual(silent.code, '')
})

test('TOK-16: what was allowed by itself and as a part of all is told once, as the first time', async () => {
  const world = await createWorld()
  const asked = `launch/patient patient/*.rs ${observation}`
  const page = await new Browser(world, users.patient).open({ client_id, scope: asked })
  const first = await page.send([
    ['scope', 'launch/patient'],
    ['part', 'patient/Immunization.rs'],
    ['scope', observation],
    ['decision', 'allow'],
  ])
  assert.equal(await scopeOf(world, first), `launch/patient patient/Immunization.rs ${observation}`)
  const told = (await scopeOf(world, await again(world, { scope: asked }))).split(' ')
  assert.deepEqual(told, [...new Set(told)])
})

test('CONS-01: who is asked for only what they declined is asked again', async () => {
  const world = await decided({}, [
    ['scope', condition],
    ['decision', 'allow'],
  ])
  assert.ok(isAsked(await again(world, { scope: observation })))
})

for (const [what, change] of [
  ['another class', { scope: `${scope} patient/Immunization.rs` }],
  ['more letters', { scope: `launch/patient ${condition} patient/Observation.cruds` }],
  ['all classes', { scope: 'launch/patient patient/*.rs' }],
  ['offline access', { scope: `${scope} offline_access` }],
  ['another level', { scope: 'user/Condition.rs' }],
  ['the page itself', { prompt: 'consent' }],
] as const) {
  test(`AUTHZ-25: an app that asks for ${what} is not let through by an earlier decision`, async () => {
    const world = await decided()
    assert.ok(isAsked(await again(world, change)))
    if ('scope' in change) {
      const silent = await again(world, { ...change, prompt: 'none' })
      assert.equal(silent.answer.get('error'), 'consent_required')
    }
  })
}

test('CONS-01: a public app is asked about each time, with what was decided ticked', async () => {
  const world = await createWorld()
  const open = (prompt?: string) =>
    new Browser(world, users.patient).open({ scope, ...(prompt && { prompt }) })
  const first = await open()
  await first.send([
    ['scope', 'launch/patient'],
    ['scope', condition],
    ['part', laboratory],
    ['decision', 'allow'],
  ])
  const second = await open()
  assert.ok(isAsked(second))
  const isTicked = (value: string) =>
    second.reply.body.includes(`value="${value.replaceAll('/', '&#47;')}" checked`) ||
    second.reply.body.includes(`value="${value}" checked`)
  assert.ok(isTicked(condition))
  assert.ok(!isTicked(observation))
  assert.match(second.reply.body, /<details class="consent-parts" open>/)
  assert.equal((await open('none')).answer.get('error'), 'consent_required')
})

test('CONS-01: of public apps only one that an administrator approved is let through', async () => {
  for (const [id, passes] of [
    [trusted.id, true],
    [otherApp.id, false],
  ] as const) {
    const world = await decided()
    const open = () => new Browser(world, users.patient).open({ client_id: id, scope })
    const first = await open()
    assert.ok(isAsked(first), id)
    await first.allow()
    assert.equal((await open()).code !== '', passes, id)
  }
})

test('a decision counts for nobody else, for no other app, and on no other record', async () => {
  const world = await decided()
  assert.ok(isAsked(await again(world, { client_id: secondApp.id })))
  const parent = () => new Browser(world, users.parent).open({ client_id, scope })
  const picker = await parent()
  const page = await picker.send([['patient', 'diego']])
  const consent = await page.browser.visit(page.reply.headers.location ?? page.url)
  assert.ok(isAsked(consent))
  await consent.allow()
  const other = await (await parent()).send([['patient', 'lucia']])
  assert.equal(other.code, '')
  assert.ok(isAsked(other))
  const same = await (await parent()).send([['patient', 'diego']])
  assert.notEqual(same.code, '')
})

test('a decision of a standalone launch does not count for a launch from the EHR', async () => {
  const world = await decided()
  const launch = await world.launch(users.patient, { patient: 'amara' }, client_id)
  const page = await again(world, { launch, scope: `launch ${scope}` })
  assert.ok(isAsked(page))
})

test('a decision of one kind of launch does not count for the other, though both ask for the same', async () => {
  const world = await decided()
  const launched = async () =>
    again(world, { launch: await world.launch(users.patient, { patient: 'amara' }, client_id) })
  const first = await launched()
  assert.ok(isAsked(first))
  await first.allow()
  assert.notEqual((await launched()).code, '')
  await world.rememberedConsents.forget(users.patient.id, client_id)
  await (await launched()).allow()
  assert.ok(isAsked(await again(world)))
})

for (const [what, change] of [
  ['has another name', { name: 'Clinic Tools Pro' }],
  ['is somewhere else', { redirectUris: ['https://app.example/callback', 'https://evil.example/'] }],
  ['may ask for more', { scope: `${confidentialApp.scope} user/*.cruds` }],
  ['proves itself in another way', { authMethod: 'client_secret_post' }],
] as const) {
  test(`an app that ${what} than when it was decided about is asked about again`, async () => {
    const world = await decided()
    await world.clients.change(confidentialApp.id, () => ({ ...confidentialApp, ...change }))
    assert.ok(isAsked(await again(world)))
  })
}

test('an app that was disabled gets nothing by an earlier decision', async () => {
  const world = await decided()
  await world.clients.change(confidentialApp.id, () => ({ ...confidentialApp, disabled: true }))
  const page = await again(world)
  assert.equal(page.code, '')
  assert.ok(!isAsked(page))
})

test('a decision ends with its time, and a site may remember none', async () => {
  const world = await decided({ rememberFor: 10 * DAY })
  world.pass(10 * DAY - 1)
  assert.notEqual((await again(world)).code, '')
  world.pass(1)
  assert.ok(isAsked(await again(world)))
  await world.authorization.sweep()
  assert.deepEqual(await world.rememberedConsents.listOf(users.patient.id, 0), [])
  const shorter = await decided({ rememberFor: 10 * DAY })
  shorter.pass(5 * DAY)
  const { app } = await shorter.restart({ rememberFor: 5 * DAY })
  assert.ok(isAsked(await again({ ...shorter, app })))
  const forgetful = await decided({ rememberFor: 0 })
  assert.ok(isAsked(await again(forgetful)))
  assert.deepEqual(await forgetful.rememberedConsents.listOf(users.patient.id, 0), [])
})

test('DISC-27: access that is taken back is forgotten, by its owner alone and not from elsewhere', async () => {
  const world = await decided()
  const path = '/account/apps'
  await (await new Browser(world, users.parent).visit(path)).send([['client', client_id]])
  await (await new Browser(world, users.patient).visit(path)).send([['client', client_id]], 'forged')
  assert.notEqual((await again(world)).code, '')
  await (await new Browser(world, users.patient).visit(path)).send([['client', client_id]])
  assert.ok(isAsked(await again(world)))
})

test('declining decides nothing for the next time', async () => {
  const world = await createWorld()
  const page = await again(world)
  assert.equal((await page.send([['decision', 'deny']])).answer.get('error'), 'access_denied')
  assert.deepEqual(await world.rememberedConsents.listOf(users.patient.id, 0), [])
  assert.ok(isAsked(await again(world)))
})

test('a code that comes of a decision is redeemed like any other, by its own app only', async () => {
  const world = await decided()
  const page = await again(world)
  assert.equal((await redeem(world, page.code)).status, 400)
})
