/** The server: a table of routes behind Fastify, which no other part knows. See `route.ts` for what routes see. */
import { isUtf8 } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestHookHandler,
} from 'fastify'
import { formatCookie } from './cookies.ts'
import type { AllowsOrigin } from './cors.ts'
import { drainWithin } from './drain.ts'
import { checkEncoding } from './encoding.ts'
import { checkExpectation } from './expectation.ts'
import { checkHost } from './host.ts'
import { type InjectedReply, type InjectedRequest, injectInto } from './inject.ts'
import { type Log, loggedPath } from './log.ts'
import { methodOf, ROUTED_METHODS, routeMethod } from './methods.ts'
import { createNeighbours, type Mount, mountRoutes } from './mounts.ts'
import { createOverTls, type OverTls } from './over-tls.ts'
import { createTrust } from './proxies.ts'
import type { RateLimits } from './rate-limits.ts'
import { readFailure, refuseConnection } from './read-failures.ts'
import { text } from './reply.ts'
import { RequestError } from './request-error.ts'
import { RequestView } from './request-view.ts'
import { createResponder, type FailurePage, type Responder } from './respond.ts'
import type { HttpReply, Route } from './route.ts'
import { createSecurityHeaders } from './security-headers.ts'
import { checkTarget, plainTarget } from './target.ts'
import { type Certificate, tlsOptions } from './tls.ts'

const KIB = 1024
const SECONDS = 1000
/** Of a form, which is what nearly every address takes; one that takes more, or less, says so in the table. */
const DEFAULT_BODY_BYTES = 128 * KIB
const LONG_BODY_BYTES = 64 * KIB
const HEADER_BYTES = 64 * KIB
const SEGMENT_CHARACTERS = 2 * KIB
const REQUEST_MS = 60 * SECONDS
const DRAIN_MS = 10 * SECONDS
/** After these the rest of a body does not come, or must not be waited for. */
const UNREAD = [413, 417]

/** What a server is made of. */
export interface AppOptions {
  readonly routes: readonly Route[]
  readonly log: Log
  /** What the outside calls the server; with `https:` cookies are Secure and HSTS is sent. */
  readonly baseUrl: string
  readonly allowsOrigin: AllowsOrigin
  /** Who may embed pages; default nobody. */
  readonly frameAncestors?: readonly string[]
  /** Default one plain sentence. */
  readonly failurePage?: FailurePage
  /** Networks of proxies whose `X-Forwarded-For` and `-Proto` are believed; default none. */
  readonly trustedProxies?: readonly string[]
  /** Speaks TLS itself; default plain HTTP. */
  readonly certificate?: Certificate
  /** How often who may ask; default no limits. */
  readonly limits?: RateLimits
  readonly newRequestId?: () => string
}

/** A server that may listen, or answer in the process itself. */
export interface App {
  /** Resolves to the port, which is chosen when 0 was asked for. */
  listen(host: string, port: number): Promise<number>
  /** Takes no new requests, finishes those that run (10 s at most), then resolves. */
  close(): Promise<void>
  /** Takes another certificate for connections from now on; those that are open go on. */
  renew(certificate: Certificate): void
  /** Every address that is answered, with its methods. */
  readonly addresses: readonly { readonly path: string; readonly methods: readonly string[] }[]
  inject(request: InjectedRequest): Promise<InjectedReply>
}

export function createApp(options: AppOptions): App {
  const secure = options.baseUrl.startsWith('https:')
  const mounts = mountRoutes(options.routes)
  const neighbour = createNeighbours(mounts)
  const { baseUrl, frameAncestors = [], log, allowsOrigin, failurePage = plainFailure } = options
  const securityHeaders = createSecurityHeaders({ baseUrl, frameAncestors })
  const { limits } = options
  const responder = createResponder({
    log,
    allowsOrigin,
    securityHeaders,
    failurePage,
    ...(limits && { limits }),
  })
  const transport: Transport = { secure, log, responder, mountAt: neighbour }
  const server = bareServer(options, transport)
  const close = drainWithin({ server: server.server, close: () => server.close() }, DRAIN_MS)
  for (const mount of mounts) addMount(server, mount, transport)
  server.setNotFoundHandler(async (request, reply) => {
    const view = new RequestView(request, secure)
    return send(
      reply,
      await responder.refuse(neighbour(view.path), view, 404, 'There is nothing at this address.'),
      transport,
    )
  })
  return {
    listen: async (host, port) => {
      await server.listen({ host, port })
      return (server.server.address() as AddressInfo).port
    },
    close,
    renew: (certificate) => {
      if (server.server instanceof TlsServer) server.server.setSecureContext(tlsOptions(certificate))
    },
    addresses: mounts.map(({ path, methods }) => ({ path, methods })),
    inject: (request) => injectInto(server, request, secure),
  }
}

