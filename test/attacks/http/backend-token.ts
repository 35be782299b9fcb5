/** Backend services of the hospital, each of its own, registered for everything. */
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Hospital } from './hospital.ts'

const keys = generateKeyPair('ES384')
let apps = 0

/** The access token of a backend service of its own that asks for these scopes. */
export async function backendToken(
  { base, stores }: Hospital,
  scope: string,
  id = `backend-${++apps}`,
): Promise<string> {
  const { publicKey, privateKey } = await keys
  await stores.clients.add({
    id,
    name: id,
    authMethod: 'private_key_jwt',
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'k' }] },
    redirectUris: [],
    grantTypes: ['client_credentials'],
    scope: 'system/*.cruds',
    createdAt: 0,
  })
  const assertion = await new SignJWT({ jti: id })
    .setProtectedHeader({ alg: 'ES384', kid: 'k', typ: 'JWT' })
    .setIssuer(id)
    .setSubject(id)
    .setAudience(`${base}/oauth/token`)
    .setExpirationTime('4 minutes')
    .sign(privateKey)
  const reply = await fetch(`${base}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  })
  return ((await reply.json()) as { access_token: string }).access_token
}
