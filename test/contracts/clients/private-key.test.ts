/** Strangers' clients that prove themselves by a private key: what they send and expect is by their own reading of the standards. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import smart from 'fhirclient'
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import type { Client } from '../../../src/authorization/client.ts'
import { password, useHospital } from '../../attacks/http/hospital.ts'
import { Visitor } from '../../fixtures/visitor.ts'

const hospital = useHospital()
const allowed = { [oauth.allowInsecureRequests]: true } as const
const scope = 'system/Patient.rs system/Observation.rs'
const redirectUri = 'http://127.0.0.1:9/back'

let apps = 0

/** An app with a key of its own for this algorithm. */
async function keyed(alg: string, changes: Partial<Client>) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const id = `keyed-${++apps}`
  await hospital().stores.clients.add({
    id,
    name: id,
    authMethod: 'private_key_jwt',
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg }] },
    redirectUris: [],
    grantTypes: ['client_credentials'],
    scope,
    createdAt: 0,
    ...changes,
  })
  return { id, privateKey: privateKey as CryptoKey & globalThis.CryptoKey }
}

const userApp = (uri = redirectUri): Partial<Client> => ({
  redirectUris: [uri],
  grantTypes: ['authorization_code', 'refresh_token'],
  scope: 'openid fhirUser launch/patient patient/*.rs offline_access',
})

async function readPatient(token: string): Promise<number> {
  return (await hospital().ask(token, 'Patient/b')).status
}

for (const alg of ['RS384', 'ES384', 'RS256', 'ES256', 'PS256', 'PS384', 'Ed25519']) {
  test(`BKND-05, BKND-07, CAUTH-35: oauth4webapi finds the server and has a backend token by ${alg}`, async () => {
    const { id, privateKey } = await keyed(alg, {})
    const issuer = new URL(hospital().base)
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...allowed }),
    )
    const client = { client_id: id }
    const reply = await oauth.clientCredentialsGrantRequest(
      server,
      client,
      oauth.PrivateKeyJwt({ key: privateKey, kid: 'k' }),
      { scope },
      allowed,
    )
    const tokens = await oauth.processClientCredentialsResponse(server, client, reply)
    assert.deepEqual([tokens.scope, tokens.expires_in, tokens.refresh_token], [scope, 300, undefined])
    assert.equal(await readPatient(tokens.access_token), 200)
  })
}

const insecure = { execute: [openid.allowInsecureRequests] }

test('BKND-05, BKND-25: openid-client has a backend token, and reads with it', async () => {
  const { id, privateKey } = await keyed('ES384', {})
  const by = openid.PrivateKeyJwt({ key: privateKey, kid: 'k' })
  const config = await openid.discovery(new URL(hospital().base), id, undefined, by, insecure)
  const { access_token } = await openid.clientCredentialsGrant(config, { scope })
  const url = new URL(`${hospital().base}/fhir/Patient/b`)
  const reply = await openid.fetchProtectedResource(config, access_token, url, 'GET')
  assert.equal(((await reply.json()) as { id?: string }).id, 'b')
  await assert.rejects(openid.clientCredentialsGrant(config, { scope: 'system/*.cruds' }), {
    error: 'invalid_scope',
  })
})

test('TOK-08, TOK-10, CAUTH-23: openid-client redeems a code and refreshes by its key, with a person at the browser', async () => {
  const { id, privateKey } = await keyed('ES256', userApp())
  const by = openid.PrivateKeyJwt({ key: privateKey, kid: 'k' })
  const config = await openid.discovery(new URL(hospital().base), id, undefined, by, insecure)
  const verifier = openid.randomPKCECodeVerifier()
  const [state, nonce] = [openid.randomState(), openid.randomNonce()]
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: String(userApp().scope),
    aud: `${hospital().base}/fhir`,
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const visitor = new Visitor(hospital().base, { username: 'patient', password })
  const back = new URL(await visitor.follow(url.href, redirectUri))
  const tokens = await openid.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  assert.equal(tokens.patient, 'a')
  const next = await openid.refreshTokenGrant(config, tokens.refresh_token ?? '')
  assert.notEqual(next.access_token, tokens.access_token)
})

for (const alg of ['ES384', 'RS384'] as const) {
  test(`CAUTH-16, CAUTH-24, CAUTH-26, CAUTH-27: fhirclient on a server signs in by its ${alg} key, and reads`, async (t) => {
    const kept = new Map<string, unknown>()
    const storage = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: unknown) => {
        kept.set(key, value)
        return value
      },
      unset: async (key: string) => kept.delete(key),
    }
    const server = createServer((request, response) => {
      answer(request, response).catch((error: Error) => response.writeHead(500).end(error.stack))
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    t.after(() => server.close())
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { id, privateKey } = await keyed(alg, userApp(`${address}/back`))
    const clientPrivateJwk = { ...(await exportJWK(privateKey)), kid: 'k', alg }

    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const api = smart(request as never, response as never, storage as never)
      if (request.url?.startsWith('/start')) {
        await api.authorize({
          clientId: id,
          clientPrivateJwk: clientPrivateJwk as never,
          scope: String(userApp().scope),
          redirectUri: '/back',
          iss: `${hospital().base}/fhir`,
        })
        return
      }
      const client = await api.ready()
      // Its refresh knows no keys, so that it ends here.
      const patient = (await client.patient.read()) as { id?: string }
      response.end(JSON.stringify({ patient: patient.id, user: client.user.fhirUser }))
    }

    const visitor = new Visitor(hospital().base, { username: 'patient', password })
    const back = await visitor.follow(`${address}/start`, `${address}/back`)
    const reply = await fetch(back)
    const text = await reply.text()
    assert.equal(reply.status, 200, text)
    assert.deepEqual(JSON.parse(text), { patient: 'a', user: 'Patient/a' })
  })
}
