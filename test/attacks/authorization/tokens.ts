/** What the tests of introspection, revocation, exchange and UserInfo ask. */
import type { User } from '../../../src/authorization/ports.ts'
import type { InjectedReply } from '../../../src/http/inject.ts'
import { type Answer, ask, Browser, basic } from './visit.ts'
import { callback, confidentialApp, publicApp, secret, verifier, type World } from './world.ts'

export const asConfidential = basic(confidentialApp.id, secret)
export const asResourceServer = basic('resource-server', secret)

type Form = Readonly<Record<string, string>>

/** Posts a form. */
export function post(
  world: World,
  url: string,
  form: Form,
  headers: Readonly<Record<string, string>> = {},
): Promise<InjectedReply> {
  return world.app.inject({ method: 'POST', url, form, headers })
}

/** What introspection says of a token. */
export async function introspect(
  world: World,
  token: string,
  headers: Readonly<Record<string, string>> = asResourceServer,
  more: Form = {},
) {
  const reply = await post(world, '/oauth/introspect', { token, ...more }, headers)
  return {
    status: reply.status,
    headers: reply.headers,
    body: JSON.parse(reply.body) as Record<string, unknown>,
  }
}

/** Revokes a token, as the public app unless headers say otherwise. */
export function revoke(
  world: World,
  token: string,
  more: Form = { client_id: publicApp.id },
  headers: Readonly<Record<string, string>> = {},
) {
  return post(world, '/oauth/revoke', { token, ...more }, headers)
}

/** The tokens of an app with a secret, as a user allowed them. */
export async function obtainConfidential(
  world: World,
  user: User,
  changes: Record<string, string> = {},
): Promise<Answer> {
  const clientId = changes.client_id ?? confidentialApp.id
  const page = await new Browser(world, user).open({ ...changes, client_id: clientId })
  const form = {
    grant_type: 'authorization_code',
    code: (await page.allow()).code,
    redirect_uri: callback,
    code_verifier: verifier,
  }
  return (await ask(world, form, basic(clientId, secret))).body
}

/** Whether an access token still opens the FHIR API. */
export async function isGood(world: World, token: string): Promise<boolean> {
  return (await world.authorization.verifyAccessToken(token)) !== undefined
}
