/**
 * ECDSA signatures as JWS has them, two plain numbers of one length side by side, and as node:crypto has them, in DER. It
 * could turn one into the other itself, but then takes half as long again to check a signature, and twice as long to make one.
 * @see RFC 7518 §3.4, RFC 3279 §2.2.3, X.690 §8.1.3 and §8.3
 */

/** How many bytes a number of P-256 has. */
export const p256Bytes = 32
/** How many bytes a number of P-384 has. */
export const p384Bytes = 48

const sequence = 0x30
const integer = 0x02
/** SEQUENCE and its length, then INTEGER and its length: each of one byte, as the numbers of both curves are short. */
const firstLengthAt = 3

/** The two plain numbers of a signature in DER that node:crypto made. */
export function plainSignature(der: Buffer, numberBytes: number): Buffer {
  const first = readNumber(der, firstLengthAt)
  const second = readNumber(der, first.end + 1)
  const plain = Buffer.alloc(2 * numberBytes)
  placeNumber(first.digits, plain, numberBytes)
  placeNumber(second.digits, plain, 2 * numberBytes)
  return plain
}

/** The same signature in DER; nothing when it is not two numbers of that length. */
export function derSignature(plain: Buffer, numberBytes: number): Buffer | undefined {
  if (plain.length !== 2 * numberBytes) return undefined
  const first = significant(plain, 0, numberBytes)
  const second = significant(plain, numberBytes, plain.length)
  const der = Buffer.alloc(2 + sizeOf(first) + sizeOf(second))
  der[0] = sequence
  der[1] = der.length - 2
  writeNumber(second, der, writeNumber(first, der, 2))
  return der
}

function readNumber(der: Buffer, lengthAt: number): { readonly digits: Buffer; readonly end: number } {
  const start = lengthAt + 1
  const end = start + der.readUInt8(lengthAt)
  return { digits: der.subarray(start, end), end }
}

/** Right-aligned: a number is one byte longer where its sign needs it, and shorter where it begins with zeros. */
function placeNumber(digits: Buffer, plain: Buffer, end: number): void {
  const significant = digits.subarray(Math.max(0, digits.length - plain.length / 2))
  significant.copy(plain, end - significant.length)
}

/** Without the zeros before it; zero itself is one of them. */
function significant(plain: Buffer, start: number, end: number): Buffer {
  let at = start
  while (at < end - 1 && plain[at] === 0) at++
  return plain.subarray(at, end)
}

/** A number whose highest bit is set would be a negative one. */
function needsZero(digits: Buffer): boolean {
  return digits.readUInt8(0) >= 0x80
}

function sizeOf(digits: Buffer): number {
  return 2 + (needsZero(digits) ? 1 : 0) + digits.length
}

/** Gives where the next thing goes. */
function writeNumber(digits: Buffer, der: Buffer, at: number): number {
  const end = at + sizeOf(digits)
  der[at] = integer
  der[at + 1] = end - at - 2
  digits.copy(der, end - digits.length)
  return end
}
