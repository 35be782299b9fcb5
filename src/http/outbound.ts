/**
 * Requests to addresses that others name: keys of apps, metadata documents, logout addresses. They go to public addresses,
 * and to machines of the site's own that it has named, over https and nowhere else, follow no redirect, and end in time and
 * size. SEC; RFC 7523 §3, RFC 9700 §4.11.
 */
import type { Agent } from 'undici'
import { checkDestination, type Destination, type Reach } from './outbound/destination.ts'
import { AddressRefused, createLookup, type Resolve } from './outbound/lookup.ts'
import { readBody } from './outbound/read-body.ts'

/** How far a request may go. */
export interface OutboundLimits {
  /** The `Accept` header. */
  readonly accept: string
  /** The most that is read of the answer, in bytes. */
  readonly maxBytes: number
  /** From the look-up of the name to the last byte, in milliseconds. */
  readonly timeout: number
  /** What it is for: requests of one purpose take up no room of another's. */
  readonly purpose?: string
  /** The address is a stranger's, whom nobody here knows yet: no private network is open to it. */
  readonly publicOnly?: boolean
}

export interface OutboundPost extends OutboundLimits {
  readonly body: string
  readonly contentType: string
}

/** An answer, whatever its status but a redirect. */
export interface OutboundAnswer {
  readonly status: number
  /** By names in lower case; repeated ones joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Why there is no answer: the first three were never sent. `detail` is for the log only. */
export interface OutboundRefusal {
  readonly refused:
    | 'destination'
    | 'address'
    | 'busy'
    | 'redirect'
    | 'tooLarge'
    | 'unreadable'
    | 'timeout'
    | 'unreachable'
  readonly detail: string
}

export type OutboundResult = OutboundAnswer | OutboundRefusal

export interface Outbound {
  get(url: string, limits: OutboundLimits): Promise<OutboundResult>
  post(url: string, post: OutboundPost): Promise<OutboundResult>
  /** Ends the connections that are kept open. */
  close(): Promise<void>
}

export interface OutboundOptions extends Reach {
  /** Authorities to trust instead of the usual ones, PEM. */
  readonly ca?: string
  readonly resolve?: Resolve
}

/** Strangers can have us call; so many calls at once are enough for all of them, by purpose. */
const MOST_AT_ONCE = 64
const MOST_PER_ORIGIN = 4

/** The client is loaded with the first request: most servers never send one. */
const loadClient = () => import('undici')

/** Makes the way out. Nothing rejects: what goes wrong is a refusal. */
export function createOutbound(options: OutboundOptions): Outbound {
  const { ca, resolve } = options
  const agents = new Map<string, Agent>()
  const running = new Map<string, number>()

  const runningFor = (purpose: string) => running.get(purpose) ?? 0

  async function agentFor({ url, ...reach }: Destination, isPublicOnly: boolean): Promise<Agent> {
    const { Agent } = await loadClient()
    // Connections are kept open: what was reached for one is no way for another.
    const name = `${url.protocol} ${isPublicOnly}`
    const known = agents.get(name)
    if (known) return known
    const agent = new Agent({
      allowH2: false,
      connections: MOST_PER_ORIGIN,
      connect: { lookup: createLookup(reach, resolve), ...(ca !== undefined && { ca }) },
    })
    agents.set(name, agent)
    return agent
  }

  async function send(text: string, limits: OutboundLimits, post?: OutboundPost): Promise<OutboundResult> {
    const { purpose = '', publicOnly = false } = limits
    const { allowLoopback } = options
    const destination = checkDestination(text, publicOnly ? { allowLoopback } : options)
    if ('problem' in destination) return { refused: 'destination', detail: destination.problem }
    if (runningFor(purpose) >= MOST_AT_ONCE) return { refused: 'busy', detail: 'too many requests at once' }
    running.set(purpose, runningFor(purpose) + 1)
    try {
      return await answerOf(await agentFor(destination, publicOnly), destination.url, limits, post)
    } finally {
      running.set(purpose, runningFor(purpose) - 1)
    }
  }

  return {
    get: (url, limits) => send(url, limits),
    post: (url, post) => send(url, post, post),
    close: async () => void (await Promise.all([...agents.values()].map((agent) => agent.close()))),
  }
}

async function answerOf(
  dispatcher: Agent,
  url: URL,
  { accept, maxBytes, timeout }: OutboundLimits,
  post: OutboundPost | undefined,
): Promise<OutboundResult> {
  const { request } = await loadClient()
  const signal = AbortSignal.timeout(timeout)
  const body = post && { body: post.body }
  const type = post && { 'content-type': post.contentType }
  const exchange = async (): Promise<OutboundResult> => {
    const response = await request(url, {
      dispatcher,
      signal,
      method: post ? 'POST' : 'GET',
      headers: { accept, 'accept-encoding': 'identity', 'user-agent': 'Chartkey', ...type },
      ...body,
    })
    const { statusCode: status } = response
    if (status >= 300 && status < 400 && status !== 304) {
      response.body.on('error', () => {}).destroy()
      return { refused: 'redirect', detail: `status ${status}` }
    }
    const read = await readBody(response.body, maxBytes)
    if ('problem' in read) return { refused: read.problem, detail: `status ${status}` }
    return { status, headers: plainHeaders(response.headers), body: read.text }
  }
  try {
    // A signal does not reach a request that still waits for its connection.
    return await Promise.race([exchange(), refusalAt(signal)])
  } catch (error) {
    return refusalOf(error, signal)
  }
}

function refusalAt(signal: AbortSignal): Promise<never> {
  return new Promise((_, refuse) => signal.addEventListener('abort', () => refuse(signal.reason)))
}

function refusalOf(error: unknown, signal: AbortSignal): OutboundRefusal {
  const detail = error instanceof Error ? error.message : String(error)
  if (error instanceof AddressRefused) return { refused: 'address', detail }
  return { refused: signal.aborted ? 'timeout' : 'unreachable', detail }
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}
