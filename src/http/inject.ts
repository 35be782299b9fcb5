/** Requests to a server in the same process, as plain values: for tests, and for parts of the server that ask others. */
import type { FastifyInstance } from 'fastify'

/** A request that needs no network. */
export interface InjectedRequest {
  readonly method?: string
  /** Path and query below the base URL. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Sent as `application/x-www-form-urlencoded`; pairs when a name comes more than once. */
  readonly form?: Readonly<Record<string, string>> | readonly (readonly [string, string])[]
  /** By bare name. */
  readonly cookies?: Readonly<Record<string, string>>
  readonly remoteAddress?: string
}

/** Its answer; header names in lower case. */
export interface InjectedReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
  /** The body where it is no text. */
  readonly bytes: Uint8Array
  /** The cookies that were set, by bare name; a removed one is the empty text. */
  readonly cookies: Readonly<Record<string, string>>
  readonly setCookies: readonly string[]
}

/** Sends the request through the server's whole way, without a port. */
export async function injectInto(
  server: FastifyInstance,
  request: InjectedRequest,
  secure: boolean,
): Promise<InjectedReply> {
  const reply = await server.inject({
    method: (request.method ?? (request.form || request.body ? 'POST' : 'GET')) as 'GET',
    url: request.url,
    headers: headersOf(request, secure),
    payload: request.form ? formText(request.form) : payloadOf(request.body),
    remoteAddress: request.remoteAddress ?? '127.0.0.1',
  })
  const setCookies = listOf(reply.headers['set-cookie'])
  return {
    status: reply.statusCode,
    headers: reply.headers as Record<string, string | undefined>,
    body: reply.body,
    bytes: reply.rawPayload,
    cookies: Object.fromEntries(setCookies.map(nameAndValue)),
    setCookies,
  }
}

function payloadOf(body: InjectedRequest['body']): string | Buffer | undefined {
  return typeof body === 'object' ? Buffer.from(body) : body
}

function headersOf(request: InjectedRequest, secure: boolean): Record<string, string> {
  const cookies = Object.entries(request.cookies ?? {}).map(
    ([name, value]) => `${secure ? '__Host-' : ''}${name}=${value}`,
  )
  return {
    ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
    ...(request.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...request.headers,
  }
}

function formText(form: NonNullable<InjectedRequest['form']>): string {
  const pairs: [string, string][] = Array.isArray(form) ? [...form] : Object.entries(form)
  return new URLSearchParams(pairs).toString()
}

function listOf(value: string | string[] | number | undefined): string[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [String(value)]
}

function nameAndValue(cookie: string): [string, string] {
  const pair = cookie.split(';', 1)[0] ?? ''
  const equals = pair.indexOf('=')
  return [pair.slice(0, equals).replace(/^__(?:Host|Secure)-/, ''), pair.slice(equals + 1)]
}
