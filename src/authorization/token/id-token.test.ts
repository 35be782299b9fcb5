import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserGrant } from '../grant.ts'
import { defaultLifetimes } from '../lifetimes.ts'
import { sidOf } from '../logout/session-name.ts'
import { idToken } from './id-token.ts'

const grant: UserGrant = {
  id: 'grant_1',
  clientId: 'app',
  userId: 'u-lin',
  userName: 'Dr Yu-Wen Lin',
  fhirUser: 'Practitioner/lin',
  sessionId: 's',
  authenticatedAt: 500_000,
  scope: 'openid fhirUser',
  context: {},
  createdAt: 900_000,
}

async function claimsOf(
  changes: Partial<UserGrant> = {},
  nonce?: string,
): Promise<Record<string, unknown> | undefined> {
  const told = await idToken({ ...grant, ...changes }, nonce, {
    baseUrl: 'https://ehr.example',
    fhirBase: 'https://ehr.example/fhir',
    signIdToken: async (claims) => JSON.stringify(claims),
    lifetimes: defaultLifetimes,
    now: () => 1_000_999,
  })
  return told.id_token === undefined ? undefined : JSON.parse(told.id_token)
}

test('CTX-39, RFC-24: the claims of a person who may be named', async () => {
  assert.deepEqual(await claimsOf({}, 'n-1'), {
    iss: 'https://ehr.example',
    sub: 'u-lin',
    aud: 'app',
    iat: 1000,
    exp: 1600,
    auth_time: 500,
    sid: sidOf('s', 'app'),
    nonce: 'n-1',
    fhirUser: 'https://ehr.example/fhir/Practitioner/lin',
    name: 'Dr Yu-Wen Lin',
  })
})

test('CTX-40: with openid alone nobody is named', async () => {
  const claims = await claimsOf({ scope: 'openid' })
  assert.ok(claims && !('fhirUser' in claims) && !('name' in claims) && !('profile' in claims))
})

test('profile tells the language that the person chose, as OIDC has it, and nothing else does', async () => {
  const chosen = { userLocale: 'zh-TW' }
  assert.equal((await claimsOf({ ...chosen, scope: 'openid profile' }))?.locale, 'zh-TW')
  const silent = [
    await claimsOf({ ...chosen, scope: 'openid fhirUser' }),
    await claimsOf({ scope: 'openid profile' }),
  ]
  for (const claims of silent) assert.ok(claims && !('locale' in claims))
})

test('D.2: profile names the person and gives the record under the old name too', async () => {
  const { name, fhirUser, profile } = (await claimsOf({ scope: 'openid profile' })) ?? {}
  assert.equal(name, 'Dr Yu-Wen Lin')
  assert.equal(profile, fhirUser)
  assert.equal(fhirUser, 'https://ehr.example/fhir/Practitioner/lin')
})

test('CTX-39: no ID token without openid', async () => {
  assert.equal(await claimsOf({ scope: 'fhirUser patient/*.rs' }), undefined)
})