/** When a request began to be answered, in milliseconds of the process. */
const BEGAN = 'began'

declare module 'fastify' {
  interface FastifyRequest {
    [BEGAN]: number
  }
}

interface Transport {
  readonly secure: boolean
  readonly log: Log
  readonly responder: Responder
  readonly mountAt: (path: string) => Mount | undefined
}

function bareServer(options: AppOptions, transport: Transport): FastifyInstance {
  const newId = options.newRequestId ?? randomUUID
  const { trustedProxies = [], certificate } = options
  const isTrusted = trustedProxies.length > 0 ? createTrust(trustedProxies) : undefined
  // A header that comes twice is one long value, as by RFC 9110 §5.3: two tokens are malformed, and none is picked.
  const http = { maxHeaderSize: HEADER_BYTES, joinDuplicateHeaders: true, requireHostHeader: false }
  const server: FastifyInstance = fastify({
    logger: false,
    genReqId: () => newId(),
    bodyLimit: DEFAULT_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    exposeHeadRoutes: false,
    // Requests already on a kept connection are still answered while the server drains.
    return503OnClosing: false,
    trustProxy: isTrusted ?? false,
    // The first that sees a request, before it is routed.
    rewriteUrl: (request) => {
      routeMethod(request)
      return plainTarget(request.url ?? '/')
    },
    http,
    ...(certificate && { https: { ...http, ...tlsOptions(certificate) } }),
    // No route has a schema: what would compile them is not loaded.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { maxParamLength: SEGMENT_CHARACTERS, querystringParser: () => ({}) },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, request, reply) =>
      void tellFailure(error, request, reply as FastifyReply, transport),
  })
  // Node would answer by itself, without a word.
  server.server.on('checkExpectation', (request, response) =>
    server.server.emit('request', request, response),
  )
  server.decorateRequest(BEGAN, 0)
  server.addHook('onRequest', (request, _reply, done) => {
    const { headers, httpVersion } = request.raw
    request[BEGAN] = performance.now()
    checkHost(headers.host, httpVersion)
    checkTarget(request.originalUrl)
    checkExpectation(headers.expect)
    checkEncoding(headers)
    done()
  })
  if (isTrusted) refusePlainHttp(server, createOverTls({ baseUrl: options.baseUrl, isTrusted }), transport)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body, done) => {
    if (isUtf8(body as Buffer)) done(null, body.toString('utf8'))
    else if (mountOf(request)?.routes.get(request.method)?.bytes) done(null, body)
    else done(new RequestError(400, 'The body is not UTF-8 text.'))
  })
  server.setErrorHandler((error, request, reply) => tellFailure(error, request, reply, transport))
  return server
}

function refusePlainHttp(server: FastifyInstance, overTls: OverTls, transport: Transport): void {
  server.addHook('onRequest', async (request, reply) => {
    const { method = 'GET', url = '/', headers, socket } = request.raw
    const refused = overTls({
      method,
      url,
      encrypted: 'encrypted' in socket,
      peer: socket.remoteAddress ?? '',
      forwardedProto: headers['x-forwarded-proto'] as string | undefined,
    })
    if (refused) return send(reply, transport.responder.harden(refused), transport)
  })
}

