/**
 * The bare cryptography of introspection behind `node:http`: verifies the signature of the token in the form, answers what was
 * answered of it. Argument: as JSON the public keys of the server under test and one answer of it.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const { keys, answer } = JSON.parse(process.argv[2] ?? '{}') as { keys: { kid: string }[]; answer: object }
const byId = new Map<string, KeyObject>(
  keys.map((jwk) => [jwk.kid, createPublicKey({ key: jwk as never, format: 'jwk' })]),
)

const server = createServer((request, response) => {
  let text = ''
  request.on('data', (chunk) => (text += chunk))
  request.on('end', () => {
    const body = JSON.stringify(
      isGood(new URLSearchParams(text).get('token') ?? '') ? answer : { active: false },
    )
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))

function isGood(token: string): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }
  const key = byId.get(kid)
  if (key === undefined) return false
  const verifying = { key, dsaEncoding: 'ieee-p1363' as const }
  return verify('sha256', Buffer.from(`${header}.${payload}`), verifying, Buffer.from(signature, 'base64url'))
}
