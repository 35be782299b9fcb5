/**
 * The bare cryptography of client credentials behind `node:http`: verifies the assertion of the form and signs an access
 * token with claims like ours. No store, no replay, no checks. Argument: as JSON the public key and a token reply of the server under test.
 */
import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const { jwk, reply } = JSON.parse(process.argv[2] ?? '{}') as {
  jwk: { kty: string }
  reply: Record<string, unknown>
}
const key = createPublicKey({ key: jwk as never, format: 'jwk' })
const verifying = jwk.kty === 'EC' ? { key, dsaEncoding: 'ieee-p1363' as const } : key
const signing = {
  key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  dsaEncoding: 'ieee-p1363' as const,
}
const [header = '', payload = ''] = String(reply.access_token).split('.')
const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>

const server = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk) => (text += chunk))
  request.on('end', () => {
    const [head = '', body = '', signature = ''] = (
      new URLSearchParams(text).get('client_assertion') ?? ''
    ).split('.')
    const good = verify(
      'sha384',
      Buffer.from(`${head}.${body}`),
      verifying,
      Buffer.from(signature, 'base64url'),
    )
    const answer = JSON.stringify(
      good ? { ...reply, access_token: makeToken() } : { error: 'invalid_client' },
    )
    response.writeHead(good ? 200 : 400, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
      'cache-control': 'no-store',
    })
    response.end(answer)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))

function makeToken(): string {
  const now = Math.floor(Date.now() / 1_000)
  const content = JSON.stringify({ ...claims, iat: now, exp: now + 300, jti: randomUUID() })
  const input = `${header}.${Buffer.from(content).toString('base64url')}`
  return `${input}.${sign('sha256', Buffer.from(input), signing).toString('base64url')}`
}
