import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderLaunch } from './fixture/launches.ts'
import { askedScopes, consent, signIn } from './fixture/person.ts'
import { shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

test('SEED-20, SEED-26, LNCH-01, LNCH-06: another system opens an app, and its user signs in nowhere', async () => {
  await world.visit(async (page) => {
    await page.goto('/')
    const start = await orderLaunch(page, {
      client_id: TRENDS.id,
      user: 'Practitioner/dr-lin',
      patient: 'amara',
      intent: 'review',
      need_patient_banner: false,
      tenant: 'north-hospital',
    })
    await page.goto(start)
    assert.ok((await askedScopes(page)).includes('launch'))
    await consent(page, 'allow')
    await shownRecord(page)
    assert.equal(await tokenMember(page, 'patient'), 'amara')
    assert.equal(await tokenMember(page, 'intent'), 'review')
    assert.equal(await tokenMember(page, 'need_patient_banner'), false)
    assert.equal(await tokenMember(page, 'tenant'), 'north-hospital')
    assert.match((await page.locator('header.bar').textContent()) ?? '', /Signed in as .*Lin/)
    await page.locator('#refresh').click()
    await page.getByText('Access renewed').waitFor()
    assert.equal(await tokenMember(page, 'tenant'), 'north-hospital')
  })
})

test('LNCH-06: where somebody else is signed in, the person is asked, and goes on as the user of the launch', async () => {
  await world.visit(async (page) => {
    await page.goto('/portal')
    await signIn(page, 'patient.amara')
    await page.waitForURL(/\/portal\/patients/)
    const start = await orderLaunch(page, { client_id: TRENDS.id, user: 'dr.lin', patient: 'mateo' })
    await page.goto(start)
    await page.locator('form[action="/ehr/launches/start"] button').click()
    await consent(page, 'allow')
    assert.match(await shownRecord(page), /Mateo/)
    await page.goto('/portal')
    await page.waitForURL(/\/ehr$/)
  })
})

test('TASK-08, TASK-09, TASK-10: a clinician opens the app of a task on its patient', async () => {
  await world.visit(async (page) => {
    await page.goto('/ehr/tasks')
    await signIn(page, 'dr.lin')
    const opened = page.context().waitForEvent('page')
    await page.locator('form[action="/ehr/tasks/review-amara/launches"] button').click()
    const app = await opened
    await consent(app, 'allow')
    assert.match(await shownRecord(app), /Amara Whitfield/)
    assert.equal(await tokenMember(app, 'appContext'), '{"show":["blood-pressure","hba1c"]}')
    assert.equal(await tokenMember(app, 'patient'), 'amara')
  })
})

test('TASK-10: a parent opens the app of a task on the child’s record, from the portal', async () => {
  await world.visit(async (page) => {
    await page.goto('/portal/tasks')
    await signIn(page, 'parent.diego')
    const opened = page.context().waitForEvent('page')
    await page.locator('form[action="/portal/tasks/diego-looks/launches"] button').click()
    const app = await opened
    await consent(app, 'allow')
    assert.match(await shownRecord(app), /Mateo/)
  })
})
