/**
 * Decisions about apps as Consents among the records: one for a person, an app and a record, whose versions are what was decided
 * and nothing else, whatever is tried. CONS-01, AUTHZ-25, SCOPE-27; ADR 0030.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { trailRules } from '../../../src/audit/chain.ts'
import { indexing } from '../../../src/resource/search/indexing.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { createAccountChanges } from '../../../src/store/account-changes.ts'
import { createRecording } from '../../../src/store/audit.ts'
import { createGrantList } from '../../../src/store/grant-list.ts'
import { createRecords } from '../../../src/store/records/records.ts'
import { decisionsOver } from '../../fixtures/decisions.ts'
import { ask, Browser, basic, obtain, redeem } from './visit.ts'
import {
  confidentialApp,
  createWorld,
  DAY,
  HOUR,
  publicApp,
  secret,
  sha256,
  users,
  type World,
} from './world.ts'

const condition = 'patient/Condition.rs'
const observation = 'patient/Observation.rs'
const scope = `launch/patient ${condition} ${observation}`
const client_id = confidentialApp.id

/** Every Consent, the oldest first. */
async function consentsOf(world: World): Promise<Resource[]> {
  const rows = await world.sql.all<{ json: string }>(
    "SELECT json FROM resources WHERE type = 'Consent' AND deleted = 0 ORDER BY row",
  )
  return rows.map(({ json }) => JSON.parse(json))
}

/** What every version of the only Consent says, the newest first: its status and its scopes. */
async function historyOf(world: World): Promise<string[][]> {
  const [consent, ...more] = await consentsOf(world)
  assert.deepEqual(more, [])
  const records = createRecords(world.sql, { indexing, now: world.now, newId: randomUUID })
  const history = await records.history('Consent', consent?.id ?? '')
  return history.map(({ resource }) => [String(resource.status), ...scopesIn(resource)])
}

const statuses = async (world: World) => (await consentsOf(world)).map(({ status }) => status)
const scopesIn = (consent: Resource | undefined) =>
  ((consent?.extension ?? []) as { valueString: string }[]).map(({ valueString }) => valueString)

async function decide(world: World, changes: Record<string, string> = {}, scopes?: readonly string[]) {
  const page = await new Browser(world, users.patient).open({ client_id, scope, ...changes })
  return page.allow(scopes)
}

const revoke = (world: World, token: string, headers: Record<string, string> = {}) =>
  world.app.inject({
    method: 'POST',
    url: '/oauth/revoke',
    headers,
    form: [['token', token], ...(headers.authorization ? [] : [['client_id', publicApp.id] as const])],
  })

test('CONS-01: what was allowed is a Consent, in the trail as a create, before the app has anything', async () => {
  const world = await createWorld()
  const page = await decide(world)
  assert.notEqual(page.code, '')
  const [consent, ...more] = await consentsOf(world)
  assert.deepEqual(more, [])
  assert.equal(consent?.status, 'active')
  assert.deepEqual(consent?.patient, { reference: 'Patient/amara' })
  assert.deepEqual(consent?.performer, [{ reference: 'Patient/amara', display: 'Amara' }])
  assert.deepEqual(scopesIn(consent), scope.split(' '))
  const created = world.events.filter(({ kind }) => kind === 'fhir-access')
  assert.deepEqual(
    created.map((event) => 'asked' in event && [event.asked.interaction, event.resources, event.patients]),
    [['create', [`Consent/${consent?.id}`], ['amara']]],
  )
})

test('SCOPE-27: what was unticked is not in it', async () => {
  const world = await createWorld()
  await decide(world, {}, ['launch/patient', condition])
  assert.deepEqual(scopesIn((await consentsOf(world))[0]), ['launch/patient', condition])
})

test('AUTHZ-25: what is declined, and what is only a sign-in, is no Consent', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ client_id, scope })
  assert.equal((await page.send([['decision', 'deny']])).answer.get('error'), 'access_denied')
  assert.equal((await page.send([['decision', 'allow']])).answer.get('code') ?? '', '')
  await decide(world, { scope: 'openid fhirUser' })
  assert.deepEqual(await consentsOf(world), [])
})

