import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consent, signIn } from './fixture/person.ts'
import { shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

test('REFR-13: the app renews its access and goes on showing data; the page survives a reload', async () => {
  await world.visit(async (page) => {
    await page.goto(TRENDS.home)
    await page.locator('#connect').click()
    await signIn(page, 'patient.amara')
    await consent(page, 'allow')
    await shownRecord(page)
    const before = [await tokenMember(page, 'access_token'), await tokenMember(page, 'refresh_token')]

    await page.locator('#refresh').click()
    await page.getByRole('status').getByText('Access renewed').waitFor()
    const after = [await tokenMember(page, 'access_token'), await tokenMember(page, 'refresh_token')]
    assert.ok(before.every((token) => typeof token === 'string'))
    assert.ok(after.every((token, index) => typeof token === 'string' && token !== before[index]))

    await page.reload()
    assert.match(await shownRecord(page), /Amara Whitfield/)
  })
})

test('an address with a code of somebody else’s sign-in is not used', async () => {
  await world.visit(async (page) => {
    await page.goto(`${TRENDS.home}?code=stolen&state=another`)
    await page
      .getByRole('heading', { name: 'This page does not belong to a connection you started' })
      .waitFor()
  })
})
