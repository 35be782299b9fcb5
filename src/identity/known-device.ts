/**
 * A browser that somebody signed in with keeps a mark of it, so that guesses made elsewhere never hold its user up. The
 * mark gives no access: only a count of attempts of its own.
 * @see OWASP, Slow Down Online Guessing Attacks with Device Cookies
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Cookie, HttpRequest } from '../http/route.ts'
import { DEVICE_KNOWN } from './durations.ts'

const COOKIE = 'chartkey_device'
const SECOND = 1000
const TAG_CHARACTERS = 22
const MOST_ACCOUNTS = 8
const MARK = /^([A-Za-z0-9_-]{43})((?:\.[A-Za-z0-9_-]{22}){1,8})$/

/** Marks browsers and knows them again. */
export interface KnownDevices {
  /** The name of a browser that has signed in as `username`; nothing for any other. */
  of(request: HttpRequest, username: string): string | undefined
  /** The cookie that marks it, beside the accounts that it is marked with already. */
  mark(request: HttpRequest, username: string): Cookie
}

/** `secret` is the installation's. */
export function createKnownDevices(secret: string, newName: () => string): KnownDevices {
  const tagOf = (name: string, username: string) =>
    createHmac('sha256', secret)
      .update(`device\n${name}\n${username}`)
      .digest('base64url')
      .slice(0, TAG_CHARACTERS)
  return {
    of(request, username) {
      const mark = parseMark(request)
      return mark && holds(mark.tags, tagOf(mark.name, username)) ? mark.name : undefined
    },
    mark(request, username) {
      const { name, tags } = parseMark(request) ?? { name: newName(), tags: [] }
      const tag = tagOf(name, username)
      const kept = [tag, ...tags.filter((other) => other !== tag)].slice(0, MOST_ACCOUNTS)
      return { name: COOKIE, value: [name, ...kept].join('.'), maxAge: DEVICE_KNOWN / SECOND }
    },
  }
}

function parseMark(request: HttpRequest): { name: string; tags: string[] } | undefined {
  const [, name = '', rest = ''] = MARK.exec(request.cookies[COOKIE] ?? '') ?? []
  return name === '' ? undefined : { name, tags: rest.slice(1).split('.') }
}

function holds(tags: readonly string[], tag: string): boolean {
  return tags.filter((other) => timingSafeEqual(Buffer.from(other), Buffer.from(tag))).length > 0
}
