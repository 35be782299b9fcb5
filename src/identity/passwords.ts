/**
 * Passwords as argon2id hashes with the parameters OWASP recommends, each hash naming its own parameters.
 * @see OWASP Password Storage Cheat Sheet; RFC 9106
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { threads } from '../http/threads.ts'
import { createGate } from './gate.ts'

const MEMORY_KIB = 19 * 1024
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const HASH_BYTES = 32
const LONGEST_PASSWORD = 1024
const HASH =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,128})\$([A-Za-z0-9+/]{16,256})$/

const HEAD = `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$`

const derive = promisify(argon2)
/** One of the other threads is always left to those who sign and write: however many sign in, nobody else waits for their passwords. */
const gate = createGate(Math.max(threads - 1, 1))

/** `$argon2id$v=19$m=…,t=…,p=…$salt$hash` of a password. */
export async function hashPassword(
  password: string,
  random: (bytes: number) => Buffer = randomBytes,
): Promise<string> {
  const salt = random(SALT_BYTES)
  const hash = await deriveKey(password, {
    salt,
    memory: MEMORY_KIB,
    passes: PASSES,
    lanes: LANES,
    bytes: HASH_BYTES,
  })
  return `${HEAD}${encode(salt)}$${encode(hash)}`
}

/** Whether a hash was made with other parameters than today's, so that the next sign-in should make it anew. */
export function isOutdated(stored: string): boolean {
  return !stored.startsWith(HEAD)
}

/** Whether `password` is the one behind `stored`; a hash of another kind, or none, fits no password. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const parts = HASH.exec(stored)
  if (!parts || password.length > LONGEST_PASSWORD) return false
  const expected = Buffer.from(parts[5] ?? '', 'base64')
  const salt = Buffer.from(parts[4] ?? '', 'base64')
  const [memory, passes, lanes] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const given = await deriveKey(password, { salt, memory, passes, lanes, bytes: expected.length })
  return timingSafeEqual(given, expected)
}

interface Cost {
  readonly salt: Buffer
  readonly memory: number
  readonly passes: number
  readonly lanes: number
  readonly bytes: number
}

function deriveKey(password: string, cost: Cost): Promise<Buffer> {
  const message = password.normalize('NFKC')
  const { salt: nonce, memory, passes, lanes: parallelism, bytes: tagLength } = cost
  return gate(() => derive('argon2id', { message, nonce, memory, passes, parallelism, tagLength }))
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