test('CONS-01: a form that was forged, is not the person’s, or ticks what was not asked, records nothing', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ client_id, scope })
  const allow = [
    ['scope', condition],
    ['decision', 'allow'],
  ] as const
  await page.send(allow, 'forged')
  await page.send([...allow, ['scope', 'patient/*.cruds']])
  const other = new Browser(world, users.parent)
  await other.post(page.url, [['_csrf', page.csrf], ...allow])
  assert.deepEqual(await consentsOf(world), [])
})

test('CONS-01: pressing twice, and in two windows at once, records one decision', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ client_id, scope })
  const pages = await Promise.all(Array.from({ length: 8 }, () => page.allow()))
  // Each of them is the same form from the same person: the one answer that it has is told to all.
  const codes = new Set(pages.map(({ code }) => code))
  assert.equal(codes.size, 1)
  assert.ok(!codes.has(''))
  assert.deepEqual(await statuses(world), ['active'])
})

test('CONS-01: several decisions about the same at once are versions of one Consent, one for each code', async () => {
  const world = await createWorld()
  const choices = [[condition], [observation], [condition, observation]]
  const pages = await Promise.all(
    choices.map(() => new Browser(world, users.patient).open({ client_id, scope })),
  )
  const answers = await Promise.all(
    pages.map((page, at) => page.allow(['launch/patient', ...(choices[at] ?? [])])),
  )
  assert.ok(answers.every(({ code }) => code !== ''))
  const history = await historyOf(world)
  assert.deepEqual(
    history.map(([status, , ...scopes]) => [status, scopes.join()]).sort(),
    choices.map((scopes) => ['active', scopes.join()]).sort(),
  )
  const [remembered] = await world.rememberedConsents.listOf(users.patient.id, 0)
  assert.equal(remembered?.granted, history[0]?.slice(1).join(' '))
  assert.equal((await world.sql.all('SELECT * FROM decision_records')).length, 1)
})

test('CONS-01: an app that is let in again by what is remembered records nothing anew', async () => {
  const world = await createWorld()
  await decide(world)
  for (let time = 0; time < 3; time++)
    assert.notEqual((await new Browser(world, users.patient).open({ client_id, scope })).code, '')
  const [consent, ...more] = await consentsOf(world)
  assert.deepEqual(more, [])
  assert.equal(consent?.meta?.versionId, '1')
})

test('CONS-01: a decision takes the place of the one before, also where it allows no record any more; history keeps each', async () => {
  const world = await createWorld()
  await decide(world)
  await decide(world, { prompt: 'consent' }, ['launch/patient', condition])
  assert.deepEqual(await statuses(world), ['active'])
  await decide(world, { prompt: 'consent', scope: `openid ${scope}` }, ['openid', 'launch/patient'])
  assert.deepEqual(await statuses(world), ['inactive'])
  await decide(world, { prompt: 'consent' })
  assert.deepEqual(await statuses(world), ['active'])
  assert.deepEqual(await historyOf(world), [
    ['active', ...scope.split(' ')],
    ['inactive', 'launch/patient', condition],
    ['active', 'launch/patient', condition],
    ['active', ...scope.split(' ')],
  ])
  const told = world.events.flatMap((event) =>
    event.kind === 'fhir-access' ? [[event.asked.interaction, event.actor.client]] : [],
  )
  assert.deepEqual(told, [
    ['create', client_id],
    ['update', client_id],
    ['update', undefined],
    ['update', client_id],
  ])
})

test('CONS-01: who allows an app the same every day has one Consent, with a version for each decision and each end', async () => {
  const world = await createWorld({ rememberFor: 0 })
  for (let day = 1; day <= 5; day++) {
    await obtain(world, users.patient, { scope })
    world.pass(DAY)
    await world.authorization.sweep()
  }
  await obtain(world, users.patient, { scope })
  assert.deepEqual(await statuses(world), ['active'])
  const found = (await historyOf(world)).map(([status]) => status)
  assert.deepEqual(found, ['active', ...Array.from({ length: 5 }, () => ['inactive', 'active']).flat()])
})