/** One route for all methods that take bodies of the same size: what every route costs at the start is paid once. */
function addMount(server: FastifyInstance, mount: Mount, transport: Transport): void {
  const { secure, responder } = transport
  const bodyLimitOf = (method: string) => mount.routes.get(method)?.bodyLimit ?? DEFAULT_BODY_BYTES
  const admits = [...mount.routes.values()].some(({ admit }) => admit)
  for (const [bodyLimit, method] of Map.groupBy(ROUTED_METHODS, bodyLimitOf)) {
    server.route({
      method,
      url: mount.path,
      bodyLimit,
      config: { mount },
      ...(admits && { onRequest: admitting(mount, transport) }),
      handler: async (request, reply) =>
        send(reply, await responder.respond(mount, new RequestView(request, secure)), transport),
    })
  }
}

/** Who may not send a long body is told so before it is read: memory for it is for those who may. */
function admitting(mount: Mount, transport: Transport): onRequestHookHandler {
  return (request, reply, done) => {
    if (!hasLongBody(request)) return done()
    transport.responder.admit(mount, new RequestView(request, transport.secure)).then((refused) => {
      if (refused) send(reply, asLast(refused), transport)
      else done()
    }, done)
  }
}

function hasLongBody({ headers }: FastifyRequest): boolean {
  return (
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > LONG_BODY_BYTES
  )
}

function noSchemas(): never {
  throw new Error('a route has a schema')
}

async function tellFailure(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  transport: Transport,
) {
  const { secure, responder, mountAt } = transport
  const view = new RequestView(request, secure)
  const mount = mountOf(request) ?? mountAt(view.path)
  const known = error instanceof RequestError ? ([error.status, error.text] as const) : readFailure(error)
  const told = await (known ? responder.refuse(mount, view, ...known) : responder.crash(mount, view, error))
  const more = error instanceof RequestError ? error.headers : {}
  const answer = { ...told, headers: { ...told.headers, ...more } }
  return send(reply, UNREAD.includes(answer.status) ? asLast(answer) : answer, transport)
}

/** The reply, after which the connection is over. */
function asLast(answer: HttpReply): HttpReply {
  return { ...answer, headers: { ...answer.headers, connection: 'close' } }
}

function mountOf(request: FastifyRequest): Mount | undefined {
  return (request.routeOptions.config as { mount?: Mount } | undefined)?.mount
}

function send(reply: FastifyReply, answer: HttpReply, { secure, log }: Transport): FastifyReply {
  const { status, headers, cookies = [], body = '' } = answer
  const setCookies = cookies.map((cookie) => formatCookie(cookie, secure))
  const all = setCookies.length > 0 ? { ...headers, 'set-cookie': setCookies } : headers
  if (typeof body === 'string' || body instanceof Uint8Array) {
    sendWhole(reply, status, all, body)
    tellAnswered(reply, status, log)
    return reply
  }
  reply.code(status)
  if (all) reply.headers(all)
  // Where it fails at once, what is sent instead is told.
  reply.raw.once('finish', () => reply.statusCode === status && tellAnswered(reply, status, log))
  return reply.send(body)
}

/** A body that is there needs nothing of what Fastify can do for one, and each step of that costs every request. */
function sendWhole(
  reply: FastifyReply,
  status: number,
  headers: Record<string, string | string[]> | undefined,
  body: string | Uint8Array,
): void {
  const isEmpty = status === 204 || status === 304
  // Before Fastify lets go of the reply: what cannot be a header is still told as a fault.
  reply.raw.writeHead(
    status,
    isEmpty ? headers : { ...headers, 'content-length': String(Buffer.byteLength(body)) },
  )
  reply.hijack()
  // With all others that are ready in this turn of the event loop: who waits for them is woken once, not for each.
  setImmediate(() => reply.raw.end(isEmpty ? undefined : body))
}

/** Told as it goes out: to be told when it has gone would cost a short answer some percent more. */
function tellAnswered({ request }: FastifyReply, status: number, log: Log): void {
  const { id, url, raw } = request
  const now = performance.now()
  // What Fastify itself refuses has not begun.
  const ms = Math.round(now - (request[BEGAN] || now))
  // The query stays out: it holds authorization requests at one end and search values about people at the other.
  log.info({ id, method: methodOf(raw), path: loggedPath(url), status, ms }, 'answered')
}

function plainFailure(status: number, sentence: string, requestId: string): HttpReply {
  return text(status, `${sentence} (${requestId})`)
}
