/** People of other organisations, in a browser: real providers beside the sandbox. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertGoodPage, PHONE } from './fixture/accessible.ts'
import { launchInWindow } from './fixture/chart.ts'
import { askedScopes, consent } from './fixture/person.ts'
import {
  connecting,
  expectedOfProviders,
  firstSignIn,
  openProvidersWorld,
  type ProvidersWorld,
  signInThere,
} from './fixture/providers-world.ts'
import { shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'

let world: ProvidersWorld

before(async () => {
  world = await openProvidersWorld()
})
after(async () => world?.close())

test('LNCH-01: a clinician of another organisation signs in there and opens an app from a chart here', async () => {
  await world.visit(async (page) => {
    await page.goto('/ehr')
    await page.getByRole('link', { name: 'Sign in with General Hospital' }).click()
    await signInThere(page, 'meyer')
    await page.locator('input[name=q]').fill('Amara Whitfield')
    await page.locator('input[name=q]').press('Enter')
    await page.locator('a[href^="/ehr/patients/amara"]').click()
    await page.getByRole('heading', { level: 1, name: 'Amara Whitfield' }).waitFor()
    const app = await launchInWindow(page, TRENDS.id)
    assert.ok((await askedScopes(app)).includes('launch'))
    await consent(app, 'allow')
    assert.match(await shownRecord(app), /Amara Whitfield/)
    assert.equal(await tokenMember(app, 'patient'), 'amara')
  })
})

test('SEED-46: a patient signs in at a national provider, enters the activation code, and sees the portal', async () => {
  const code = await world.invite()
  await world.visit((page) => firstSignIn(page, assertGoodPage, code), {
    width: PHONE,
    expected: expectedOfProviders,
  })
})

test('in Traditional Chinese: connecting an account, and a provider that does not answer', async () => {
  await world.visit(
    async (page) => {
      await connecting(page, assertGoodPage)
      assert.equal(await page.locator('h1').textContent(), '您的機構沒有回應')
    },
    { width: PHONE, locale: 'zh-TW', expected: expectedOfProviders },
  )
})
