import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openReal } from './real.ts'
import { signInAt } from './world.ts'

test('a clinician signs in at the hospital, is found by their number, and comes back as the same account', async (t) => {
  const world = await openReal(t)
  const browser = world.browser()
  const place = await signInAt(browser, 'hospital', 'wei', { returnTo: '/account?x=1' })
  assert.equal(place.url, 'http://localhost:8080/account?x=1')
  assert.match(place.body, /Dr Wei Lin/)
  const account = await world.stores.accounts.findByRecord('Practitioner/lin')
  assert.equal(account?.username, 'hospital/wei.lin')
  assert.deepEqual(account?.roles, ['clinician'])
  assert.equal(account?.passwordHash, undefined)
  const again = await signInAt(world.browser(), 'hospital', 'wei')
  assert.match(again.body, /Dr Wei Lin/)
  assert.equal((await world.stores.accounts.list()).length, 2)
  assert.deepEqual(
    (await world.trail()).map(({ kind, outcome }) => [kind, outcome]),
    [
      ['identity-linked', 'success'],
      ['sign-in', 'success'],
      ['sign-in', 'success'],
    ],
  )
})
