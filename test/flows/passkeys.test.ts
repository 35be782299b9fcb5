/** Passkeys in a real browser, with a virtual authenticator in it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CDPSession, Page } from 'playwright-core'
import { assertAccessible, assertFits } from './fixture/accessible.ts'
import { signIn } from './fixture/person.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

/** Puts an authenticator into the browser that says yes to whatever it is asked. */
async function addAuthenticator(page: Page): Promise<CDPSession> {
  const debug = await page.context().newCDPSession(page)
  await debug.send('WebAuthn.enable')
  await debug.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return debug
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.locator('form[data-passkey=register] input[name=name]').fill(name)
  await page.locator('form[data-passkey=register] button').click()
  await page.locator('.notice-success').waitFor()
}

test('a passkey is added, signs in without a password, and is removed', async () => {
  await world.visit(async (page) => {
    await addAuthenticator(page)
    await page.goto('/account/security')
    await signIn(page, 'patient.amara')
    await page.waitForURL('**/account/security')
    await addPasskey(page, 'My laptop')
    await page.getByText('My laptop').first().waitFor()
    await assertAccessible(page, 'security page with a passkey')

    // The browser offers it beside the name, and this authenticator says yes to that too.
    await page.context().clearCookies()
    await page.goto('/account/sign-in?return_to=/account/security')
    await page.waitForURL('**/account/security')
    await page.getByText('last used').waitFor()

    await page.locator('details.more summary').click()
    await page.locator('form[action$="/passkeys/remove"] button').click()
    await page.locator('.notice-success').waitFor()
    assert.equal(await page.getByText('My laptop').count(), 0)
  })
})

test('an app’s sign-in goes on by passkey, on a phone', async () => {
  await world.visit(
    async (page) => {
      // A browser that offers nothing beside the name.
      await page.addInitScript('delete PublicKeyCredential.isConditionalMediationAvailable')
      await addAuthenticator(page)
      await page.goto('/account/security')
      await signIn(page, 'patient.amara')
      await page.waitForURL('**/account/security')
      await addPasskey(page, 'My phone')
      await assertFits(page, 'security page with a passkey')
      await page.context().clearCookies()
      await page.goto('/apps/trends/index.html')
      await page.locator('#connect').click()
      const button = page.locator('form[data-passkey=sign-in] button')
      await button.waitFor()
      await assertFits(page, 'sign-in page with a passkey')
      await assertAccessible(page, 'sign-in page with a passkey')
      await button.click()
      await page.locator('button[name=decision][value=allow]').click()
      await page.locator('.record').waitFor()
    },
    { width: 360 },
  )
})

test('an authenticator that does not verify its user is not taken, and the page says so', async () => {
  await world.visit(
    async (page) => {
      const debug = await page.context().newCDPSession(page)
      await debug.send('WebAuthn.enable')
      await page.goto('/account/security')
      await signIn(page, 'parent.diego')
      await page.waitForURL('**/account/security')
      const { authenticatorId } = await debug.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'internal',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: false,
          automaticPresenceSimulation: true,
        },
      })
      await page.locator('form[data-passkey=register] button').click()
      await page.locator('form[data-passkey=register] [role=alert]').waitFor()
      await debug.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
    { expected: /WebAuthn|NotAllowed/i },
  )
})
