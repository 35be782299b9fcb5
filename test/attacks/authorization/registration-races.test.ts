/** An app that changes itself while an administrator decides about it. RFC 7592 §2.2. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from './world.ts'

const metadata = { client_name: 'New', redirect_uris: ['https://new.example/cb'], scope: 'openid' }

test('RFC 7592 §2.2: an administrator’s no stands, also when it came in the middle of a change', async () => {
  const world = await createWorld({ openRegistration: true })
  const headers = { 'content-type': 'application/json' }
  const made = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers,
    body: JSON.stringify(metadata),
  })
  const { client_id, registration_access_token } = JSON.parse(made.body)
  const { change } = world.registrations
  world.registrations.change = async (...asked) => {
    world.registrations.change = change
    assert.ok(await world.authorization.registry.act(client_id, 'disable', { user: 'u-admin' }))
    return change(...asked)
  }
  const reply = await world.app.inject({
    method: 'PUT',
    url: `/oauth/register/${client_id}`,
    headers: { ...headers, authorization: `Bearer ${registration_access_token}` },
    body: JSON.stringify({ ...metadata, client_id, contacts: ['a@new.example'] }),
  })
  assert.equal(reply.status, 403)
  assert.equal((await world.clients.find(client_id))?.disabled, true)
})
