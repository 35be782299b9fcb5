/** The port that the server listens on: taken before anything is opened, so that a start that cannot listen leaves nothing behind. */
import { createServer } from 'node:net'
import { ConfigError } from '../config.ts'

/** A port; one that was chosen here nobody else gets until it is released. */
export interface HeldPort {
  readonly port: number
  release(): Promise<void>
}

/**
 * The port to listen on, with 0 one that nobody has. Links and tokens name it, so it has to be known before anything is put
 * together; until then somebody else's connection could be given it. One that is named is tried only: whoever looks whether
 * something listens there is not to find that before there are answers. Throws a {@link ConfigError} when it cannot be had.
 */
export async function holdPort(host: string, wanted: number): Promise<HeldPort> {
  const held = await take(host, wanted)
  if (wanted !== 0) await held.release()
  return held
}

function take(host: string, wanted: number): Promise<HeldPort> {
  return new Promise((resolve, reject) => {
    const holder = createServer((stranger) => stranger.destroy())
    // A start that fails ends all the same.
    holder.unref()
    holder.once('error', (error) => reject(whyNot(error, host, wanted)))
    holder.listen(wanted, host, () => {
      const address = holder.address()
      const port = typeof address === 'object' && address ? address.port : 0
      // Once it is closed, to close it again is no fault.
      resolve({ port, release: () => new Promise((released) => void holder.close(() => released())) })
    })
  })
}

/** Resolves when a server listens; where a setting keeps it from that, a {@link ConfigError} says which. */
export async function listening(begun: Promise<unknown>, host: string, port: number): Promise<void> {
  try {
    await begun
  } catch (error) {
    throw whyNot(error, host, port)
  }
}

function whyNot(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigError('--port', `${port} is in use on ${host}`)
    case 'EACCES':
      return new ConfigError('--port', `${port} is not for this user to listen on`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new ConfigError('--host', `${host} is no address of this machine`)
    default:
      return error
  }
}
