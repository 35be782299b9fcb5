/** A backend service with keys of every kind, and the assertions that it, or somebody in its name, could send. */
import assert from 'node:assert/strict'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import type { Client } from '../../../src/authorization/client.ts'
import { ask } from './visit.ts'
import { baseUrl, createWorld, start, type World } from './world.ts'

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
export const tokenEndpoint = `${baseUrl}/oauth/token`

/** A key pair as its owner has it. */
export interface Pair {
  readonly kid: string
  readonly alg: string
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

/** Made once for all tests of a file: an RSA key takes long. */
const made = new Map<string, Promise<Pair>>()

/** The key pair of that name; `alg` says what kind. */
export function keyPair(alg: string, kid = alg): Promise<Pair> {
  const name = `${alg} ${kid}`
  const known = made.get(name) ?? makePair(alg, kid)
  made.set(name, known)
  return known
}

async function makePair(alg: string, kid: string): Promise<Pair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid } }
}

/** A backend service that registered these keys. */
export async function backendOf(pairs: readonly Pair[], changes: Partial<Client> = {}): Promise<Client> {
  return {
    id: 'backend',
    name: 'Nightly Export',
    authMethod: 'private_key_jwt',
    jwks: { keys: pairs.map(({ jwk }) => ({ ...jwk })) },
    redirectUris: [],
    grantTypes: ['client_credentials'],
    scope: 'system/Patient.rs system/Observation.rs',
    createdAt: start,
    ...changes,
  }
}

type Members = Readonly<Record<string, unknown>>

/** What a good assertion says, and how members of it are replaced, or left out with nothing. */
export interface Changes {
  readonly header?: Members
  readonly claims?: Members
  /** Instead of the key's owner. */
  readonly key?: CryptoKey | Uint8Array
}

let assertions = 0

export function goodClaims(world: World): Record<string, unknown> {
  const now = Math.floor(world.now() / 1000)
  return { iss: 'backend', sub: 'backend', aud: tokenEndpoint, exp: now + 300, jti: `jti-${++assertions}` }
}

/** An assertion of the backend service, signed. */
export async function assertionOf(world: World, pair: Pair, changes: Changes = {}): Promise<string> {
  const header = { alg: pair.alg, kid: pair.kid, typ: 'JWT', ...changes.header }
  const jwt = new SignJWT(without({ ...goodClaims(world), ...changes.claims }))
  return jwt.setProtectedHeader(without(header) as { alg: string }).sign(changes.key ?? pair.privateKey)
}

function without(members: Members): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

/** Any text as an assertion: parts that no library would sign. */
export function unsigned(header: object, claims: object, signature = ''): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode(header)}.${encode(claims)}.${signature}`
}

/** Asks for a token with an assertion. */
export function askWith(world: World, assertion: string, changes: Record<string, string> = {}) {
  return ask(world, {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: jwtBearer,
    client_assertion: assertion,
    ...changes,
  })
}

/** A world with a backend service that has an ES384 and an RS384 key, unless `changes` say otherwise. */
export async function worldOf(changes: Partial<Client> = {}, others: readonly Client[] = []): Promise<World> {
  const own = await backendOf([await keyPair('ES384'), await keyPair('RS384')], changes)
  return createWorld({ clients: [own, ...others] })
}

/** Refused as SMART says, with nothing left behind: no grant, and the good assertion still works. */
export async function assertRefused(
  world: World,
  assertion: string,
  text: RegExp,
  changes: Record<string, string> = {},
) {
  const { status, body, headers } = await askWith(world, assertion, changes)
  assert.equal(status, 400, body.error_description as string)
  assert.equal(body.error, 'invalid_client')
  assert.match(String(body.error_description), text)
  assert.equal('access_token' in body, false)
  assert.equal(headers['cache-control'], 'no-store')
  const row = await world.sql.get<{ n: number }>('SELECT count(*) AS n FROM grants')
  assert.equal(Number(row?.n), 0)
}

/** Refused in a world where something was given before. */
export async function assertInvalidClient(
  world: World,
  assertion: string,
  changes: Record<string, string>,
): Promise<void> {
  const { status, body } = await askWith(world, assertion, changes)
  assert.deepEqual([status, body.error], [400, 'invalid_client'])
}
