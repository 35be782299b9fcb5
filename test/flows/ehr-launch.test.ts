import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchHere, launchInWindow, openChart, useEncounter } from './fixture/chart.ts'
import { askedScopes, consent } from './fixture/person.ts'
import { plotsOf, shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()
const AMARA = { id: 'amara', name: 'Amara Whitfield' }

test('LNCH-01, CTX-08: a clinician opens an app from a chart in a new window and it shows that patient', async () => {
  await world.visit(async (page) => {
    await openChart(page, 'dr.lin', AMARA)
    const app = await launchInWindow(page, TRENDS.id)
    assert.ok((await askedScopes(app)).includes('launch'))
    await consent(app, 'allow')

    assert.match(await shownRecord(app), /Amara Whitfield/)
    assert.equal(await tokenMember(app, 'patient'), AMARA.id)
    assert.equal(await tokenMember(app, 'need_patient_banner'), true)
    assert.ok((await plotsOf(app, 'Vital signs')).includes('Blood pressure'))
    assert.ok((await plotsOf(app, 'Laboratory results')).length > 0)
    assert.match((await app.locator('header.bar').textContent()) ?? '', /Signed in as .*Lin/)
  })
})

test('CTX-16, CTX-17: embedded below the banner of the chart, the app shows none, and it knows the encounter', async () => {
  await world.visit(async (page) => {
    await openChart(page, 'dr.lin', AMARA)
    const encounter = await useEncounter(page)
    const app = await launchHere(page, TRENDS.id)
    await consent(app, 'allow')

    await shownRecord(app)
    assert.equal(await app.locator('.banner').count(), 0)
    assert.equal(await tokenMember(app, 'need_patient_banner'), false)
    assert.equal(await tokenMember(app, 'encounter'), encounter)
    assert.match((await app.locator('.visit').textContent()) ?? '', /^Visit \S/)
    assert.ok((await plotsOf(app, 'Vital signs')).length > 0)
  })
})

test('CTX-21, CTX-22, CTX-24, CTX-25, CAP-19: embedded, the app is told of the style around it and takes it on', async () => {
  await world.visit(async (page) => {
    await openChart(page, 'dr.lin', AMARA)
    const app = await launchHere(page, TRENDS.id)
    await consent(app, 'allow')
    await shownRecord(app)
    const url = String(await tokenMember(app, 'smart_style_url'))
    assert.ok(url.startsWith(`${world.base}/ui/style/`))
    const style = (await (await fetch(url)).json()) as Record<string, string>
    const taken = await app.evaluate<string>('document.documentElement.style.getPropertyValue("--accent")')
    assert.equal(taken, style.color_highlight)
    assert.equal(typeof (await tokenMember(app, 'tenant')), 'string')
  })
})

test('LNCH-06: a launch works once; its address opened again leads to no data', async () => {
  await world.visit(async (page) => {
    await openChart(page, 'dr.lin', AMARA)
    const launched = page
      .context()
      .waitForEvent('request', (request) => request.url().includes('/launch.html?'))
    const app = await launchInWindow(page, TRENDS.id)
    const address = (await launched).url()
    await consent(app, 'allow')
    await shownRecord(app)

    const second = await page.context().newPage()
    await second.goto(address)
    await second.locator('#again').waitFor()
    assert.equal(await tokenMember(second, 'access_token'), undefined)
  })
})
