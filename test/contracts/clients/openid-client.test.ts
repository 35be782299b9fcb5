/** `openid-client`, a certified relying party that knows nothing of us: what it checks of our answers is checked by strangers' rules. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { useOpenDoor } from '../../fixtures/open-door.ts'
import { Visitor } from '../../fixtures/visitor.ts'

const REDIRECT = 'http://127.0.0.1:9/back'
const SCOPE = 'openid fhirUser launch/patient patient/*.rs offline_access'
const insecure = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] }

let visitor: Visitor
const house = useOpenDoor(({ baseUrl }) => {
  visitor = new Visitor(baseUrl, { username: 'patient.amara', password: 'sandbox' })
})

function register(authentication: client.ClientAuth, metadata: Partial<client.ClientMetadata>) {
  const about = {
    client_name: 'A stranger',
    redirect_uris: [REDIRECT],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: SCOPE,
    ...metadata,
  }
  return client.dynamicClientRegistration(new URL(house().baseUrl), about, authentication, insecure)
}

/** From the authorization request to the tokens; signature, issuer, audience, nonce and state are checked on the way. */
async function authorize(config: client.Configuration, changes: Record<string, string> = {}) {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT,
    scope: SCOPE,
    aud: `${house().baseUrl}/fhir`,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...changes,
  })
  const back = new URL(await visitor.follow(url.href, REDIRECT))
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  }
  return client.authorizationCodeGrant(config, back, checks)
}

test('SEED-22, SEED-80, SEED-81: a public app registers, is authorized with PKCE, reads who signed in, reads data and refreshes', async () => {
  const config = await register(client.None(), { token_endpoint_auth_method: 'none' })
  const tokens = await authorize(config)
  assert.equal(tokens.patient, 'amara')
  const claims = tokens.claims()
  assert.equal(claims?.fhirUser, `${house().baseUrl}/fhir/Patient/amara`)
  const patient = new URL(`${house().baseUrl}/fhir/Patient/amara`)
  const read = await client.fetchProtectedResource(config, tokens.access_token, patient, 'GET')
  assert.equal(((await read.json()) as { id?: string }).id, 'amara')
  const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', {
    scope: 'patient/Patient.r openid',
  })
  assert.notEqual(next.access_token, tokens.access_token)
  assert.ok(next.expiresIn() && !next.scope?.includes('Observation'))
})

for (const [method, authentication] of [
  ['client_secret_basic', client.ClientSecretBasic()],
  ['client_secret_post', client.ClientSecretPost()],
] as const)
  test(`SEED-04, SEED-68: a confidential app is given a secret and authenticates by ${method}`, async () => {
    const config = await register(authentication, { token_endpoint_auth_method: method })
    assert.ok(config.clientMetadata().client_secret)
    const tokens = await authorize(config)
    assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token ?? '')).access_token)
  })

test('RFC-25, RFC-26, SEED-14: discovery of OpenID Connect and of OAuth name the same issuer and endpoints', async () => {
  const server = new URL(house().baseUrl)
  const openid = await client.discovery(server, 'x', undefined, undefined, insecure)
  const oauth = await client.discovery(server, 'x', undefined, undefined, {
    ...insecure,
    algorithm: 'oauth2',
  })
  assert.equal(openid.serverMetadata().issuer, house().baseUrl)
  for (const member of ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const)
    assert.equal(openid.serverMetadata()[member], oauth.serverMetadata()[member], member)
})

test('a refresh token that was used is refused as invalid_grant', async () => {
  const config = await register(client.None(), { token_endpoint_auth_method: 'none' })
  const refused = (work: Promise<unknown>) => assert.rejects(work, { error: 'invalid_grant' })
  const { refresh_token = '' } = await authorize(config)
  await client.refreshTokenGrant(config, refresh_token)
  await refused(client.refreshTokenGrant(config, refresh_token))
})

test('userinfo, introspection and revocation, where they are announced, answer a stranger’s client', async (t) => {
  const config = await register(client.ClientSecretBasic(), {
    token_endpoint_auth_method: 'client_secret_basic',
  })
  const tokens = await authorize(config)
  const { userinfo_endpoint, introspection_endpoint, revocation_endpoint } = config.serverMetadata()
  const sub = tokens.claims()?.sub ?? ''
  if (userinfo_endpoint) assert.equal((await client.fetchUserInfo(config, tokens.access_token, sub)).sub, sub)
  if (introspection_endpoint)
    assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, true)
  if (revocation_endpoint) {
    await client.tokenRevocation(config, tokens.refresh_token ?? '')
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token ?? ''), {
      error: 'invalid_grant',
    })
  }
  const asked = { userinfo_endpoint, introspection_endpoint, revocation_endpoint }
  t.diagnostic(
    `announced: ${Object.keys(asked)
      .filter((name) => asked[name as keyof typeof asked])
      .join(', ')}`,
  )
})
