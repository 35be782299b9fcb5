import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { askedScopes, consent, signIn } from './fixture/person.ts'
import {
  listedScopes,
  plotsOf,
  SCOPES,
  sectionText,
  shownRecord,
  TRENDS,
  tokenMember,
} from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

async function connectAsAmara(page: Page): Promise<void> {
  await page.goto(TRENDS.home)
  await page.locator('#connect').click()
  await signIn(page, 'patient.amara')
}

test('CODE-01: declined, the app hears access_denied, says so in plain words, and can start again', async () => {
  await world.visit(async (page) => {
    await connectAsAmara(page)
    await consent(page, 'deny')

    await page.getByRole('heading', { name: 'Access was not given' }).waitFor()
    assert.match((await page.locator('pre').textContent()) ?? '', /access_denied/)
    await page.locator('#again').click()
    await page.locator('#connect').waitFor()
  })
})

test('SCOPE-26: each class of data can be unticked, and what was unticked is not granted', async () => {
  await world.visit(async (page) => {
    await connectAsAmara(page)
    const asked = await askedScopes(page)
    for (const scope of [SCOPES.vitals, SCOPES.laboratory, SCOPES.problems])
      assert.ok(asked.includes(scope), scope)
    await consent(page, 'allow', [SCOPES.laboratory, SCOPES.problems])

    await shownRecord(page)
    assert.ok((await plotsOf(page, 'Vital signs')).length > 0)
    assert.match(await sectionText(page, 'Laboratory results'), /was not given access/)
    assert.match(await sectionText(page, 'Problems'), /was not given access/)
    assert.deepEqual(
      (await listedScopes(page, 'Asked for, not given')).sort(),
      [SCOPES.problems, SCOPES.laboratory].sort(),
    )
  })
})

test('RSRC-03: a token for vital signs reads no laboratory result, whatever it asks', async () => {
  await world.visit(async (page) => {
    await connectAsAmara(page)
    await consent(page, 'allow', [SCOPES.laboratory])
    await shownRecord(page)
    const token = await tokenMember(page, 'access_token')
    const reply = await fetch(`${world.base}/fhir/Observation?patient=amara&_count=200`, {
      headers: { authorization: `Bearer ${token}` },
    })
    const found = JSON.stringify(await reply.json())
    const categories = [...found.matchAll(/observation-category","code":"([^"]+)"/g)].map(([, code]) => code)
    assert.deepEqual([...new Set(categories)], ['vital-signs'])
  })
})

test('TOK-20: without offline access there is no refresh token, and the app says so', async () => {
  await world.visit(async (page) => {
    await connectAsAmara(page)
    await consent(page, 'allow', [SCOPES.offline])

    await shownRecord(page)
    assert.equal(await tokenMember(page, 'refresh_token'), undefined)
    await page.locator('#refresh').click()
    await page.getByRole('status').getByText('Data loaded again.').waitFor()
  })
})
