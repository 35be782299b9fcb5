/** The usual replies, as values. */
import type { Html } from './html.ts'
import type { HttpReply, PagePolicy } from './route.ts'

const NEVER_KEPT = { 'cache-control': 'no-store' }
const PAGE_HEADERS = { 'content-type': 'text/html; charset=utf-8', ...NEVER_KEPT }

/** A page; never kept by a cache, since it may show a record. */
export function page(status: number, content: Html, policy: PagePolicy = {}): HttpReply {
  return { status, headers: PAGE_HEADERS, policy, body: content.markup }
}

/** A JSON document; not kept by a cache unless `headers` say otherwise. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): HttpReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...NEVER_KEPT, ...headers },
    body: JSON.stringify(value),
  }
}

/** A redirect; 303 makes the next request a GET whatever this one was. `url` must already be encoded. */
export function redirect(url: string, status = 303): HttpReply {
  return { status, headers: { location: url, ...NEVER_KEPT } }
}

/** One plain sentence. */
export function text(status: number, sentence: string): HttpReply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...NEVER_KEPT },
    body: `${sentence}\n`,
  }
}
