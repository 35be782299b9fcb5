/** People of other organisations, in a browser: real providers beside the sandbox. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { stringify } from 'yaml'
import { freePort } from '../../src/server.ts'
import { type IdentityProvider, startIdentityProvider } from '../fixtures/identity-provider.ts'
import { run } from '../fixtures/process.ts'
import { assertAccessible, assertFits } from './fixture/accessible.ts'
import { launchInWindow } from './fixture/chart.ts'
import { askedScopes, consent, signIn } from './fixture/person.ts'
import { shownRecord, TRENDS, tokenMember } from './fixture/trends.ts'
import { type OpenWorld, openWorld } from './fixture/world.ts'

const NPI = 'http://hl7.org/fhir/sid/us-npi'
const secret = 'a secret of these providers'
const PHONE = 360

const records = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      resourceType: 'Practitioner',
      id: 'meyer',
      name: [{ family: 'Meyer', given: ['Iris'] }],
      identifier: [{ system: NPI, value: '1000000009' }],
    },
    {
      resourceType: 'Patient',
      id: 'noor',
      name: [{ family: 'Haddad', given: ['Noor'] }],
      birthDate: '1988-06-05',
    },
  ].map((resource) => ({ resource })),
}

let world: OpenWorld
let data = ''
let hospital: IdentityProvider
let national: IdentityProvider

before(async () => {
  const port = await freePort('127.0.0.1')
  hospital = await provider(port, 'hospital', { meyer: { npi: '1000000009', name: 'Dr Iris Meyer' } })
  national = await provider(port, 'national', { noor: { name: 'Noor Haddad', email: 'noor@example.org' } })
  world = await openWorld(async (folder) => {
    data = folder
    const bundle = join(folder, 'records.json')
    await writeFile(bundle, JSON.stringify(records))
    assert.equal((await run(['import', bundle, '--data', folder])).code, 0)
    const config = join(folder, 'chartkey.yaml')
    await writeFile(config, stringify({ providers: settings() }))
    return ['--port', String(port), '--config', config]
  })
})
after(async () => {
  await world?.close()
  await Promise.all([hospital, national].map((one) => one?.close()))
})

function provider(port: number, id: string, people: Record<string, Record<string, unknown>>) {
  return startIdentityProvider({
    directory: new Map(Object.entries(people)),
    clientId: 'chartkey',
    clientSecret: secret,
    redirectUri: `http://localhost:${port}/account/providers/${id}/callback`,
    postLogoutRedirectUri: `http://localhost:${port}/account/sign-out`,
  })
}

function settings() {
  const client = { clientId: 'chartkey', clientSecret: secret }
  return [
    {
      ...client,
      id: 'hospital',
      name: { en: 'General Hospital', 'zh-TW': '綜合醫院' },
      issuer: hospital.issuer,
      roles: ['clinician'],
      firstSignIn: 'match',
      claims: { practitioner: { claim: 'npi', system: NPI } },
    },
    {
      ...client,
      id: 'national',
      name: { en: 'National Identity', 'zh-TW': '全民身分' },
      issuer: national.issuer,
      roles: ['patient'],
      firstSignIn: 'invitation',
    },
    // Nobody listens there.
    { ...client, id: 'closed', name: 'Closed', issuer: 'http://127.0.0.1:9', roles: ['patient'] },
  ]
}

/** Signs in at the provider whose page is shown. */
async function signInThere(page: Page, login: string): Promise<void> {
  await page.locator('input[name=login]').fill(login)
  await page.locator('button[value=allow]').click()
}

async function look(page: Page, stop: string): Promise<void> {
  await assertFits(page, stop)
  await assertAccessible(page, stop)
}

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

test('a patient signs in at a national provider, enters the activation code, and sees the portal', async () => {
  const invited = await run(['invite', 'Patient/noor', '--data', data, '--json'])
  const { code } = JSON.parse(invited.said) as { code: string }
  await world.visit(
    async (page) => {
      await page.goto('/portal')
      await look(page, 'sign-in with providers')
      await page.getByRole('link', { name: 'National Identity' }).click()
      await signInThere(page, 'noor')
      await page.locator('input[name=code]').waitFor()
      await look(page, 'activation')
      await page.locator('input[name=code]').fill('0000-0000-0000-0000')
      await page.locator('input[name=birthdate]').fill('1988-06-05')
      await page.locator('input[name=birthdate]').press('Enter')
      await page.locator('.notice-danger').waitFor()
      await look(page, 'activation, wrong')
      await page.locator('input[name=code]').fill(code)
      await page.locator('input[name=birthdate]').fill('1988-06-05')
      await page.locator('input[name=birthdate]').press('Enter')
      await page.getByRole('heading', { level: 1, name: 'Noor Haddad' }).waitFor()
      await page.goto('/account/providers')
      await look(page, 'connected sign-ins')
      await page.goto('/account/sign-out')
      await page.locator('main form button').click()
      await page.getByRole('link', { name: 'Sign out at National Identity' }).waitFor()
      await look(page, 'farewell')
    },
    { width: PHONE, expected: /status of 401/ },
  )
})

test('in Traditional Chinese: the buttons, connecting, and a provider that does not answer', async () => {
  await world.visit(
    async (page) => {
      await page.goto('/account/providers')
      await page.getByRole('link', { name: '使用「綜合醫院」登入' }).waitFor()
      await signIn(page, 'dr.lin')
      await page.locator('form[action="/account/providers/hospital/link"] button').click()
      await page.getByRole('link', { name: '前往「綜合醫院」' }).waitFor()
      await look(page, 'connecting')
      await page.context().clearCookies()
      await page.goto('/account/sign-in')
      await page.getByRole('link', { name: '使用「Closed」登入' }).click()
      await page.getByRole('heading', { level: 1, name: '您的機構沒有回應' }).waitFor()
      await look(page, 'a provider that is down')
    },
    { width: PHONE, locale: 'zh-TW', colorScheme: 'dark', expected: /status of 503/ },
  )
})
