import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { hashSecret } from '../secrets.ts'
import { authenticateClient } from './client-auth.ts'

const publicApp: Client = {
  id: 'public',
  name: 'Public',
  authMethod: 'none',
  redirectUris: ['https://app.example/'],
  grantTypes: ['authorization_code', 'refresh_token'],
  scope: 'openid',
  createdAt: 0,
}
const confidentialApp: Client = {
  ...publicApp,
  id: 'confidential',
  authMethod: 'client_secret_basic',
  secrets: [{ hash: hashSecret('s'), createdAt: 0 }],
}
const apps = [publicApp, confidentialApp, { ...publicApp, id: 'disabled', disabled: true }]

/** Each app's refresh token is `of-` and its id. */
function authenticate(form: Record<string, string>, authorization?: string): Promise<Client> {
  const owners = new Map(apps.map(({ id }) => [hashSecret(`of-${id}`), id]))
  return authenticateClient(authorization, new Params(Object.entries(form)), {
    clients: { find: async (id) => apps.find((app) => app.id === id) },
    baseUrl: 'https://ehr.example',
    clientKeys: { find: async () => undefined },
    replays: { isFirst: async () => true },
    now: () => 1000,
    grants: {
      findRefresh: async (hash) => {
        const clientId = owners.get(hash)
        if (clientId === undefined) return undefined
        const grant = {
          id: 'g',
          clientId,
          userId: 'u',
          userName: 'U',
          sessionId: 's',
          authenticatedAt: 0,
          scope: 'openid',
          context: {},
          createdAt: 0,
        }
        return { token: { hash, grantId: 'g', issuedAt: 0 }, used: false, grant, ended: false }
      },
    },
  })
}

function refusedAs(name: string) {
  return (error: unknown) => error instanceof OAuthError && error.message === name
}

const refreshOf = (id: string) => ({ grant_type: 'refresh_token', refresh_token: `of-${id}` })

test('AMB-08: a refresh token names its public app when the request does not', async () => {
  assert.equal((await authenticate(refreshOf('public'))).id, 'public')
})

test('REFR-12: a refresh token proves nothing for an app that has to authenticate', async () => {
  await assert.rejects(authenticate(refreshOf('confidential')), refusedAs('client'))
  const basic = `Basic ${Buffer.from('confidential:s').toString('base64')}`
  assert.equal((await authenticate(refreshOf('confidential'), basic)).id, 'confidential')
})

test('AMB-08: unknown tokens, tokens of disabled apps and secrets without a name are refused alike', async () => {
  await assert.rejects(authenticate(refreshOf('nobody')), refusedAs('client'))
  await assert.rejects(authenticate(refreshOf('disabled')), refusedAs('client'))
  await assert.rejects(authenticate({ ...refreshOf('public'), client_secret: 's' }), refusedAs('client'))
})

test('TOK-06: only a refresh may leave out the name', async () => {
  const form = { ...refreshOf('public'), grant_type: 'authorization_code', code: 'of-public' }
  await assert.rejects(authenticate(form), refusedAs('client'))
})

test('REFR-05: a name that is sent is the one that counts', async () => {
  assert.equal((await authenticate({ ...refreshOf('confidential'), client_id: 'public' })).id, 'public')
})

function says(text: RegExp) {
  return (error: unknown) =>
    error instanceof OAuthError && error.kind.error === 'invalid_client' && text.test(error.text)
}

test('TOK-06: who says nothing of which app it is reads what is missing', async () => {
  await assert.rejects(
    authenticate({ grant_type: 'authorization_code', code: 'c' }),
    says(/client_id is missing/),
  )
  await assert.rejects(
    authenticate({ ...refreshOf('public'), client_secret: 's' }),
    says(/client_id is missing/),
  )
})

test('TOK-06: a public app that sends a secret reads that it has none', async () => {
  const text = /has no secret .*none.*: send client_id alone/
  await assert.rejects(authenticate({ client_id: 'public', client_secret: 's' }), says(text))
  await assert.rejects(authenticate({}, `Basic ${Buffer.from('public:').toString('base64')}`), says(text))
  const disabled = authenticate({ client_id: 'disabled', client_secret: 's' })
  await assert.rejects(disabled, says(/^Client authentication failed\.$/))
})

test('TOK-07: a header that is not Basic is told so', async () => {
  await assert.rejects(authenticate({}, 'Bearer x'), says(/The header Authorization has to be Basic/))
})
