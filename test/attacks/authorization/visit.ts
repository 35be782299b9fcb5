/** A browser without scripts, and an app's server, against a world in this process. */

import type { User } from '../../../src/authorization/ports.ts'
import type { InjectedReply } from '../../../src/http/inject.ts'
import { baseUrl, callback, challenge, fhirBase, publicApp, verifier, type World } from './world.ts'

export type Pairs = readonly (readonly [string, string])[]

/** A good authorization request; `changes` replaces parameters, or with nothing leaves one out. */
export function authorizeParameters(changes: Readonly<Record<string, string | undefined>> = {}): Pairs {
  const good = {
    response_type: 'code',
    client_id: publicApp.id,
    redirect_uri: callback,
    scope: 'openid fhirUser launch/patient patient/Observation.rs offline_access',
    state: 'state-1',
    aud: fhirBase,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  return Object.entries({ ...good, ...changes }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
}

/** A browser with its cookies. */
export class Browser {
  readonly world: World
  readonly cookies: Record<string, string> = {}

  constructor(world: World, user?: User) {
    this.world = world
    if (user) this.cookies.session = user.sessionId
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<InjectedReply> {
    return this.keep(await this.world.app.inject({ url: local(url), cookies: this.cookies, headers }))
  }

  async post(url: string, form: Pairs, headers: Record<string, string> = {}): Promise<InjectedReply> {
    const request = { method: 'POST', url: local(url), cookies: this.cookies, form, headers }
    return this.keep(await this.world.app.inject(request))
  }

  /** Sends an authorization request and follows it to its page. */
  async open(changes: Readonly<Record<string, string | undefined>> = {}): Promise<Page> {
    const sent = await this.get(`/oauth/authorize?${query(authorizeParameters(changes))}`)
    if (sent.status !== 303 || !sent.headers.location?.startsWith(`${baseUrl}/oauth/flow/`)) {
      return new Page(this, '/oauth/authorize', sent)
    }
    return this.visit(sent.headers.location)
  }

  async visit(url: string, headers: Record<string, string> = {}): Promise<Page> {
    return new Page(this, url, await this.get(url, headers))
  }

  keep(reply: InjectedReply): InjectedReply {
    Object.assign(this.cookies, reply.cookies)
    return reply
  }
}

/** A page, or a redirect, as the browser got it. */
export class Page {
  readonly browser: Browser
  readonly url: string
  readonly reply: InjectedReply

  constructor(browser: Browser, url: string, reply: InjectedReply) {
    this.browser = browser
    this.url = url
    this.reply = reply
  }

  get csrf(): string {
    return /name="_csrf" value="([^"]+)"/.exec(this.reply.body)?.[1] ?? ''
  }

  /** Values of the page's boxes and buttons of that name. */
  values(name: string): string[] {
    const found = this.reply.body.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))
    return [...found].map((match) => unescapeHtml(match[1] ?? ''))
  }

  /** Sends the page's form. */
  async send(fields: Pairs, csrf = this.csrf): Promise<Page> {
    const reply = await this.browser.post(this.url, [['_csrf', csrf], ...fields])
    return new Page(this.browser, this.url, reply)
  }

  /** Allows what is ticked, which is everything, or only `scopes`; nothing is asked of an app that is let in again. */
  async allow(scopes: readonly string[] = this.values('scope')): Promise<Page> {
    if (this.code !== '') return this
    return this.send([...scopes.map((scope) => ['scope', scope] as const), ['decision', 'allow']])
  }

  /** What came back to the app. */
  get answer(): URLSearchParams {
    const { location = '' } = this.reply.headers
    return new URL(location, baseUrl).searchParams
  }

  get code(): string {
    return this.answer.get('code') ?? ''
  }
}

/** What the token endpoint answers, as far as the tests name it. */
export interface Answer {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly scope: string
  readonly patient?: string
  readonly encounter?: string
  readonly error?: string
  readonly [member: string]: unknown
}

/** Asks the token endpoint. */
export async function ask(
  world: World,
  form: Pairs | Record<string, string>,
  headers: Record<string, string> = {},
) {
  const pairs = Array.isArray(form) ? (form as Pairs) : Object.entries(form)
  const reply = await world.app.inject({ method: 'POST', url: '/oauth/token', form: pairs, headers })
  return { status: reply.status, headers: reply.headers, body: JSON.parse(reply.body) as Answer }
}

/** Redeems a code as the public app would; `changes` as in `authorizeParameters`. */
export async function redeem(world: World, code: string, changes: Record<string, string | undefined> = {}) {
  const good = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    client_id: publicApp.id,
  }
  const pairs = Object.entries({ ...good, ...changes }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return ask(world, pairs)
}

/** From authorization request to tokens, allowing everything, for a user who has one patient to choose from. */
export async function obtain(world: World, user: User, changes: Record<string, string | undefined> = {}) {
  const page = await new Browser(world, user).open(changes)
  const back = page.values('scope').length > 0 ? await page.allow() : page
  return (await redeem(world, back.code)).body
}

export function basic(id: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}` }
}

export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

export function query(pairs: Pairs): string {
  return new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString()
}

function local(url: string): string {
  return url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url
}

/** Text of a page as a person reads it. */
export function unescapeHtml(text: string): string {
  return text.replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number)))
}
