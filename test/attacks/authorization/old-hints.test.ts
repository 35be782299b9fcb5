/** ID tokens that come back as hints long after they expired: known while their key's public half is kept, and harmless after. OIDC Core §3.1.2.1; RP-Initiated Logout 1.0 §2, §4. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RETIRED_KEY_KEPT } from '../../../src/authorization/durations.ts'
import { algorithms } from '../../../src/authorization/keys.ts'
import { newKey } from '../../../src/authorization/new-key.ts'
import { Browser, obtain, query } from './visit.ts'
import { createWorld, DAY, publicApp, users, type World } from './world.ts'

const after = 'https://app.example/signed-out'
const app = { ...publicApp, postLogoutRedirectUris: [after] }

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

const isPublished = async (world: World, token: string) =>
  (await world.app.inject({ url: '/oauth/jwks' })).body.includes(kidOf(token))

/** An ID token, and a server that has had two other keys since. */
async function longAfter() {
  const world = await createWorld({ clients: [app] })
  const { id_token: hint } = await obtain(world, users.patient, { scope: 'openid' })
  for (const days of [91, 91]) {
    world.pass(days * DAY)
    await world.authorization.sweep()
  }
  assert.equal(await isPublished(world, hint), false)
  return { world, hint, browser: new Browser(world, users.patient) }
}

const logout = (hint: string, more: readonly (readonly [string, string])[] = []) =>
  `/oauth/logout?${query([['id_token_hint', hint], ['post_logout_redirect_uri', after], ...more])}`

test('OIDC id_token_hint: one whose key is published no more still names the person, and signs nobody in', async () => {
  const { world, hint, browser } = await longAfter()
  const right = await browser.open({ id_token_hint: hint, scope: 'openid' })
  assert.equal(right.reply.status, 200)
  const other = await new Browser(world, users.parent).open({ id_token_hint: hint, prompt: 'none' })
  assert.equal(other.answer.get('error'), 'login_required')
  // Nothing else that such a key might sign counts: no access token is checked by it.
  assert.equal(await world.authorization.verifyAccessToken(hint), undefined)
})

test('RP-Initiated Logout §2: one whose key is published no more ends the session it was given in', async () => {
  const { hint, browser } = await longAfter()
  assert.equal((await browser.get(logout(hint))).headers.location, after)
})

test('RP-Initiated Logout §2: one that is too old to be known makes the server ask, not fail', async () => {
  const { world, hint, browser } = await longAfter()
  world.pass(RETIRED_KEY_KEPT + DAY)
  await world.authorization.sweep()
  const page = await browser.visit(logout(hint))
  assert.equal(page.reply.status, 200)
  assert.match(page.reply.body, /name="decision" value="sign-out"/)
  const fields = [
    ['id_token_hint', hint],
    ['post_logout_redirect_uri', after],
    ['decision', 'sign-out'],
    ['_csrf', page.csrf],
  ] as const
  const reply = await browser.post('/oauth/logout', fields)
  // Whose address that is nobody knows: the way ends here.
  assert.equal(reply.status, 200)
  assert.equal(reply.headers.location, undefined)
  assert.equal((await browser.open({ id_token_hint: hint })).answer.get('error'), 'invalid_request')
})

test('a hint under a key that somebody may have stolen is known no more, retired or not', async () => {
  const { world, hint } = await longAfter()
  const now = world.now()
  await world.keys.replaceAll(await Promise.all(algorithms.map((alg) => newKey(alg, now, now))))
  await world.authorization.refresh()
  assert.deepEqual(await world.keys.listRetired(), [])
  const page = await new Browser(world, users.patient).open({ id_token_hint: hint })
  assert.equal(page.answer.get('error'), 'invalid_request')
})
