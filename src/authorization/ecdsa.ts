/**
 * ECDSA signatures as JWS has them, two plain numbers of one length side by side. node:crypto can give them so itself, but
 * then takes more than twice as long as for the DER that is made into them here.
 * @see RFC 7518 §3.4, RFC 3279 §2.2.3, X.690 §8.1.3 and §8.3
 */
const numberBytes = 32
/** SEQUENCE and its length, then INTEGER and its length: each of one byte, as the numbers of P-256 are short. */
const firstLengthAt = 3

/** The 64 bytes of a signature by a key on P-256 that node:crypto gave as DER. */
export function plainEs256(der: Buffer): Buffer {
  const first = readNumber(der, firstLengthAt)
  const second = readNumber(der, first.end + 1)
  const plain = Buffer.alloc(2 * numberBytes)
  placeNumber(first.digits, plain, numberBytes)
  placeNumber(second.digits, plain, 2 * numberBytes)
  return plain
}

function readNumber(der: Buffer, lengthAt: number): { readonly digits: Buffer; readonly end: number } {
  const start = lengthAt + 1
  const end = start + der.readUInt8(lengthAt)
  return { digits: der.subarray(start, end), end }
}

/** Right-aligned: a number is one byte longer where its sign needs it, and shorter where it begins with zeros. */
function placeNumber(digits: Buffer, plain: Buffer, end: number): void {
  const significant = digits.subarray(Math.max(0, digits.length - numberBytes))
  significant.copy(plain, end - significant.length)
}
