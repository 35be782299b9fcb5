// `state` goes back byte for byte, also where its bytes are no text. CODE-03, RFC 6749 §4.1.2.
import { OAuthError } from '../errors.ts'
import type { ResponseMode } from './check-response-mode.ts'

declare const encoded: unique symbol
/** The bytes of a `state`, percent-encoded: safe in any URL and header. */
export type EncodedState = string & { readonly [encoded]: true }

const longest = 16 * 1024

/**
 * Reads `state` from a raw query or form, bypassing text decoding, which would replace bytes that are not UTF-8.
 * Nothing when it is absent or empty. A repeated one counts as absent: which one would go back?
 */
export function parseState(raw: string): EncodedState | undefined {
  const values = raw.split('&').filter((pair) => nameOf(pair) === 'state')
  const [pair] = values
  if (values.length !== 1 || pair === undefined || !pair.includes('=')) return undefined
  const state = encodeBytes(decodeBytes(pair.slice(pair.indexOf('=') + 1)))
  return state === '' ? undefined : (state as EncodedState)
}

/** Refuses a state that no header could carry back, or that a form would not carry back as it came. */
export function checkState(state: EncodedState | undefined, responseMode: ResponseMode | undefined): void {
  if (state && state.length > longest) throw new OAuthError('stateTooLong')
  if (responseMode === 'form_post' && !isFormText(state ?? '')) throw new OAuthError('stateInForm')
}

/** Browsers rewrite line breaks in forms, and bytes that are no text cannot stand in one. */
function isFormText(encodedState: string): boolean {
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
    return !/[\u0000-\u001f\u007f]/.test(decodeURIComponent(encodedState))
  } catch {
    return false
  }
}

function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1)
  return name.includes('%') ? decodeBytes(name).toString('latin1') : name
}

/** Form decoding to bytes: `+` is a space, `%XX` a byte, and a stray `%` itself. */
function decodeBytes(text: string): Buffer {
  const plain = text.replaceAll('+', ' ')
  const binary = Buffer.from(plain, 'utf8').toString('latin1')
  const bytes = binary.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1')
}

function encodeBytes(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(
      /[^A-Za-z0-9\-._~]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
}
