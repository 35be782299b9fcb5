import assert from 'node:assert/strict'
import { test } from 'node:test'
import { launchInWindow } from './fixture/chart.ts'
import { askedScopes, choosePatient, consent, offeredPatients, signIn } from './fixture/person.ts'
import { plotsOf, shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

test('LNCH-10, SEED-02: a patient opens an app from the portal on her own record', async () => {
  await world.visit(async (page) => {
    await page.goto('/portal')
    await signIn(page, 'patient.amara')
    await page.getByRole('heading', { level: 1, name: 'Amara Whitfield' }).waitFor()
    const app = await launchInWindow(page, TRENDS.id)
    await consent(app, 'allow')

    assert.match(await shownRecord(app), /Amara Whitfield/)
    assert.equal(await tokenMember(app, 'patient'), 'amara')
    assert.ok((await plotsOf(app, 'Vital signs')).length > 0)
    assert.match((await app.locator('header.bar').textContent()) ?? '', /Signed in as .*Amara/)
  })
})

test('CTX-11: a patient who opens the app by itself is asked for no patient: it is she', async () => {
  await world.visit(async (page) => {
    await page.goto(TRENDS.home)
    await page.locator('#connect').click()
    await signIn(page, 'patient.amara')
    await askedScopes(page)
    await consent(page, 'allow')

    assert.match(await shownRecord(page), /Amara Whitfield/)
    assert.equal(await tokenMember(page, 'patient'), 'amara')
  })
})

test('CTX-11: a parent chooses between himself and his child, and sees the child', async () => {
  await world.visit(async (page) => {
    await page.goto(TRENDS.home)
    await page.locator('#connect').click()
    await signIn(page, 'parent.diego')
    assert.deepEqual((await offeredPatients(page)).sort(), ['diego', 'mateo'])
    await choosePatient(page, 'mateo')
    await consent(page, 'allow')

    assert.match(await shownRecord(page), /Mateo/)
    assert.equal(await tokenMember(page, 'patient'), 'mateo')
    assert.ok((await plotsOf(page, 'Vital signs')).includes('Weight'))
  })
})

test('a parent launches the app from the portal on the record of his child', async () => {
  await world.visit(async (page) => {
    await page.goto('/portal')
    await signIn(page, 'parent.diego')
    await page.locator('a[href="/portal/patients/mateo"]').click()
    await page.getByRole('heading', { level: 1, name: 'Mateo' }).waitFor()
    const app = await launchInWindow(page, TRENDS.id)
    await consent(app, 'allow')

    assert.match(await shownRecord(app), /Mateo/)
    assert.equal(await tokenMember(app, 'patient'), 'mateo')
  })
})

test('a patient cannot open the record of another in the portal', async () => {
  await world.visit(
    async (page) => {
      await page.goto('/portal')
      await signIn(page, 'patient.amara')
      await page.getByRole('heading', { level: 1, name: 'Amara Whitfield' }).waitFor()
      assert.equal((await page.goto('/portal/patients/mateo'))?.status(), 404)
    },
    { expected: /status of 404/ },
  )
})

test('the app speaks Traditional Chinese to a browser that does, through the whole launch, and what the launch hints at first', async () => {
  await world.visit(
    async (page) => {
      await page.goto(TRENDS.home)
      await page.getByRole('heading', { level: 1, name: '看見數值的變化' }).waitFor()
      assert.equal(await page.locator('html').getAttribute('lang'), 'zh-TW')
      await page.locator('#connect').click()
      await signIn(page, 'patient.amara')
      await askedScopes(page)
      await consent(page, 'allow')
      await shownRecord(page)
      assert.ok((await plotsOf(page, '生命徵象')).includes('血壓'))
      assert.match((await page.locator('.banner').textContent()) ?? '', /女.*出生.*歲/)
      // Nothing of its own is left in English; the record speaks its own language.
      const own = await page.locator('h2, legend, summary, button, .period span').allTextContents()
      for (const text of own) assert.match(text, /\p{Script=Han}/u)
      await page.evaluate('sessionStorage.clear()')
      await page.goto(`${TRENDS.home}?ui_locales=fr+en`)
      await page.getByRole('heading', { level: 1, name: 'See how the numbers move' }).waitFor()
    },
    { locale: 'zh-TW' },
  )
})

test('the app speaks the language that the person chose in the portal, whatever the browser speaks', async () => {
  await world.visit(
    async (page) => {
      await page.goto('/account/language?locale=zh-TW&return_to=/portal')
      await signIn(page, 'patient.amara')
      await page.getByRole('heading', { level: 1, name: 'Amara Whitfield' }).waitFor()
      const app = await launchInWindow(page, TRENDS.id)
      await consent(app, 'allow')
      await shownRecord(app)
      assert.equal(await app.locator('html').getAttribute('lang'), 'zh-TW')
      assert.ok((await plotsOf(app, '生命徵象')).length > 0)
    },
    { locale: 'en-GB' },
  )
})
