/** A running sandbox with an app, for the figures that go through the front door. */
import { type Served, serve } from '../test/fixtures/process.ts'
import {
  type App,
  exchangeForm,
  registerApp,
  requestToken,
  type TokenReply,
  Visitor,
} from '../test/fixtures/visitor.ts'
import type { Request } from './load/driver.ts'

const PASSWORD = 'sandbox'

export interface Sandbox {
  readonly server: Served
  readonly app: App
  readonly visitor: Visitor
  /** What the app got for its first code. */
  readonly tokens: TokenReply
}

/** Starts the sandbox on a data folder, registers an app, and takes it through one launch as `username`. */
export async function openSandbox(data: string, username: string, scope: string): Promise<Sandbox> {
  const server = await serve(data, '--sandbox', '--log-level', 'silent')
  try {
    const app = await registerApp(server.base, scope)
    const visitor = new Visitor(server.base, { username, password: PASSWORD })
    const tokens = await requestToken(server.base, exchangeForm(app, await visitor.authorize(app)))
    return { server, app, visitor, tokens }
  } catch (error) {
    await server.kill()
    throw error
  }
}

/** A token request, as the load client sends it. */
export function tokenRequest(form: string): Request {
  return {
    method: 'POST',
    path: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form,
  }
}

/** A FHIR request with the access token of a sandbox. */
export function fhirRequest({ access_token }: TokenReply, path: string): Request {
  const headers = { authorization: `Bearer ${access_token}`, accept: 'application/fhir+json' }
  return { method: 'GET', path: `/fhir/${path}`, headers }
}
