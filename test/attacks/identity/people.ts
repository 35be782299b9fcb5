/** The people of these attacks, and what they do at their own pages. */
import { Secret, TOTP } from 'otpauth'
import type { Account } from '../../../src/identity/account.ts'
import { type Browser, hashOf, type World } from '../../fixtures/identity-world.ts'

export const password = 'a long enough password'

/** A person with a password. */
export async function person(username: string, more: Partial<Account> = {}): Promise<Account> {
  return {
    id: `user_${username}`,
    username,
    name: username,
    roles: ['patient'],
    records: [],
    passwordHash: await hashOf(password),
    disabled: false,
    ...more,
  }
}

/** A browser in which somebody is signed in. */
export async function signedIn(world: World, username: string, address?: string): Promise<Browser> {
  const browser = world.browser(address)
  await browser.post('/account/sign-in', { username, password })
  return browser
}

/** The code of an authenticator app. */
export function codeAt(secret: string, now: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now })
}

export interface Enrolled {
  readonly secret: string
  readonly recovery: readonly string[]
}

/** Turns one-time codes on in a browser that is freshly signed in. */
export async function enrol(
  world: World,
  browser: Browser,
  path = '/account/security/codes',
): Promise<Enrolled> {
  const page = (await browser.get(path)).body
  const offer = /name="offer" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const secret = secretIn(page)
  const reply = await browser.post(path, { offer, code: codeAt(secret, world.clock.now) }, path)
  return { secret, recovery: recoveryCodesOf(reply.body) }
}

/** What a page shows to whoever cannot scan it. */
export function secretIn(page: string): string {
  return (/<code class="secret">([^<]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '')
}

export function recoveryCodesOf(body: string): string[] {
  return [...body.matchAll(/<li><code>([0-9A-Z-]{19})<\/code>/g)].map(([, code = '']) => code)
}

/** The half minute after this one. */
export function pass(world: World, milliseconds = 30_000): void {
  world.clock.now += milliseconds
}
