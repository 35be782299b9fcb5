/** SMART App Launch test kit and (g)(10), group «Token Introspection»: an app's token, asked about by the app itself and by a resource server. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { began, type Json, jsonOf, postForm } from './fixture/asked.ts'
import { type Check, group } from './fixture/group.ts'
import { type Launched, launch } from './fixture/launching.ts'
import { physician, useSandbox } from './fixture/sandbox.ts'
import { type AuthType, basic, registerTester } from './fixture/tester.ts'

const archive = { id: 'archive', secret: 'the-secret-of-the-archive' }

const house = useSandbox(async ({ stores }) => {
  const hash = createHash('sha256').update(archive.secret).digest('base64url')
  // Only an administrator makes an app one that may ask about other apps' tokens.
  await stores.clients.add({
    id: archive.id,
    name: 'Archive',
    authMethod: 'client_secret_basic',
    secrets: [{ hash, createdAt: 0 }],
    redirectUris: [],
    grantTypes: ['client_credentials'],
    scope: '__introspect',
    resourceServer: true,
    createdAt: 0,
  })
})

type Asked = Launched & { readonly authorization: string }

/** What the endpoint says of a token, to whom the tester put into «Custom HTTP Headers». */
async function introspect({ config, authorization }: Asked, token: string): Promise<Json> {
  const headers = { accept: 'application/json', authorization }
  return jsonOf(await postForm(config.introspection_endpoint, { token }, headers))
}

const checks: readonly Check<Asked>[] = [
  [
    'smart_token_introspection_response_group, active',
    'the token is active, and says what the token response said',
    async (state) => {
      const { tokens, tester } = state
      const told = await introspect(state, tokens.access_token)
      assert.equal(told.active, true)
      assert.equal(told.client_id, tester.clientId)
      assert.deepEqual(told.scope.split(' ').toSorted(), tokens.scope.split(' ').toSorted())
      assert.ok(told.exp >= Math.floor(began.getTime() / 1000) - 600)
      assert.equal(told.patient, tokens.patient)
      assert.equal(told.encounter, tokens.encounter)
    },
  ],
  [
    'smart_token_introspection_response_group, id_token',
    'and of the user what the ID token says',
    async (state) => {
      const told = await introspect(state, state.tokens.access_token)
      const { iss, sub, fhirUser } = decodeJwt(state.tokens.id_token)
      assert.deepEqual([told.iss, told.sub, told.fhirUser], [iss, sub, fhirUser])
    },
  ],
  [
    'smart_token_introspection_response_group, invalid',
    'of a token that is none: not active, and nothing more',
    async (state) => assert.deepEqual(await introspect(state, 'invalid_token_value'), { active: false }),
  ],
]

const rows: readonly (readonly [AuthType, asks: 'the app itself' | 'a resource server'])[] = [
  ['symmetric', 'the app itself'],
  ['symmetric', 'a resource server'],
  ['public', 'a resource server'],
]

for (const [authType, asks] of rows)
  group<Asked>(
    `smart_token_introspection, ${authType}, ${asks} asks`,
    async () => {
      const base = house().baseUrl
      const scope = 'launch/patient launch/encounter openid fhirUser offline_access patient/*.rs'
      const tester = await registerTester(base, authType, scope)
      const who = asks === 'the app itself' ? { id: tester.clientId, secret: tester.secret ?? '' } : archive
      const launched = await launch(base, tester, physician(base))
      return { ...launched, authorization: basic(who.id, who.secret) }
    },
    checks,
  )
