/** The end of a server: requests that run are finished, and nobody holds it up for longer than they may take. */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** What is drained: the server of Node, and how it is told to take nobody new and to wait for those who are there. */
interface Draining {
  readonly server: Server
  close(): PromiseLike<unknown>
}

/** Watches who connects from now on; gives what ends the server within `limit` milliseconds. */
export function drainWithin({ server, close }: Draining, limit: number): () => Promise<void> {
  // Node knows a connection by itself only once its TLS has begun, and would wait for the others as long as they like.
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  return async () => {
    const timer = setTimeout(() => {
      for (const socket of connections) socket.destroy()
    }, limit)
    await close()
    clearTimeout(timer)
  }
}
