// Asks for a metadata document: once for everybody who needs it, no redirects, public addresses only, small and soon.
// Draft OAuth Client ID Metadata Document §4, §8.6 (SSRF); RFC 9700 §4.11.
import type { Outbound } from '../../http/outbound.ts'
import { freshnessOf } from '../client-keys/cache-control.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import { OAuthError } from '../errors.ts'
import { parseDocument } from './client-document.ts'
import type { JsonObject } from './parse-metadata.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const limits = {
  accept: 'application/json',
  maxBytes: 32 * 1024,
  timeout: 5 * SECOND,
  // Anybody can have one asked for: slow ones hold up each other only.
  purpose: 'documents',
  publicOnly: true,
}
/** However short its author wants it kept: one sign-in asks several times. */
const KEPT_AT_LEAST = 1 * MINUTE

/** What came of asking; `wrong` is what the document says or does not, `away` is that nobody could be asked. */
export type Fetched =
  | { readonly metadata: ClientMetadata; readonly keptFor: number }
  | { readonly wrong: string }
  | { readonly away: string }

/** Makes the asking. */
export function createDocumentFetch(outbound: Pick<Outbound, 'get'>): (id: string) => Promise<Fetched> {
  const running = new Map<string, Promise<Fetched>>()
  return (id) => {
    const asked = running.get(id) ?? ask(id, outbound).finally(() => running.delete(id))
    running.set(id, asked)
    return asked
  }
}

async function ask(id: string, outbound: Pick<Outbound, 'get'>): Promise<Fetched> {
  const answer = await outbound.get(id, limits)
  if ('refused' in answer) {
    const isAway = ['timeout', 'unreachable', 'busy'].includes(answer.refused)
    return isAway
      ? { away: 'cannot be reached' }
      : { wrong: wordsOf[answer.refused] ?? 'may not be asked for' }
  }
  if (answer.status >= 500) return { away: `answers with status ${answer.status}` }
  if (answer.status !== 200) return { wrong: `answers with status ${answer.status}, not 200` }
  if (!isJson(answer.headers['content-type'] ?? '')) return { wrong: 'is not application/json' }
  const document = parse(answer.body)
  if (!document) return { wrong: 'is not a JSON object' }
  try {
    const metadata = parseDocument(id, document)
    return { metadata, keptFor: Math.max(KEPT_AT_LEAST, freshnessOf(answer.headers)) }
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    return { wrong: `has a member that is not acceptable: ${error.text}` }
  }
}

const wordsOf: Readonly<Record<string, string>> = {
  destination: 'may not be asked for',
  address: 'is at an address that may not be asked',
  redirect: 'answers with a redirect',
  tooLarge: 'is too large',
  unreadable: 'is not text',
}

function isJson(type: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined
  } catch {
    return undefined
  }
}
