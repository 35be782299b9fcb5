/** `oauth4webapi`, step by step: each answer of ours goes through its own processing, which takes nothing that the standards do not allow. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import { useOpenDoor } from '../../fixtures/open-door.ts'
import { Visitor } from '../../fixtures/visitor.ts'

const REDIRECT = 'http://127.0.0.1:9/back'
const SCOPE = 'openid fhirUser launch/patient user/Patient.rs patient/*.rs offline_access'
const insecure = { [oauth.allowInsecureRequests]: true } as const

let server: oauth.AuthorizationServer
let app: oauth.Client
let visitor: Visitor

const house = useOpenDoor(async ({ baseUrl }) => {
  const issuer = new URL(baseUrl)
  server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
  const metadata = { redirect_uris: [REDIRECT], scope: SCOPE, token_endpoint_auth_method: 'none' }
  const registered = await oauth.dynamicClientRegistrationRequest(server, metadata, insecure)
  app = await oauth.processDynamicClientRegistrationResponse(registered)
  visitor = new Visitor(baseUrl, { username: 'dr.lin', password: 'sandbox', patient: 'amara' })
})

/** Goes to the authorization endpoint and comes back with checked parameters. */
async function authorize(changes: Record<string, string> = {}) {
  const [verifier, state, nonce] = [
    oauth.generateRandomCodeVerifier(),
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
  ]
  const url = new URL(server.authorization_endpoint ?? '')
  const parameters = {
    response_type: 'code',
    client_id: app.client_id,
    redirect_uri: REDIRECT,
    scope: SCOPE,
    aud: `${house().baseUrl}/fhir`,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...changes,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  const back = new URL(await visitor.follow(url.href, REDIRECT))
  return { callback: oauth.validateAuthResponse(server, app, back, state), verifier, nonce }
}

test('SEED-88: code, ID token, signature, refresh and the API, each checked by its own rules', async () => {
  const { callback, verifier, nonce } = await authorize()
  const reply = await oauth.authorizationCodeGrantRequest(
    server,
    app,
    oauth.None(),
    callback,
    REDIRECT,
    verifier,
    insecure,
  )
  const result = await oauth.processAuthorizationCodeResponse(server, app, reply, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  await oauth.validateApplicationLevelSignature(server, reply, insecure)
  assert.equal(result.patient, 'amara')
  assert.match(String(oauth.getValidatedIdTokenClaims(result)?.fhirUser), /\/fhir\/Practitioner\//)
  const refreshed = await oauth.refreshTokenGrantRequest(
    server,
    app,
    oauth.None(),
    result.refresh_token ?? '',
    insecure,
  )
  const next = await oauth.processRefreshTokenResponse(server, app, refreshed)
  const url = new URL(`${house().baseUrl}/fhir/Patient/amara`)
  const read = await oauth.protectedResourceRequest(next.access_token, 'GET', url, undefined, null, insecure)
  assert.equal(read.status, 200)
})

test('SEED-72, SEED-73: an access token is a JWT of its own type that a resource server checks by our keys', async () => {
  const { callback, verifier, nonce } = await authorize()
  const reply = await oauth.authorizationCodeGrantRequest(
    server,
    app,
    oauth.None(),
    callback,
    REDIRECT,
    verifier,
    insecure,
  )
  const { access_token } = await oauth.processAuthorizationCodeResponse(server, app, reply, {
    expectedNonce: nonce,
  })
  const request = new Request(`${house().baseUrl}/fhir/Patient`, {
    headers: { authorization: `Bearer ${access_token}` },
  })
  const claims = await oauth.validateJwtAccessToken(server, request, `${house().baseUrl}/fhir`, insecure)
  assert.equal(claims.client_id, app.client_id)
  assert.equal(claims.iss, house().baseUrl)
  assert.ok(claims.sub && claims.exp > claims.iat)
})

test('RFC-04: an error comes back with our issuer and the state, and the library reads it', async () => {
  await assert.rejects(authorize({ scope: 'nonsense' }), (error: oauth.AuthorizationResponseError) => {
    assert.equal(error.error, 'invalid_scope')
    return true
  })
})

test('RFC-08: a wrong secret is a challenge that the library reads', async () => {
  const metadata = {
    redirect_uris: [REDIRECT],
    scope: SCOPE,
    token_endpoint_auth_method: 'client_secret_basic',
  }
  const registered = await oauth.dynamicClientRegistrationRequest(server, metadata, insecure)
  const confidential = await oauth.processDynamicClientRegistrationResponse(registered)
  const wrong = oauth.ClientSecretBasic('wrong')
  const reply = await oauth.refreshTokenGrantRequest(server, confidential, wrong, 'x', insecure)
  await assert.rejects(oauth.processRefreshTokenResponse(server, confidential, reply), (error: Error) => {
    assert.ok(
      error instanceof oauth.WWWAuthenticateChallengeError || error instanceof oauth.ResponseBodyError,
    )
    assert.equal(reply.status, 401)
    return true
  })
})
