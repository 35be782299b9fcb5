/**
 * The bare signatures behind `node:http`: takes a form, signs tokens with the claims of ours, answers them as JSON.
 * No store, no checks, no framework; what the token endpoint could reach if it did nothing else.
 * Argument: a token reply of the server under test.
 */
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

const reply = JSON.parse(process.argv[2] ?? '{}') as Record<string, unknown>
const signers = ['access_token', 'id_token'].flatMap((member) => {
  const token = reply[member]
  return typeof token === 'string' ? [{ member, make: signer(token) }] : []
})

const server = createServer((request, response) => {
  request.on('data', () => undefined)
  request.on('end', () => {
    const tokens = Object.fromEntries(signers.map(({ member, make }) => [member, make()]))
    const body = JSON.stringify({ ...reply, ...tokens })
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    response.end(body)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))

/** Makes tokens with the header and claims of `sample`, each with an id of its own. */
function signer(sample: string): () => string {
  const [header = '', payload = ''] = sample.split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg: string }
  const key = alg === 'ES256' ? { key: ec, dsaEncoding: 'ieee-p1363' as const } : { key: rsa }
  return () => {
    const now = Math.floor(Date.now() / 1_000)
    const content = JSON.stringify({ ...claims, iat: now, exp: now + 600, jti: randomUUID() })
    const input = `${header}.${Buffer.from(content).toString('base64url')}`
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
  }
}
