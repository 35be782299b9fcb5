/**
 * Anti-forgery: each form carries a value that only this server can make for this browser's cookie, and a browser that
 * tells where a form came from must say it came from here.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Html, html } from './html.ts'
import type { Cookie, HttpRequest } from './route.ts'

const COOKIE = 'chartkey_csrf'
const FIELD = '_csrf'
const SEED_BYTES = 18
const SEED = /^[A-Za-z0-9_-]{24}$/

/** Makes and checks the hidden field of forms. */
export interface Csrf {
  /** The hidden field, and the cookies the page must set for it; the same all through one request. */
  field(request: HttpRequest): { html: Html; cookies: Cookie[] }
  /** Whether a posted form came from a page of ours in this browser. */
  check(request: HttpRequest): boolean
  /** A text that tells this browser from others, for what is to come back to it alone; nothing when it has had no form yet. */
  browser(request: HttpRequest): string | undefined
}

/** `secret` must be the same on all nodes and at least 256 bits. */
export function createCsrf(
  secret: string | Uint8Array,
  random: (bytes: number) => Buffer = randomBytes,
): Csrf {
  const made = new WeakMap<HttpRequest, string>()
  const valueFor = (seed: string, purpose = 'form') =>
    createHmac('sha256', secret).update(`${purpose}\n${seed}`).digest('base64url')

  function seedOf(request: HttpRequest): { seed: string; fresh: boolean } {
    const sent = cookieSeed(request)
    if (sent !== undefined) return { seed: sent, fresh: false }
    const seed = made.get(request) ?? random(SEED_BYTES).toString('base64url')
    made.set(request, seed)
    return { seed, fresh: true }
  }

  return {
    field(request) {
      const { seed, fresh } = seedOf(request)
      return {
        html: html`<input type="hidden" name="${FIELD}" value="${valueFor(seed)}">`,
        cookies: fresh ? [{ name: COOKIE, value: seed }] : [],
      }
    },
    check(request) {
      const seed = cookieSeed(request)
      const sent = request.form.get(FIELD)
      if (seed === undefined || sent === undefined || cameFromElsewhere(request)) return false
      return sameText(sent, valueFor(seed))
    },
    browser(request) {
      const seed = cookieSeed(request)
      return seed === undefined ? undefined : valueFor(seed, 'browser')
    },
  }
}

function cookieSeed(request: HttpRequest): string | undefined {
  const seed = request.cookies[COOKIE]
  return seed !== undefined && SEED.test(seed) ? seed : undefined
}

function cameFromElsewhere(request: HttpRequest): boolean {
  const site = request.headers['sec-fetch-site']
  return site !== undefined && site !== 'same-origin' && site !== 'none'
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
