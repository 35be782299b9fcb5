/** What holds for every answer, whatever was asked. */
import assert from 'node:assert/strict'
import type { InjectedReply } from '../../src/http/inject.ts'
import type { Fuzzed } from './requests.ts'

const HEADER = /^[\t\x20-\x7e\x80-\xff]*$/
/** RFC 6749 §5.2. */
const ERROR = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/
const MARKUP = /<script>alert|<img src=x|onerror=alert\(1\)>/
/** Interactions that are refused as not built, in their own format. */
const NOT_BUILT = 501
/** The longest that any request may take, with a machine as busy as it likes to be. */
const LIMIT_MS = 30_000

/** Fails when a reply is a fault of the server, or not in the format that its address documents. */
export function judge({ mount, request }: Fuzzed, reply: InjectedReply): void {
  const { status, headers, body } = reply
  assert.ok(
    status < 500 || (status === NOT_BUILT && mount.startsWith('/fhir')),
    `${status}: ${body.slice(0, 500)}`,
  )
  for (const [name, value] of Object.entries(headers))
    for (const one of Array.isArray(value) ? value : [value]) assert.match(String(one ?? ''), HEADER, name)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.match(headers['content-security-policy'] ?? '', /^default-src 'none'; script-src 'self'/)
  const type = headers['content-type'] ?? ''
  if (type.startsWith('text/html')) assert.doesNotMatch(body, MARKUP)
  assert.ok(staysHere(headers.location), `sent to ${headers.location}`)
  assert.ok(headers['set-cookie'] === undefined || !String(headers['set-cookie']).includes('stolen'))
  // Who brought no token is told that one is needed, and of no error (RFC 6750 §3.1).
  const isBareChallenge =
    status === 401 && /^(?:Bearer|DPoP)\b(?!.*error=)/.test(headers['www-authenticate'] ?? '')
  if (status >= 400 && request.method !== 'HEAD' && !(isBareChallenge && body === '{}'))
    judgeRefusal(mount, status, type, body)
}

/** OAuth errors as JSON, FHIR errors as an OperationOutcome, everything else as a page. */
function judgeRefusal(mount: string, status: number, type: string, body: string): void {
  if (type.startsWith('application/json')) {
    const { error, error_description } = JSON.parse(body) as Record<string, unknown>
    assert.equal(typeof error, 'string', body)
    assert.match(String(error), ERROR)
    if (error_description !== undefined) assert.match(String(error_description), ERROR)
  } else if (type.startsWith('application/fhir')) {
    assert.equal((JSON.parse(body) as Record<string, unknown>).resourceType, 'OperationOutcome')
  } else if (!type.startsWith('image/') && body !== '') {
    assert.match(type, /^text\/(?:html|plain)/, `${mount} answered ${status} as ${type}`)
  }
}

/** Only to ourselves, or to where the app of the sandbox registered. */
function staysHere(location: string | undefined): boolean {
  if (location === undefined) return true
  return new URL(location, 'http://localhost:8080').origin === 'http://localhost:8080'
}

/** The reply, or a failure when there is none within half a minute. */
export async function inTime(reply: Promise<InjectedReply>): Promise<InjectedReply> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer in ${LIMIT_MS} ms`)), LIMIT_MS)
  try {
    return await Promise.race([reply, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
