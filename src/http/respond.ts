/** What every request goes through, whatever its route: method, failure format, security and cross-origin headers. */
import { AnsweredFault } from './answered-fault.ts'
import { type AllowsOrigin, corsHeaders, preflightHeaders } from './cors.ts'
import { type Log, loggedPath } from './log.ts'
import { corsOf, type Mount } from './mounts.ts'
import type { RateLimits } from './rate-limits.ts'
import { RequestError } from './request-error.ts'
import type { HttpReply, HttpRequest, PagePolicy } from './route.ts'

/** How a failure is told where the route has no format of its own. */
export type FailurePage = (status: number, text: string, requestId: string, request: HttpRequest) => HttpReply

/** What the responder needs from the server. */
export interface RespondDeps {
  readonly log: Log
  readonly allowsOrigin: AllowsOrigin
  readonly securityHeaders: (policy?: PagePolicy) => Record<string, string>
  readonly failurePage: FailurePage
  /** Default no limits. */
  readonly limits?: RateLimits
}

/** Answers requests that reached an address, and refuses those that could not be read. */
export interface Responder {
  respond(mount: Mount, request: HttpRequest): Promise<HttpReply>
  /** The refusal of a request before its long body is read; nothing where it may be read. */
  admit(mount: Mount, request: HttpRequest): Promise<HttpReply | undefined>
  refuse(mount: Mount | undefined, request: HttpRequest, status: number, text: string): Promise<HttpReply>
  crash(mount: Mount | undefined, request: HttpRequest, error: unknown): Promise<HttpReply>
  /** A reply to what is no business of any route, with the security headers. */
  harden(reply: HttpReply): HttpReply
}

export function createResponder(deps: RespondDeps): Responder {
  async function finish(
    mount: Mount | undefined,
    request: HttpRequest,
    reply: HttpReply,
  ): Promise<HttpReply> {
    const cors = corsOf(mount, request.method)
    const shared =
      cors === 'none' ? undefined : await corsHeaders(cors, request.headers.origin, deps.allowsOrigin)
    return { ...reply, headers: { ...deps.securityHeaders(reply.policy), ...shared, ...reply.headers } }
  }

  function failure(mount: Mount | undefined, request: HttpRequest, status: number, text: string): HttpReply {
    const tell = mount?.routes.get(request.method)?.failure ?? mount?.failure
    return tell ? tell(status, text, request.id) : deps.failurePage(status, text, request.id, request)
  }

  function unexpected(mount: Mount | undefined, request: HttpRequest, error: unknown): HttpReply {
    const { id, method, path } = request
    const [err, answer] = error instanceof AnsweredFault ? [error.cause, error.reply] : [error, undefined]
    deps.log.error({ id, method, path: loggedPath(path), err }, 'a request failed unexpectedly')
    return answer ?? failure(mount, request, 500, 'The server met an unexpected condition.')
  }

  async function attempt(mount: Mount, request: HttpRequest): Promise<HttpReply> {
    const route = mount.routes.get(request.method)
    if (route) {
      const wait = deps.limits?.(request) ?? 0
      if (wait > 0) return tooMany(mount, request, wait)
      try {
        return await route.handle(request)
      } catch (error) {
        return error instanceof RequestError
          ? failure(mount, request, error.status, error.text)
          : unexpected(mount, request, error)
      }
    }
    return request.method === 'OPTIONS' ? preflight(mount, request) : wrongMethod(mount, request)
  }

  function tooMany(mount: Mount, request: HttpRequest, seconds: number): HttpReply {
    const reply = failure(mount, request, 429, `Too many requests: try again in ${seconds} s.`)
    return { ...reply, headers: { ...reply.headers, 'retry-after': String(seconds) } }
  }

  function wrongMethod(mount: Mount, request: HttpRequest): HttpReply {
    const allow = mount.methods.join(', ')
    const reply = failure(mount, request, 405, `This address answers ${allow}.`)
    return { ...reply, headers: { ...reply.headers, allow } }
  }

  return {
    async admit(mount, request) {
      const refused = await mount.routes.get(request.method)?.admit?.(request)
      return refused && finish(mount, request, refused)
    },
    respond: async (mount, request) => finish(mount, request, await attempt(mount, request)),
    refuse: (mount, request, status, text) => finish(mount, request, failure(mount, request, status, text)),
    crash: (mount, request, error) => finish(mount, request, unexpected(mount, request, error)),
    harden: (reply) => ({ ...reply, headers: { ...deps.securityHeaders(), ...reply.headers } }),
  }
}

function preflight(mount: Mount, request: HttpRequest): HttpReply {
  const shared = corsOf(mount, request.method) !== 'none'
  return {
    status: 204,
    headers: { allow: mount.methods.join(', '), ...(shared ? preflightHeaders(mount.methods) : {}) },
  }
}
