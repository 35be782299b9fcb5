/** OpenID conformance suite, plan «Back-Channel OP»: the client hears of the logout at an address of its own. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { type Served, serve } from '../../fixtures/process.ts'
import { temporaryFolder } from '../../fixtures/temporary-folder.ts'
import { get, jsonOf } from './fixture/asked.ts'
import {
  callback,
  postLogout,
  type RelyingParty,
  redirected,
  requestOf,
  signIn,
} from './fixture/relying-party.ts'
import { patient } from './fixture/sandbox.ts'

const verifier = 'a-verifier-of-these-tests-that-has-more-than-43-characters'

/** A party that registers itself: it uses PKCE. */
async function register({ base }: Served, notices: string): Promise<RelyingParty> {
  const reply = await fetch(`${base}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'OpenID conformance suite',
      redirect_uris: [callback],
      post_logout_redirect_uris: [postLogout],
      backchannel_logout_uri: notices,
      scope: 'openid',
    }),
  })
  const { client_id: id, client_secret: secret } = (await reply.json()) as Record<string, string>
  return { base, id: id ?? '', secret: secret ?? '', method: 'client_secret_basic' }
}

test('oidcc-backchannel-rp-initiated-logout: the notice is a signed logout token of that session, and the session is over', async (t) => {
  const server = await serve(temporaryFolder('back-channel'), '--sandbox')
  t.after(() => server.stop())
  const listener = createServer()
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  t.after(() => listener.close())
  const heard = new Promise<{ type: string | undefined; body: string }>((resolve, reject) => {
    listener.once('request', (request, response) => {
      text(request).then((body) => {
        response.writeHead(200, { 'cache-control': 'no-store' }).end()
        resolve({ type: request.headers['content-type'], body })
      }, reject)
    })
  })
  const party = await register(
    server,
    `http://127.0.0.1:${(listener.address() as AddressInfo).port}/backchannel_logout`,
  )
  const config = jsonOf(await get(`${party.base}/.well-known/openid-configuration`))
  assert.deepEqual(
    [config.backchannel_logout_supported, config.backchannel_logout_session_supported],
    [true, true],
  )
  const browser = patient(party.base)
  const code_challenge = createHash('sha256').update(verifier).digest('base64url')
  const pkce = { code_challenge, code_challenge_method: 'S256' }
  const { tokens, claims } = await signIn(party, browser, pkce, { code_verifier: verifier })
  const query = new URLSearchParams({
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: postLogout,
    state: 'end',
  })
  const reply = await browser.send(`${config.end_session_endpoint}?${query}`)
  assert.equal(reply.headers.get('location'), `${postLogout}?state=end`)

  const { type, body } = await heard
  assert.match(type ?? '', /^application\/x-www-form-urlencoded/)
  const form = new URLSearchParams(body)
  assert.deepEqual([...form.keys()], ['logout_token'])
  const keys = createRemoteJWKSet(new URL(config.jwks_uri))
  const options = { issuer: party.base, audience: party.id, algorithms: ['RS256'] }
  const { payload } = await jwtVerify(form.get('logout_token') ?? '', keys, options)
  assert.deepEqual([payload.sub, payload.sid], [claims.sub, claims.sid])
  assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} })
  assert.ok(payload.iat && payload.exp && payload.jti && !('nonce' in payload))
  const back = await redirected(party, browser, requestOf(party, { ...pkce, prompt: 'none' }))
  assert.equal(back.searchParams.get('error'), 'login_required')
})