test('CONS-01: a decision about another record, or of another person, is no version of this one', async () => {
  const world = await createWorld()
  await decide(world)
  const other = await new Browser(world, users.parent).open({ client_id, scope: 'user/Condition.rs' })
  await other.allow()
  assert.equal((await consentsOf(world)).length, 2)
  const records = createRecords(world.sql, { indexing, now: world.now, newId: randomUUID })
  const versionsOf = async (id = '') => (await records.history('Consent', id)).length
  // An operator moved it to another patient's record, took the mark off, or removed it: what is decided next is another one.
  for (const [spoil, becomes] of [
    [(one: Resource) => records.update({ ...one, patient: { reference: 'Patient/other' } }), [1, 'inactive']],
    // Without the mark it is no more ours than a Consent by which a patient withholds: it is left as it is.
    [(one: Resource) => records.update({ ...one, meta: {} }), [0, 'active']],
    [({ id = '' }: Resource) => records.delete('Consent', id), [0, undefined]],
  ] as const) {
    const mine = (consent: Resource) => consent.status === 'active' && scopesIn(consent).includes(condition)
    const last = (await consentsOf(world)).filter(mine).at(-1) ?? assert.fail()
    await spoil(last)
    const before = await versionsOf(last.id)
    await decide(world, { prompt: 'consent' })
    const next = (await consentsOf(world)).filter(mine).at(-1)
    assert.notEqual(next?.id, last.id)
    assert.equal(next?.meta?.versionId, '1')
    const left = (await consentsOf(world)).find(({ id }) => id === last.id)
    assert.deepEqual([(await versionsOf(last.id)) - before, left?.status], becomes)
  }
})

test('DISC-27: taking access back makes all Consents about that app inactive, and no others', async () => {
  const world = await createWorld()
  await decide(world)
  await obtain(world, users.patient)
  const other = await new Browser(world, users.parent).open({ scope: 'user/Condition.rs' })
  assert.notEqual((await other.allow()).code, '')
  const page = await new Browser(world, users.patient).visit('/account/apps')
  await page.send([['client', client_id]], 'forged')
  assert.deepEqual(await statuses(world), ['active', 'active', 'active'])
  await page.send([['client', client_id]])
  assert.deepEqual(await statuses(world), ['inactive', 'active', 'active'])
  await page.send([['client', publicApp.id]])
  assert.deepEqual(await statuses(world), ['inactive', 'inactive', 'active'])
})

test('RFC-23: an app that is not let in again ends its Consent with its grant; one that is does not', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  await revoke(world, tokens.access_token)
  assert.deepEqual(await statuses(world), ['active'])
  await revoke(world, tokens.refresh_token, basic(client_id, secret))
  assert.deepEqual(await statuses(world), ['active'])
  await revoke(world, tokens.refresh_token)
  assert.deepEqual(await statuses(world), ['inactive'])

  const kept = await createWorld()
  const { code } = await decide(kept, { scope: `${scope} offline_access` })
  const headers = basic(client_id, secret)
  const redeemed = await ask(
    kept,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://app.example/callback',
      code_verifier: 'the-verifier-of-these-tests-has-more-than-43-characters',
    },
    headers,
  )
  await revoke(kept, redeemed.body.refresh_token, headers)
  assert.deepEqual(await statuses(kept), ['active'])
})

test('RFC-05: where nothing is remembered, the Consent ends with the one grant, stolen codes included', async () => {
  const world = await createWorld({ rememberFor: 0 })
  const page = await new Browser(world, users.patient).open({})
  const { code } = await page.allow()
  await redeem(world, code)
  assert.deepEqual(await statuses(world), ['active'])
  await redeem(world, code)
  assert.deepEqual(await statuses(world), ['inactive'])
})

