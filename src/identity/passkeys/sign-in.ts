/**
 * `/account/passkey/…`: challenges, and signing in with a passkey, which is two factors in one: the key is with the
 * person, and the authenticator has verified who uses it.
 * @see W3C Web Authentication Level 3, §7.2; NIST SP 800-63B §5.1.9
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { json, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { staticFile } from '../../http/static.ts'
import type { IdentityHouse } from '../house.ts'
import { destination, signInUrl } from '../return-to.ts'
import type { Pending } from '../second-factor/pending.ts'
import { isFresh } from '../security/fresh.ts'
import type { Holder } from './ceremonies.ts'
import { PASSKEY_OPTIONS, PASSKEY_SCRIPT, PASSKEY_SIGN_IN } from './form.ts'

const BROWSER_COOKIE = 'chartkey_passkey'
const SECRET = /^[A-Za-z0-9_-]{43}$/
/** How a passkey proves its owner (RFC 8176): a key of theirs, and their presence verified; two factors. */
export const PASSKEY_METHODS = ['pop', 'user', 'mfa'] as const

export function passkeySignInRoutes(house: IdentityHouse): Route[] {
  async function options(request: HttpRequest): Promise<HttpReply> {
    if (!house.csrf.check(request)) return json(403, { error: 'the form is too old' })
    switch (request.form.get('purpose')) {
      case 'sign-in':
        return signInOptions(house, request)
      case 'second-step':
        return secondStepOptions(house, request)
      case 'register':
        return creationOptions(house, request)
      default:
        return json(400, { error: 'purpose must be sign-in, second-step or register' })
    }
  }

  async function signIn(request: HttpRequest): Promise<HttpReply> {
    const returnTo = destination(request.form.get('return_to'), house.home)
    const again = signInUrl(returnTo, { again: true, problem: 'passkey' })
    const holder = holderOf(request)
    if (!house.csrf.check(request) || !holder) return redirect(again)
    const accountId = await house.keys.verify(holder, request.form.get('credential') ?? '')
    const account = accountId === undefined ? undefined : await house.accounts.find(accountId)
    if (!account || account.disabled) {
      const { id: requestId, remoteAddress: address } = request
      const detail = account ? 'disabled' : 'wrong-passkey'
      await house.audit.record({ action: 'sign-in-failed', requestId, address, methods: ['pop'], detail })
      return redirect(again)
    }
    return house.start.completeSignIn({ account, methods: PASSKEY_METHODS, returnTo }, request)
  }

  return [
    staticFile(PASSKEY_SCRIPT, join(import.meta.dirname, 'browser.js')),
    { method: 'POST', path: PASSKEY_OPTIONS, handle: options },
    { method: 'POST', path: PASSKEY_SIGN_IN, handle: signIn },
  ]
}

/** Whether the passkey that came with the second step is one of the account that waits. */
export async function checkSecondStepPasskey(
  { keys }: IdentityHouse,
  request: HttpRequest,
  pending: Pending,
): Promise<boolean> {
  const response = request.form.get('credential') ?? ''
  return (await keys.verify(`second-step ${pending.hash}`, response, pending.account.id)) !== undefined
}

/** Anybody may ask: the challenge is for this browser, and names no account. */
async function signInOptions({ keys, ids }: IdentityHouse, request: HttpRequest): Promise<HttpReply> {
  const kept = holderOf(request)
  const secret = kept ? undefined : ids.secret()
  const holder = kept ?? holderFrom(secret ?? '')
  const reply = json(200, await keys.requestOptions(holder))
  return secret === undefined ? reply : { ...reply, cookies: [{ name: BROWSER_COOKIE, value: secret }] }
}

async function secondStepOptions({ keys, pending }: IdentityHouse, request: HttpRequest): Promise<HttpReply> {
  const waiting = await pending.of(request)
  if (!waiting) return json(401, { error: 'sign in again' })
  return json(200, await keys.requestOptions(`second-step ${waiting.hash}`, waiting.account.id))
}

async function creationOptions(house: IdentityHouse, request: HttpRequest): Promise<HttpReply> {
  const session = await house.running.of(request)
  if (!session || !(await isFresh(session, house))) return json(401, { error: 'sign in again' })
  return json(200, await house.keys.creationOptions(session.account, `session ${session.sessionId}`))
}

function holderOf(request: HttpRequest): Holder | undefined {
  const secret = request.cookies[BROWSER_COOKIE]
  return secret !== undefined && SECRET.test(secret) ? holderFrom(secret) : undefined
}

function holderFrom(secret: string): Holder {
  return `browser ${createHash('sha256').update(secret).digest('base64url')}`
}
