import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  chooseEncounter,
  choosePatient,
  consent,
  offeredPatients,
  searchPatient,
  signIn,
} from './fixture/person.ts'
import { plotsOf, shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

test('LNCH-10, SEED-02, CTX-10: a clinician opens the app by itself, signs in, picks patient and encounter, and sees data', async () => {
  await world.visit(async (page) => {
    await page.goto(TRENDS.home)
    await page.locator('#connect-visit').click()
    await signIn(page, 'dr.lin')
    await searchPatient(page, 'Whitfield')
    await choosePatient(page, 'amara')
    const encounter = await chooseEncounter(page)
    await consent(page, 'allow')

    assert.match(await shownRecord(page), /Amara Whitfield/)
    assert.equal(await tokenMember(page, 'patient'), 'amara')
    assert.equal(await tokenMember(page, 'encounter'), encounter)
    assert.ok((await plotsOf(page, 'Vital signs')).includes('Blood pressure'))
  })
})

test('CTX-10: an app that asks for no encounter is given none, and the picker does not ask for one', async () => {
  await world.visit(async (page) => {
    await page.goto(TRENDS.home)
    await page.locator('#connect').click()
    await signIn(page, 'dr.lin')
    await searchPatient(page, 'Whitfield')
    await choosePatient(page, 'amara')
    await consent(page, 'allow')

    await shownRecord(page)
    assert.equal(await tokenMember(page, 'encounter'), undefined)
  })
})

test('the picker finds nobody under a name that nobody has, and says so', async () => {
  await world.visit(async (page) => {
    await page.goto(TRENDS.home)
    await page.locator('#connect').click()
    await signIn(page, 'dr.lin')
    await searchPatient(page, 'Nobodyhasthisname')
    await page.locator('input[name=q][value=Nobodyhasthisname]').waitFor()
    assert.equal(await page.locator('button[name=patient]').count(), 0)
  })
})

test('RSRC-09: a nurse is offered only the patients of her care teams', async () => {
  await world.visit(async (page) => {
    await page.goto(TRENDS.home)
    await page.locator('#connect').click()
    await signIn(page, 'nurse.okafor')
    await searchPatient(page, 'Whitfield')
    assert.deepEqual(await offeredPatients(page), ['amara'])
    await searchPatient(page, 'Diego')
    await page.locator('button[name=patient]').first().waitFor({ state: 'detached' })
    assert.equal(await page.locator('button[name=patient]').count(), 0)
  })
})

test('RSRC-09: a nurse sees the charts of her patients and of nobody else', async () => {
  const others = /status of 404/
  await world.visit(
    async (page) => {
      await page.goto('/ehr')
      await signIn(page, 'nurse.okafor')
      await page.locator('a[href^="/ehr/patients/"]').first().waitFor()
      const links = await page
        .locator('a[href^="/ehr/patients/"]')
        .evaluateAll((found) => found.map((link) => link.getAttribute('href')))
      assert.equal(links.length, 5)
      assert.ok(links.includes('/ehr/patients/amara'))
      const chart = await page.goto('/ehr/patients/diego')
      assert.equal(chart?.status(), 404)
      assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /Santillán/)
    },
    { expected: others },
  )
})
