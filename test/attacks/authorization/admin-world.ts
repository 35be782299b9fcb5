/** The whole server in this process, an administrator and others at it, and programs that administer: for attacks on administration. */
import { after } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import type { InjectedReply } from '../../../src/http/inject.ts'
import { silentLog } from '../../../src/http/log.ts'
import { createOutbound } from '../../../src/http/outbound.ts'
import type { Account } from '../../../src/identity/account.ts'
import { hashPassword } from '../../../src/identity/passwords.ts'
import { policyOf } from '../../../src/identity/test-policy.ts'
import { assemble } from '../../../src/server/assemble.ts'
import { openStores } from '../../../src/server/stores.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { madeKeys } from '../../fixtures/made-keys.ts'
import { basic } from './visit.ts'
import { baseUrl, callback, secret, sha256, start } from './world.ts'

export const password = 'the password of these tests'

const backend: Client = {
  id: 'console',
  name: 'Console',
  authMethod: 'client_secret_basic',
  secrets: [{ hash: sha256(secret), createdAt: start }],
  redirectUris: [],
  grantTypes: ['client_credentials'],
  scope: 'chartkey.admin',
  createdAt: start,
}

const clients: readonly Client[] = [
  backend,
  { ...backend, id: 'exporter', name: 'Exporter', scope: 'system/*.rs ehr.launch' },
  {
    ...backend,
    id: 'app',
    name: 'Growth',
    redirectUris: [callback],
    grantTypes: ['authorization_code', 'refresh_token'],
    scope: 'openid launch/patient patient/*.rs',
  },
]

function account(username: string, roles: Account['roles']): Account {
  return { id: `u-${username}`, username, name: `The ${username}`, roles, records: [], disabled: false }
}

const accounts = [
  account('admin', ['admin']),
  account('doctor', ['clinician']),
  account('patient', ['patient']),
]
const passwordHash = hashPassword(password)
export type AdminWorld = Awaited<ReturnType<typeof openAdminWorld>>

/** A person's browser. */
export interface Person {
  get(url: string): Promise<InjectedReply>
  /** Opens `from`, and sends a form with its anti-forgery field, and with what it says was read of an app. */
  send(from: string, to: string, form: Readonly<Record<string, string>>): Promise<InjectedReply>
  readonly cookies: Record<string, string>
}

/** What the forms of a page say was read of its app. */
export function seenOn(body: string): string | undefined {
  return /name="seen" value="([^"]+)"/.exec(body)?.[1]
}

/** Calls of the administration API. */
function callerOf(app: Awaited<ReturnType<typeof assemble>>['app']) {
  return async (
    method: string,
    path: string,
    token: string | undefined,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const reply = await app.inject({
      method,
      url: `/admin/api${path}`,
      headers: {
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return {
      status: reply.status,
      headers: reply.headers,
      body: (reply.body === '' ? {} : JSON.parse(reply.body)) as Record<string, unknown>,
    }
  }
}

/** Starts the server; the end of the file stops it. */
export async function openAdminWorld() {
  let time = start
  const now = () => time
  const stores = await openStores(await openEmpty(), now)
  for (const key of await madeKeys) await stores.keys.addNext(key, 0)
  for (const one of accounts) await stores.accounts.add({ ...one, passwordHash: await passwordHash })
  for (const client of clients) await stores.clients.add(client)
  const { app } = await assemble({
    baseUrl,
    stores,
    log: silentLog,
    now,
    outbound: createOutbound({ allowLoopback: false }),
    sandbox: undefined,
    policy: () => policyOf({}),
    auditRetention: Number.MAX_SAFE_INTEGER,
  })
  after(() => app.close())

  function browserOf(cookies: Record<string, string>): Person {
    return {
      cookies,
      get: (url) => app.inject({ url, cookies }),
      async send(from, to, form) {
        const page = await app.inject({ url: from, cookies })
        Object.assign(cookies, page.cookies)
        const [, field = ''] = /name="_csrf" value="([^"]+)"/.exec(page.body) ?? []
        const seen = seenOn(page.body)
        return app.inject({
          url: to,
          cookies,
          form: { _csrf: field, ...(seen !== undefined && { seen }), ...form },
        })
      },
    }
  }

  return {
    app,
    stores,
    now,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    stranger: () => browserOf({}),
    /** Signs somebody in at a browser of their own. */
    async signIn(username: string): Promise<Person> {
      const browser = browserOf({})
      const reply = await browser.send('/account/sign-in', '/account/sign-in', { username, password })
      if (reply.status !== 303) throw new Error(`${username} could not sign in: ${reply.status}`)
      Object.assign(browser.cookies, reply.cookies)
      return browser
    },
    /** A token that an app gets for itself. */
    async tokenOf(clientId: string, scope: string): Promise<string> {
      const form = { grant_type: 'client_credentials', scope }
      const headers = basic(clientId, secret)
      const reply = await app.inject({ url: '/oauth/token', method: 'POST', form, headers })
      return String(JSON.parse(reply.body).access_token)
    },
    call: callerOf(app),
    /** What the trail tells of administration. */
    async trail() {
      const kept = await stores.audit.list(0, 1000)
      return kept.map(({ event }) => event).filter(({ kind }) => kind.startsWith('administration'))
    },
  }
}
