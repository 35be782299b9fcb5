/**
 * The app that a request says it is of; whether that is true is found out later. Read as the endpoints read it, so that one
 * app has one name however it is spelt: what would be read otherwise would be counted as somebody else's.
 */
import { Params } from './params.ts'
import type { HttpRequest } from './route.ts'

/** Reads the name of whose a request is; nothing where it names nobody. */
export type NameOf = (request: HttpRequest) => string | undefined

/** Characters; no longer one is looked at as an assertion. */
const LONGEST_ASSERTION = 8192
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i

/** The app that authenticates, or would: by an assertion, by the header, or by its name alone. RFC 6749 §2.3, RFC 7521 §4.2 */
export const authenticatingClient: NameOf = (request) => {
  const form = formOf(request)
  const assertion = form?.get('client_assertion')
  if (assertion !== undefined) return subjectOf(assertion)
  return basicId(request.headers.authorization) ?? form?.get('client_id')
}

/** The app for which somebody asks in a browser: by name only, where the request has its parameters. RFC 6749 §3.1 */
export const askingClient: NameOf = (request) =>
  (request.method === 'POST' ? formOf(request) : queryOf(request))?.get('client_id')

function basicId(authorization: string | undefined): string | undefined {
  const [, encoded] = BASIC.exec(authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const [id = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)
  try {
    return decodeURIComponent(id.replaceAll('+', ' '))
  } catch {
    return id
  }
}

function subjectOf(assertion: string): string | undefined {
  const payload = assertion.split('.', 2)[1]
  if (payload === undefined || assertion.length > LONGEST_ASSERTION) return undefined
  try {
    // Without a byte order mark, which whoever checks the assertion does not see either.
    const claims: unknown = JSON.parse(new TextDecoder().decode(Buffer.from(payload, 'base64url')))
    const sub = (claims as { sub?: unknown } | null)?.sub
    return typeof sub === 'string' ? sub : undefined
  } catch {
    return undefined
  }
}

/** The form as far as it can be read. */
export function formOf(request: HttpRequest): Params | undefined {
  return paramsOf(() => request.form, request.body)
}

function queryOf(request: HttpRequest): Params | undefined {
  return paramsOf(() => request.query, request.search)
}

/** Where one endpoint refuses what is malformed, another leaves it as it stands, and passes by a question mark before it. */
function paramsOf(read: () => Params, text: string): Params | undefined {
  try {
    if (!text.startsWith('?')) return read()
  } catch {
    // Read as far as it goes.
  }
  try {
    return Params.parse(text)
  } catch {
    return undefined
  }
}
