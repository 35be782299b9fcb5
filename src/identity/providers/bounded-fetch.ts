/**
 * How a provider is asked: with an end in time and in size, and without going where it sends us. An administrator has
 * named it, so it may be at a private address; what it answers is still not trusted to come, or to end.
 */
const SECOND = 1000
/** One request of a sign-in, from the first byte to the last. */
export const REQUEST_LIMIT = 5 * SECOND
const MOST_BYTES = 512 * 1024

/** Fetches as the platform does, but rejects after `limit` milliseconds, at a redirect, and past 512 KiB. */
export function createBoundedFetch(limit: number): typeof fetch {
  return async (url, init = {}) => {
    const signals = [AbortSignal.timeout(limit), ...(init.signal ? [init.signal] : [])]
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.any(signals) })
    const body = await readBounded(response)
    const { status, statusText, headers } = response
    // A status without content takes no body, not even an empty one.
    return new Response(status === 204 || status === 304 ? null : body, { status, statusText, headers })
  }
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.byteLength
    if (size > MOST_BYTES) throw new Error(`the answer is longer than ${MOST_BYTES} bytes`)
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}
