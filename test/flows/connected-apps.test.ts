import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consent, signIn } from './fixture/person.ts'
import { shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

test('a person takes access back under connected apps, and the app gets nothing any more', async () => {
  await world.visit(
    async (page) => {
      await page.goto(TRENDS.home)
      await page.locator('#connect').click()
      await signIn(page, 'patient.amara')
      await consent(page, 'allow')
      await shownRecord(page)
      const token = await tokenMember(page, 'access_token')
      const ask = () =>
        fetch(`${world.base}/fhir/Patient/amara`, { headers: { authorization: `Bearer ${token}` } })
      assert.equal((await ask()).status, 200)

      const account = await page.context().newPage()
      await account.goto('/account/apps')
      await account.getByRole('heading', { name: 'The health record of Amara Whitfield' }).waitFor()
      await account.locator(`form:has(input[name=client][value=${TRENDS.id}]) button`).click()
      await account.getByText('The access has ended.').waitFor()

      assert.equal((await ask()).status, 401)
      await page.locator('#refresh').click()
      await page.getByRole('heading', { name: 'The connection has ended' }).waitFor()
    },
    { expected: /status of 40[01]/ },
  )
})
