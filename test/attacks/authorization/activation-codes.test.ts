/** Activation codes by pages and API: told once, one for a patient, of no use once revoked. ADR 0027. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeHashOf } from '../../../src/identity/providers/invite.ts'
import { openAdminWorld } from './admin-world.ts'
import { DAY } from './world.ts'

const shape = /^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}$/

async function withPatients() {
  const world = await openAdminWorld()
  await world.stores.records.putAll([
    { resourceType: 'Patient', id: 'amara', birthDate: '1981-04-02' },
    { resourceType: 'Patient', id: 'vague', birthDate: '1981' },
    { resourceType: 'Patient', id: 'gone', birthDate: '1981-04-02', active: false },
  ])
  const isGood = async (code: unknown) =>
    (await world.stores.invitations.find(codeHashOf(String(code)) ?? '', world.now())) !== undefined
  const told = async () =>
    (await world.stores.audit.list(0, 1000))
      .map(({ event }) => event)
      .filter(({ kind }) => kind.startsWith('invitation'))
  return { world, isGood, told }
}

test('a program makes a code, which is told once, replaced by a newer one, and of no use once revoked', async () => {
  const { world, isGood, told } = await withPatients()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const ask = { patient: 'Patient/amara' }
  const first = await world.call('POST', '/activation-codes', token, ask)
  assert.equal(first.status, 201)
  assert.match(String(first.body.activation_code), shape)
  const second = await world.call('POST', '/activation-codes', token, { ...ask, days: 1 })
  assert.deepEqual(
    [await isGood(first.body.activation_code), await isGood(second.body.activation_code)],
    [false, true],
  )
  const list = await world.call('GET', '/activation-codes', token)
  const { activation_code: _, ...kept } = second.body
  assert.deepEqual(list.body, { activation_codes: [kept] })
  assert.equal((await world.call('DELETE', '/activation-codes/amara', token)).status, 204)
  assert.equal((await world.call('DELETE', '/activation-codes/amara', token)).status, 404)
  assert.equal(await isGood(second.body.activation_code), false)
  const events = await told()
  assert.deepEqual(
    events.map(({ kind, actor }) => [kind, actor.client]),
    [
      ['invitation-made', 'console'],
      ['invitation-made', 'console'],
      ['invitation-withdrawn', 'console'],
    ],
  )
  assert.equal(JSON.stringify(events).includes(String(second.body.activation_code)), false)
})

test('nobody gets a code who is not in use here, or whose date of birth nobody could type', async () => {
  const { world, told } = await withPatients()
  const token = await world.tokenOf('console', 'chartkey.admin')
  for (const patient of [
    'Patient/vague',
    'Patient/gone',
    'Patient/nobody',
    'Patient/amara/_history/1',
    'amara',
  ]) {
    const reply = await world.call('POST', '/activation-codes', token, { patient })
    assert.deepEqual([reply.status, reply.body.member], [400, 'patient'], patient)
  }
  assert.deepEqual(await told(), [])
})

test('of codes that are made for one patient at the same time one is good', async () => {
  const { world } = await withPatients()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const make = () => world.call('POST', '/activation-codes', token, { patient: 'Patient/amara' })
  await Promise.all(Array.from({ length: 8 }, make))
  assert.equal((await world.stores.invitations.list(world.now())).length, 1)
})

test('an administrator makes a code on the pages, sees it once, and revokes it there', async () => {
  const { world, isGood } = await withPatients()
  const admin = await world.signIn('admin')
  const page = '/admin/codes'
  const made = await admin.send(page, page, { act: 'make', patient: 'Patient/amara', days: '3' })
  assert.equal(made.status, 200)
  const [code = ''] = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/.exec(made.body) ?? []
  assert.equal(await isGood(code), true)
  const list = await admin.get(page)
  assert.match(list.body, /Patient\/amara/)
  assert.equal(list.body.includes(code), false)
  assert.equal((await admin.send(page, page, { act: 'revoke', patient: 'amara' })).status, 303)
  assert.equal(await isGood(code), false)
  assert.equal((await admin.send(page, page, { act: 'revoke', patient: 'amara' })).status, 404)
  for (const form of [
    { act: 'make', patient: 'Patient/nobody', days: '3' },
    { act: 'make', patient: 'Patient/amara', days: '0' },
    { act: 'make', patient: 'Patient/amara', days: '91' },
    { act: 'make', patient: '"><script>alert(1)</script>', days: '1' },
  ]) {
    const reply = await admin.send(page, page, form)
    assert.equal(reply.status, 400)
    assert.doesNotMatch(reply.body, /<script>alert/)
  }
  assert.deepEqual(await world.stores.invitations.list(world.now()), [])
})

test('a code is good for as long as it says', async () => {
  const { world, isGood } = await withPatients()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const { body } = await world.call('POST', '/activation-codes', token, { patient: 'Patient/amara', days: 2 })
  world.pass(2 * DAY - 1)
  assert.equal(await isGood(body.activation_code), true)
  world.pass(1)
  assert.equal(await isGood(body.activation_code), false)
  assert.deepEqual(await world.stores.invitations.list(world.now()), [])
})
