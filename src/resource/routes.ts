/**
 * The routes of the FHIR API. Every address below the base goes through authentication to the one answering function;
 * only the CapabilityStatement is for anybody. What a request means is read from its path there, not by the router.
 */
import { Readable } from 'node:stream'
import { fhirRefused } from '../audit/fhir-access.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { authenticate, checkToken, type Presented } from './authenticate.ts'
import { errorReply, FhirError, type FhirErrorName, fhirErrors } from './outcomes.ts'
import type { Log, ProofVerifier, Rights, TokenVerifier, Trail } from './ports.ts'
import { type Answer, anybody, type Caller, type FhirReply, type FhirRequest } from './request.ts'

/** What the routes are made of. */
export interface FhirRouteOptions {
  readonly answer: Answer
  readonly verifier: TokenVerifier
  readonly proofs?: ProofVerifier
  readonly rights: Rights
  readonly trail: Trail
  readonly log: Log
  /** The FHIR base URL, without a trailing slash; named as the realm of challenges. */
  readonly base: string
}

/** The same, and what is worked out of it once. */
interface Served extends FhirRouteOptions {
  readonly origin: string
}

const mebibyte = 1024 * 1024
const bodyLimit = 16 * mebibyte

const binaryAddress = /^Binary(?:\/[A-Za-z0-9.-]+)?$/

/** The routes below `/fhir`. */
export function fhirRoutes(options: FhirRouteOptions): Route[] {
  // The base is the outside's name of `/fhir`, with which every path here begins.
  const served = { ...options, origin: new URL(options.base).origin }
  const handle = (request: HttpRequest) => answerAuthenticated(request, served)
  const admit = (request: HttpRequest) => refuseStranger(request, served)
  const shared = {
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    cors: 'registered',
    bodyLimit,
    bytes: true,
    failure,
  } as const
  return [
    // A bad token does not matter where none is needed, so none is looked at.
    {
      method: 'GET',
      path: '/fhir/metadata',
      cors: 'any',
      failure,
      handle: (request) => options.answer({ ...fhirRequest(request), path: 'metadata' }, anybody),
    },
    { ...shared, path: '/fhir', admit, handle },
    { ...shared, path: '/fhir/*', admit, handle },
  ]
}

async function answerAuthenticated(request: HttpRequest, options: Served): Promise<HttpReply> {
  // Only the content of a Binary may be anything.
  if (request.bytes && !binaryAddress.test(request.rest))
    return errorReply(new FhirError('malformed', { text: 'The body is not UTF-8 text.' }))
  try {
    const caller = await loadCaller(request, options)
    const reply = await options.answer(fhirRequest(request), { ...caller, address: request.remoteAddress })
    return inScheme(request, httpReply(reply))
  } catch (error) {
    if (error instanceof FhirError) return errorReply(error)
    throw error
  }
}

/** The refusal of who has no good token, for whose long bodies there is no room. */
async function refuseStranger(request: HttpRequest, options: Served): Promise<HttpReply | undefined> {
  const { verifier, base } = options
  const { authorization } = request.headers
  try {
    const presented = presentedBy(request, options)
    await recorded(request, options, checkToken(authorization, verifier, base, presented))
    return undefined
  } catch (error) {
    if (error instanceof FhirError) return errorReply(error)
    throw error
  }
}

function loadCaller(request: HttpRequest, options: Served): Promise<Caller> {
  const { verifier, rights, base } = options
  const { authorization } = request.headers
  const presented = presentedBy(request, options)
  return recorded(request, options, authenticate(authorization, verifier, rights, base, presented))
}

async function recorded<Result>(
  request: HttpRequest,
  options: Served,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (error instanceof FhirError && (error.error === 'tokenInvalid' || error.error === 'proofInvalid'))
      recordRefusal(request, error, options)
    throw error
  }
}

function presentedBy(request: HttpRequest, { proofs, origin }: Served): Presented | undefined {
  if (!proofs) return undefined
  const { method, headers, path } = request
  return { proofs, proof: headers.dpop, method, url: origin + path }
}

/** A challenge of whoever came with a bound token is in its scheme (RFC 9449 §7.1). */
function inScheme(request: HttpRequest, reply: HttpReply): HttpReply {
  const challenge = reply.headers?.['www-authenticate']
  if (!challenge || !/^dpop /i.test(request.headers.authorization?.trimStart() ?? '')) return reply
  return {
    ...reply,
    headers: { ...reply.headers, 'www-authenticate': challenge.replace(/^Bearer /, 'DPoP ') },
  }
}

/** A bad token is worth a record, but nothing is given that would have to wait for it. */
function recordRefusal(
  request: HttpRequest,
  { error, kind }: FhirError,
  { trail, log }: FhirRouteOptions,
): void {
  const actor = { address: request.remoteAddress }
  const touched = { patients: [], resources: [] }
  trail
    .record(fhirRefused(actor, { interaction: 'unknown' }, kind.status, error, touched, request.id))
    .catch((reason) =>
      log.error({ err: reason, request: request.id }, 'a refusal could not be put on record'),
    )
}

function fhirRequest(request: HttpRequest): FhirRequest {
  const { id, method, rest, search, headers, body, bytes, contentType } = request
  const given = { id, method, path: rest, search, headers, body, contentType, takesStream: true } as const
  return bytes ? { ...given, bytes } : given
}

/** A stream that fails breaks the connection off, so that nobody takes what came for the whole. */
function httpReply({ status, headers, body, bytes, stream }: FhirReply): HttpReply {
  // One piece is made while another is sent, and no more.
  const pieces = stream && Readable.from(stream, { highWaterMark: 1 })
  return { status, headers, body: pieces ?? bytes ?? body }
}

/** A failure outside of the steps, told as an OperationOutcome. */
function failure(status: number, text: string, requestId: string): HttpReply {
  const reply = errorReply(new FhirError(nameOf(status), { text: `${text} (${requestId})` }))
  return { ...reply, status }
}

function nameOf(status: number): FhirErrorName {
  const names = Object.keys(fhirErrors) as FhirErrorName[]
  return names.find((name) => fhirErrors[name].status === status && !fhirErrors[name].refused) ?? 'exception'
}
