/** Apps that register themselves, and change while somebody reads about them: for attacks on approval. */
import assert from 'node:assert/strict'
import { baseUrl, type World } from './world.ts'

export const redirect = 'https://charts.example/cb'
/** What nobody would think twice about. */
export const harmless = {
  client_name: 'Growth charts',
  redirect_uris: [redirect],
  token_endpoint_auth_method: 'none',
  scope: 'openid launch patient/Observation.rs',
}
export const jwks_uri = 'https://evil.example/jwks.json'
/** Rights on the server itself. */
export const administration = {
  client_name: 'Growth charts',
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'private_key_jwt',
  jwks_uri,
  scope: 'chartkey.admin ehr.launch system/*.cruds',
}

async function send(
  { app }: Pick<World, 'app'>,
  method: 'POST' | 'GET' | 'PUT' | 'DELETE',
  url: string,
  body?: object,
  token?: string,
) {
  const reply = await app.inject({
    method,
    url: url.replace(baseUrl, ''),
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return {
    status: reply.status,
    body: (reply.body === '' ? {} : JSON.parse(reply.body)) as Record<string, unknown>,
  }
}

/** An app that was registered, and how it speaks to its registration. */
export async function registered(world: Pick<World, 'app'>, metadata: object = harmless) {
  const { status, body } = await send(world, 'POST', '/oauth/register', metadata)
  assert.equal(status, 201, JSON.stringify(body))
  const [id, uri] = [String(body.client_id), String(body.registration_client_uri)]
  const own = (method: 'GET' | 'PUT' | 'DELETE', sent?: object) =>
    send(world, method, uri, sent && { client_id: id, ...sent }, String(body.registration_access_token))
  return { id, own, put: (sent: object) => own('PUT', sent) }
}
