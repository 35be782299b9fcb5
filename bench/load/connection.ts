import { connect, type Socket } from 'node:net'
import type { Request } from './driver.ts'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One keep-alive connection of HTTP/1.1, one request at a time; as little work as a client can do, so that it measures the server. */
export class Connection {
  private readonly socket: Socket
  private readonly host: string
  private received: Buffer = Buffer.alloc(0)
  private settle: ((answer: Answer) => void) | undefined
  private fail: ((error: Error) => void) | undefined

  constructor(base: string) {
    const { hostname, port, host } = new URL(base)
    this.host = host
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true })
    this.socket.on('data', (chunk) => this.take(chunk))
    this.socket.on('error', (error) => this.fail?.(error))
    this.socket.on('close', () => this.fail?.(new Error('the server closed the connection')))
  }

  send({ method, path, headers, body = '' }: Request): Promise<Answer> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const length = method === 'POST' ? `content-length: ${Buffer.byteLength(body)}\r\n` : ''
    this.socket.write(
      `${method} ${path} HTTP/1.1\r\nhost: ${this.host}\r\n${lines.join('')}${length}\r\n${body}`,
    )
    return new Promise((settle, fail) => {
      this.settle = settle
      this.fail = fail
    })
  }

  close(): void {
    this.fail = undefined
    this.socket.destroy()
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
    const answer = parseAnswer(this.received)
    if (answer === undefined) return
    this.received = Buffer.alloc(0)
    this.settle?.(answer)
  }
}

/** The answer in the bytes received, or nothing while it is not all there. */
export function parseAnswer(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const status = Number(head.slice(9, 12))
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)
  const body = length === null ? chunked(bytes, end + 4) : counted(bytes, end + 4, Number(length[1]))
  return body === undefined ? undefined : { status, body }
}

function counted(bytes: Buffer, start: number, length: number): string | undefined {
  return bytes.length < start + length ? undefined : bytes.toString('utf8', start, start + length)
}

function chunked(bytes: Buffer, start: number): string | undefined {
  const parts: Buffer[] = []
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (bytes.length < line + 2 + size + 2) return undefined
    if (size === 0) return Buffer.concat(parts).toString('utf8')
    parts.push(bytes.subarray(line + 2, line + 2 + size))
    at = line + 2 + size + 2
  }
}
