/** Requests as they are written: no client tidies up paths, methods or headers on the way. */
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Ask } from '../resource/world.ts'

/** What came back. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A request, with the path exactly as it goes over the wire, and headers as pairs that may repeat. */
export interface Wire {
  readonly method: string
  readonly path: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 })

/** Sends a request below the FHIR base with a token. */
export function send(base: string, token: string, target: string, ask: Ask = {}): Promise<Answered> {
  const { method = 'GET', headers = {}, body } = ask
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  const type = ask.contentType ?? (typeof body === 'object' ? 'application/fhir+json' : undefined)
  return transmit(base, {
    method,
    path: `/fhir${target === '' || target.startsWith('?') ? '' : '/'}${target}`,
    headers: [
      ['authorization', `Bearer ${token}`],
      ...(type === undefined ? [] : [['content-type', type] as const]),
      ...Object.entries(headers),
    ],
    ...(text !== undefined && { body: text }),
  })
}

/** Sends a request to the server as it is. */
export function transmit(base: string, wire: Wire): Promise<Answered> {
  const { hostname, port, host } = new URL(base)
  const headers = [['host', host] as const, ...wire.headers].flat()
  if (wire.body !== undefined) headers.push('content-length', String(Buffer.byteLength(wire.body)))
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, method: wire.method, path: wire.path, headers }, (reply) =>
      gather(reply).then(resolve, reject),
    )
    sent.on('error', reject)
    sent.end(wire.body)
  })
}

async function gather(reply: IncomingMessage): Promise<Answered> {
  const pieces: Buffer[] = []
  for await (const piece of reply) pieces.push(piece)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(reply.headers))
    if (!['date', 'connection', 'keep-alive', 'transfer-encoding'].includes(name))
      headers[name] = String(value)
  return { status: reply.statusCode ?? 0, headers, body: Buffer.concat(pieces).toString() }
}
