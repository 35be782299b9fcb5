/** The audit trail as people meet it: a patient's page, an administrator's app, and the doctor of the operator. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangeForm, registerApp, requestToken, Visitor } from '../fixtures/visitor.ts'
import { openChart } from './fixture/chart.ts'
import { signIn } from './fixture/person.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

test('a patient reads who looked at her record, and nobody else’s name is there', async () => {
  await world.visit(async (page) => {
    await openChart(page, 'dr.lin', { id: 'amara', name: 'Amara Whitfield' })
  })
  await world.visit(
    async (page) => {
      await page.goto('/portal')
      await signIn(page, 'patient.amara')
      await page.getByRole('link', { name: 'Who looked at this record' }).click()
      await page.getByRole('heading', { level: 2, name: 'Who looked at this record' }).waitFor()
      const text = (await page.locator('main').textContent()) ?? ''
      assert.match(text, /Dr Yu-Wen Lin/)
      assert.match(text, /Looked at .*health problems and diagnoses/)
      assert.match(text, /You/)
      assert.doesNotMatch(text, /undefined|Mateo|diego/i)
      await page.goto('/account')
      await page.getByRole('link', { name: 'Who looked at this record' }).click()
      await page.waitForURL('**/portal/patients/amara/access')
      await page.goto('/portal/patients/mateo/access')
      await page.getByText('There is no such patient').or(page.locator('.empty')).first().waitFor()
    },
    { expected: /status of 404/ },
  )
})

async function tokenFor(username: string, scope: string): Promise<string> {
  const app = await registerApp(world.base, scope)
  const visitor = new Visitor(world.base, { username, password: 'sandbox' })
  return (await requestToken(world.base, exchangeForm(app, await visitor.authorize(app)))).access_token
}

async function events(token: string, query: string): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${world.base}/fhir/AuditEvent?${query}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return { status: reply.status, text: await reply.text() }
}

test('an administrator’s app searches the whole trail; a patient’s app finds her own events only', async () => {
  const admin = await events(await tokenFor('admin', 'openid user/AuditEvent.rs'), '_count=200')
  assert.equal(admin.status, 200)
  assert.match(admin.text, /"name":"Dr Yu-Wen Lin"/)
  const amara = await events(
    await tokenFor('patient.amara', 'launch/patient patient/AuditEvent.rs'),
    '_count=200',
  )
  assert.equal(amara.status, 200)
  assert.match(amara.text, /Patient\/amara/)
  assert.match(amara.text, /IHE\.BasicAudit\.PatientQuery/)
  const patients = new Set(amara.text.match(/Patient\/[a-z0-9-]+/g))
  assert.deepEqual([...patients], ['Patient/amara'])
})
