/** A browser without scripts at the whole server, whom launches sign in. */
import type { LaunchWorld } from './launch-world.ts'
import { baseUrl, callback, challenge, fhirBase, verifier } from './world.ts'

const request = {
  response_type: 'code',
  redirect_uri: callback,
  state: 's',
  aud: fhirBase,
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

/** The cookie of a session. */
export const cookieName = 'chartkey_session'

/** A browser with its cookies. */
export class Browser {
  readonly cookies: Record<string, string> = {}
  readonly world: LaunchWorld

  constructor(world: LaunchWorld) {
    this.world = world
  }

  async get(url: string, headers: Record<string, string> = {}) {
    return this.keep(await this.world.app.inject({ url: local(url), cookies: this.cookies, headers }))
  }

  async post(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
    const request = { method: 'POST', url: local(url), cookies: this.cookies, form, headers }
    return this.keep(await this.world.app.inject(request))
  }

  /** Opens an app of the launch API, and gives the redirect to the app. */
  async start(order: Record<string, unknown> = {}) {
    const { body } = await this.world.order({ client_id: 'app', user: 'clinician', patient: 'a', ...order })
    return { ordered: body, reply: await this.get(body.start_url) }
  }

  /** Goes to the authorization endpoint as an app that starts by itself; gives the page and its address. */
  async standalone(scope: string) {
    const query = new URLSearchParams({ ...request, client_id: 'app', scope })
    const sent = await this.get(`/oauth/authorize?${query}`)
    const url = sent.headers.location ?? ''
    return { url, page: url.startsWith(baseUrl) ? await this.get(url) : sent }
  }

  /** Goes with a launch to the authorization endpoint, as the app would; gives the page, or the way back to the app. */
  async authorize(launch: string, clientId = 'app', more: Record<string, string> = {}) {
    const scope = 'launch openid patient/*.rs online_access'
    const query = new URLSearchParams({ ...request, client_id: clientId, scope, launch, ...more })
    const sent = await this.get(`/oauth/authorize?${query}`)
    const url = sent.headers.location ?? ''
    const page = url.startsWith(baseUrl) ? await this.get(url) : sent
    return { url, page, error: errorOf(page.headers.location) }
  }

  /** Sends the form of a flow's page; gives the page that follows. */
  async answer(url: string, page: { readonly body: string }, fields: readonly (readonly [string, string])[]) {
    const form = [['_csrf', csrfOf(page.body)], ...fields] as [string, string][]
    const request = { method: 'POST', url: local(url), cookies: this.cookies, form }
    return this.keep(await this.world.app.inject(request))
  }

  /** Allows what is ticked on a consent page, and gives what the token endpoint answers the app. */
  async allow(url: string, page: { readonly body: string }) {
    const ticked = scopesOf(page.body).map((scope) => ['scope', scope] as const)
    const back = await this.answer(url, page, [['decision', 'allow'], ...ticked])
    const reply = await this.world.app.inject({
      method: 'POST',
      url: '/oauth/token',
      form: {
        grant_type: 'authorization_code',
        client_id: 'app',
        code: new URL(back.headers.location ?? '', baseUrl).searchParams.get('code') ?? '',
        redirect_uri: callback,
        code_verifier: verifier,
      },
    })
    return JSON.parse(reply.body) as Record<string, unknown>
  }

  private keep<Reply extends { cookies: Readonly<Record<string, string>> }>(reply: Reply): Reply {
    Object.assign(this.cookies, reply.cookies)
    return reply
  }
}

/** The path and query of an address of the server. */
export function local(url: string): string {
  return url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url
}

function errorOf(location: string | undefined): string | null {
  return location?.startsWith(callback) ? new URL(location).searchParams.get('error') : null
}

/** The scopes that a consent page asks about. */
function scopesOf(page: string): string[] {
  const found = page.matchAll(/name="scope" value="([^"]*)"/g)
  return [...found].map(([, value = '']) =>
    value.replace(/&#(\d+);/g, (_, number: string) => String.fromCodePoint(Number(number))),
  )
}

/** The anti-forgery value of a page. */
export const csrfOf = (page: string) => /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
