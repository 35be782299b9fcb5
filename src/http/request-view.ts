/** A Fastify request as a role sees it; query, form and cookies are parsed when somebody asks. */
import type { FastifyRequest } from 'fastify'
import { parseCookies } from './cookies.ts'
import { methodOf } from './methods.ts'
import { Params } from './params.ts'
import { senderOf } from './proxies.ts'
import type { HttpRequest } from './route.ts'

const NO_PARAMS = new Params()
const FORM = 'application/x-www-form-urlencoded'

export class RequestView implements HttpRequest {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly search: string
  readonly body: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly #request: FastifyRequest
  readonly #secure: boolean
  #query: Params | undefined
  #form: Params | undefined
  #sender: string | undefined
  #cookies: Readonly<Record<string, string | undefined>> | undefined

  constructor(request: FastifyRequest, secure: boolean) {
    const url = request.raw.url ?? '/'
    const mark = url.indexOf('?')
    this.id = request.id
    this.method = methodOf(request.raw)
    this.path = mark < 0 ? url : url.slice(0, mark)
    this.search = mark < 0 ? '' : url.slice(mark + 1)
    this.body = typeof request.body === 'string' ? request.body : ''
    // Node gives every header as one text but `set-cookie`, which no request carries.
    this.headers = request.raw.headers as Record<string, string | undefined>
    this.#request = request
    this.#secure = secure
  }

  get bytes(): Uint8Array | undefined {
    return this.#request.body instanceof Uint8Array ? this.#request.body : undefined
  }

  get rest(): string {
    const pattern = this.#request.routeOptions.url ?? ''
    return pattern.endsWith('*') ? behindSegments(this.path, pattern.split('/').length - 1) : ''
  }

  get segments(): Readonly<Record<string, string>> {
    return this.#request.params as Record<string, string>
  }

  get query(): Params {
    this.#query ??= this.search === '' ? NO_PARAMS : Params.check(this.search)
    return this.#query
  }

  get form(): Params {
    this.#form ??= this.contentType === FORM ? Params.check(this.body) : NO_PARAMS
    return this.#form
  }

  get contentType(): string {
    const header = this.headers['content-type'] ?? ''
    const end = header.indexOf(';')
    return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase()
  }

  get cookies(): Readonly<Record<string, string | undefined>> {
    this.#cookies ??= parseCookies(this.headers.cookie, this.#secure)
    return this.#cookies
  }

  /** What trusted proxies say as far as it can be, else the other end of the connection. */
  get remoteAddress(): string {
    const { ips, raw } = this.#request
    this.#sender ??= senderOf(ips ?? [raw.socket.remoteAddress ?? ''])
    return this.#sender
  }
}

/** What follows the first `count` slashes; the router matched on slashes that were sent as such. */
function behindSegments(path: string, count: number): string {
  let position = 0
  for (let index = 0; index < count; index++) {
    position = path.indexOf('/', position) + 1
    if (position === 0) return ''
  }
  return path.slice(position)
}
