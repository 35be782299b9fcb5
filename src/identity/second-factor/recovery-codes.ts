/** Recovery codes: ten of 80 random bits, each for one sign-in without the second factor; the store has digests only. */
import { createHash, randomBytes } from 'node:crypto'

const CODES = 10
const CODE_BYTES = 10
const GROUP = /.{4}(?=.)/g
/** No I, L, O or U, which are misread: Crockford's base 32. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const BITS = 5
const MISREAD: Readonly<Record<string, string>> = { I: '1', L: '1', O: '0' }

/** Ten new codes, as they are shown: `XXXX-XXXX-XXXX-XXXX`. */
export function makeRecoveryCodes(random: (bytes: number) => Buffer = randomBytes): string[] {
  return Array.from({ length: CODES }, () => base32(random(CODE_BYTES)).replaceAll(GROUP, '$&-'))
}

/** What the store keeps of a code, however it is typed. */
export function hashRecoveryCode(accountId: string, typed: string): string {
  const code = typed
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll(/[ILO]/g, (letter) => MISREAD[letter] ?? letter)
  return createHash('sha256').update(`recovery\n${accountId}\n${code}`).digest('base64url')
}

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(new RegExp(`.{${BITS}}`, 'g')) ?? [])
    .map((group) => ALPHABET[Number.parseInt(group, 2)])
    .join('')
}
