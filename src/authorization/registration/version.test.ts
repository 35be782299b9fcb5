import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../client.ts'
import type { RegisteredApp, Registration } from './ports.ts'
import { versionOf } from './version.ts'

const client: Client = {
  id: 'app',
  name: 'App',
  authMethod: 'client_secret_basic',
  secrets: [{ hash: 'a', createdAt: 0 }],
  redirectUris: ['https://app.example/cb'],
  grantTypes: ['authorization_code'],
  scope: 'openid',
  createdAt: 1,
}
const app: RegisteredApp = { client, registration: { origin: 'open', tokenHash: 'a' } }

function changed(client: Partial<Client>, registration: Partial<Registration> = {}): string {
  return versionOf({
    client: { ...app.client, ...client },
    registration: { ...app.registration, ...registration },
  })
}

const decidedAbout: readonly (readonly [string, Partial<Client>, Partial<Registration>?])[] = [
  ['its name', { name: 'Other' }],
  ['its scope', { scope: 'openid patient/*.rs' }],
  ['where it is', { redirectUris: ['https://app.example/other'] }],
  ['how it proves itself', { authMethod: 'client_secret_post' }],
  ['its state', { disabled: true, approval: 'waiting' }],
  ['being pre-approved', { preApproved: true }],
  ['being of SMART 1.0', { smart1: true }],
  ['being a resource server', { resourceServer: true }],
  ['when it came', { createdAt: 2 }],
  ['how it came', {}, { origin: 'statement' }],
  ['what it waits for', {}, { waitsFor: ['scope'] }],
  ['the token it came with', {}, { initialToken: 'iat_1' }],
  ['the statement it came with', {}, { statement: 'a.b.c' }],
]
for (const [what, client, registration] of decidedAbout)
  test(`${what} is part of what an administrator decides about`, () => {
    assert.notEqual(changed(client, registration), versionOf(app))
  })

test('secrets, tokens and when a document was fetched come and go, and the app is the same', () => {
  const document = { fetchedAt: 1, freshUntil: 2 }
  const secrets = [{ hash: 'b', createdAt: 9 }]
  assert.equal(changed({ secrets }, { document, tokenHash: 'b' }), versionOf(app))
})