test('CONS-01: an administrator ends it with the grant, and a disabled account or a removed app with all', async () => {
  const world = await createWorld({ clients: [publicApp, confidentialApp] })
  const decisions = decisionsOver(world.sql, world.now)
  const recording = { ...createRecording(trailRules), append: async () => undefined }
  await obtain(world, users.patient)
  const list = createGrantList(world.sql, recording, decisions)
  const [listed] = await list.list({ clientId: publicApp.id }, 10)
  const any = () => world.events[0] ?? assert.fail()
  await list.end({ id: listed?.grant.id ?? '' }, world.now(), { grant: any, decisions: any })
  assert.deepEqual(await statuses(world), ['inactive'])

  await obtain(world, users.patient)
  const changes = createAccountChanges(world.sql, recording, decisions)
  const told = world.events[0] ?? assert.fail()
  const { id } = users.patient
  const account = { id, username: 'amara', name: 'Amara', roles: ['patient'], records: [] } as const
  await changes.add({ ...account, disabled: false }, told, world.now())
  await changes.relink(
    id,
    () => ({ records: ['Patient/amara'] }),
    () => told,
    world.now(),
  )
  assert.deepEqual((await statuses(world)).at(-1), 'active')
  await changes.setDisabled(id, true, told, world.now())
  assert.deepEqual((await statuses(world)).at(-1), 'inactive')
  // Enabled again, what apps held of the person stays over.
  await changes.setDisabled(id, false, told, world.now())
  assert.deepEqual(await world.grants.liveOf(id, { madeAfter: 0, refreshedAfter: 0 }), [])

  await decide(world)
  await world.registrations.change(client_id, world.now(), () => ({
    remove: true,
    told: world.events[0] ?? assert.fail(),
  }))
  assert.deepEqual((await statuses(world)).at(-1), 'inactive')
  assert.deepEqual(await world.rememberedConsents.listOf(users.patient.id, 0), [])
})

test('CONS-01: what is over by itself becomes inactive, and not before', async () => {
  const world = await createWorld({ rememberFor: 30 * DAY })
  await decide(world)
  await obtain(world, users.patient, { scope })
  await world.authorization.sweep()
  assert.deepEqual(await statuses(world), ['active', 'active'])
  world.pass(HOUR)
  await world.authorization.sweep()
  assert.deepEqual(await statuses(world), ['active', 'inactive'])
  world.pass(30 * DAY)
  await world.authorization.sweep()
  assert.deepEqual(await statuses(world), ['inactive', 'inactive'])
})

test('CONS-01: nothing reads the Consents back: neither one that was made up nor one that was changed gives anything', async () => {
  const world = await createWorld()
  await decide(world, {}, ['launch/patient', condition])
  const [consent] = await consentsOf(world)
  assert.ok(consent)
  const records = createRecords(world.sql, { indexing, now: world.now, newId: randomUUID })
  const wider = [{ url: 'urn:chartkey:extension:granted-scope', valueString: 'patient/*.cruds' }]
  await records.update({ ...consent, extension: wider })
  await records.update({ ...consent, id: 'made-up', extension: wider })
  const again = await new Browser(world, users.patient).open({ client_id, scope })
  const headers = basic(client_id, secret)
  const { body } = await ask(
    world,
    {
      grant_type: 'authorization_code',
      code: again.code,
      redirect_uri: 'https://app.example/callback',
      code_verifier: 'the-verifier-of-these-tests-has-more-than-43-characters',
    },
    headers,
  )
  assert.equal(body.scope, `launch/patient ${condition}`)
  await records.delete('Consent', consent.id ?? '')
  assert.notEqual((await new Browser(world, users.patient).open({ client_id, scope })).code, '')
  const page = await new Browser(world, users.patient).visit('/account/apps')
  assert.equal((await page.send([['client', client_id]])).reply.status, 303)
  assert.notEqual((await new Browser(world, users.patient).open({ client_id, scope })).code, sha256('none'))
})

test('CONS-01: what cannot be put on record is neither allowed nor recorded', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ client_id, scope })
  // The records cannot be written any more: the whole decision fails, and can be made again afterwards.
  await world.sql.write((tx) => tx.run('ALTER TABLE decision_records RENAME TO elsewhere'))
  assert.equal((await page.allow()).reply.status, 500)
  await world.sql.write((tx) => tx.run('ALTER TABLE elsewhere RENAME TO decision_records'))
  assert.deepEqual(await consentsOf(world), [])
  assert.deepEqual(await world.rememberedConsents.listOf(users.patient.id, 0), [])
  assert.notEqual((await page.allow()).code, '')
  assert.deepEqual(await statuses(world), ['active'])
})
