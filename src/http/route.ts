/**
 * What a role knows of HTTP: a table of routes, a request as plain values, a reply as plain values.
 * Fastify stays behind `http/app.ts`; no rule ever sees its types.
 */
import type { Params } from './params.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may read the reply from another origin: nobody, anybody, or an origin that `allows` admits. */
export type Cors = 'none' | 'any' | 'registered'

export interface HttpRequest {
  readonly id: string
  readonly method: string
  /** The path as it was sent, percent-encoding intact, without the query. */
  readonly path: string
  /** The part of the path behind a route's trailing `*`, without a leading slash, percent-encoding intact. */
  readonly rest: string
  /** Named path segments (`:name`), percent-decoded. */
  readonly segments: Readonly<Record<string, string>>
  /** The raw query string without `?`. */
  readonly search: string
  readonly query: Params
  /** The form fields when the body is `application/x-www-form-urlencoded`, else empty. */
  readonly form: Params
  /** The body as text, empty when there is none. */
  readonly body: string
  /** The body of a route that takes any {@link Route.bytes}, where it is no UTF-8 text. */
  readonly bytes?: Uint8Array | undefined
  /** The media type of the body in lower case, without parameters; empty when there is none. */
  readonly contentType: string
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly remoteAddress: string
}

export interface Cookie {
  readonly name: string
  readonly value: string
  /** Seconds; 0 removes the cookie, undefined makes a session cookie. */
  readonly maxAge?: number
  readonly path?: string
}

/**
 * What a page may do beyond the strict default (only this server's own scripts, styles, images and requests; no frames).
 * Every entry is an origin, a scheme (`my-app:`) or `'self'`; anything else is dropped. See `sourceOf` in `security-headers.ts`.
 */
export interface PagePolicy {
  /** Where a form may end, also by redirects: browsers check each hop. */
  readonly formActions?: readonly string[]
  /** Who may embed the page; default is the server's own setting. */
  readonly frameAncestors?: readonly string[]
  /** What the page may embed. */
  readonly frames?: readonly string[]
  readonly images?: readonly string[]
  readonly connects?: readonly string[]
  /** `kept` leaves `window.opener` to a page that an app opened as a pop-up; default `severed`. */
  readonly opener?: 'kept' | 'severed'
}

export interface HttpReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly Cookie[]
  readonly policy?: PagePolicy
  readonly body?: string | Uint8Array | NodeJS.ReadableStream
}

export interface Route {
  readonly method: Method | readonly Method[]
  /** Below the base URL; `:name` takes one segment, a trailing `*` takes the rest. */
  readonly path: string
  readonly cors?: Cors
  /** Bytes; default 128 KiB, which is a long form: anybody may send one, and all of it is read. */
  readonly bodyLimit?: number
  /** Whether the body may be anything; by default it has to be UTF-8 text. */
  readonly bytes?: true
  /** Asked before a long body is read: a reply refuses the request, and its body stays unread. The request has no body yet. */
  readonly admit?: (request: HttpRequest) => Promise<HttpReply | undefined>
  readonly handle: (request: HttpRequest) => HttpReply | Promise<HttpReply>
  /** How a failure before or in `handle` is told (too large, unreadable, unexpected); default a plain page. */
  readonly failure?: (status: number, text: string, requestId: string) => HttpReply
}
