import type { Readable } from 'node:stream'

/** The body as text; nothing, and the rest unread, when it has more than `maxBytes` bytes or is not UTF-8. */
export async function readBody(
  body: Readable,
  maxBytes: number,
): Promise<{ readonly text: string } | { readonly problem: 'tooLarge' | 'unreadable' }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    // Leaving the loop destroys the stream, and with it the connection.
    if (length > maxBytes) return { problem: 'tooLarge' }
    chunks.push(chunk)
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)) }
  } catch {
    return { problem: 'unreadable' }
  }
}
