/** SMART App Launch test kit, group «Backend Services»; the (g)(10) and Bulk Data kits ask the same before they export. */
import assert from 'node:assert/strict'
import { type Answer, askFhir, assertPresent, jsonOf, postForm } from './fixture/asked.ts'
import { type Check, group } from './fixture/group.ts'
import { discover } from './fixture/launching.ts'
import { useSandbox } from './fixture/sandbox.ts'
import { assertion, assertionType, type Key, registerTester, type Tester } from './fixture/tester.ts'

const house = useSandbox()

interface Backend {
  readonly tester: Tester
  readonly tokenUrl: string
  /** A request that is right but for these parameters. */
  readonly ask: (changes?: Readonly<Record<string, string>>) => Promise<Answer>
}

async function backend(alg: Key['alg']): Promise<Backend> {
  const base = house().baseUrl
  const tester = await registerTester(base, 'backend_services', 'system/*.rs')
  const tokenUrl = jsonOf(await discover(base)).token_endpoint
  const ask = async (changes: Readonly<Record<string, string>> = {}) => {
    const form = {
      scope: tester.scope,
      grant_type: 'client_credentials',
      client_assertion_type: assertionType,
      client_assertion: await assertion(tester, tokenUrl, alg),
      ...changes,
    }
    return postForm(tokenUrl, form, { accept: 'application/json' })
  }
  return { tester, tokenUrl, ask }
}

const checks: readonly Check<Backend>[] = [
  [
    'smart_backend_services_invalid_grant_type',
    'an unknown grant type is refused with 400',
    async ({ ask }) => assert.equal((await ask({ grant_type: 'not_a_grant_type' })).status, 400),
  ],
  [
    'smart_backend_services_invalid_client_assertion',
    'an unknown assertion type with 400 or 401',
    async ({ ask }) =>
      assert.ok([400, 401].includes((await ask({ client_assertion_type: 'not_an_assertion_type' })).status)),
  ],
  [
    'smart_backend_services_invalid_jwt',
    'so is an assertion that is none, or for another server',
    async ({ ask, tester, tokenUrl }) => {
      const wrong = [
        'not.a.jwt',
        await assertion({ ...tester, clientId: 'somebody' }, tokenUrl),
        await assertion(tester, `${tokenUrl}x`),
      ]
      for (const client_assertion of wrong)
        assert.ok([400, 401].includes((await ask({ client_assertion })).status))
    },
  ],
  [
    'smart_backend_services_auth_request_success',
    'a right request gets a token',
    async ({ ask }) => assert.equal((await ask()).status, 200),
  ],
  [
    'smart_backend_services_auth_response_body',
    'with its members, of five minutes at most',
    async ({ ask }) => {
      const body = jsonOf(await ask())
      for (const name of ['access_token', 'token_type', 'expires_in', 'scope'])
        assertPresent(body[name], name)
      assert.equal(body.token_type.toLowerCase(), 'bearer')
      assert.equal(typeof body.expires_in, 'number')
      assert.ok(body.expires_in <= 300)
      assert.equal(body.scope, 'system/*.rs')
    },
  ],
  [
    'bulk_data_no_auth',
    'the token reads, and nothing is read without one',
    async ({ ask }) => {
      const { access_token } = jsonOf(await ask())
      const url = `${house().baseUrl}/fhir/Patient?_count=1`
      assert.equal((await askFhir(url, access_token)).status, 200)
      assert.equal((await askFhir(url)).status, 401)
    },
  ],
]

for (const alg of ['ES384', 'RS384'] as const)
  group(`smart_backend_services, bulk_data_authorization, ${alg}`, () => backend(alg), checks)
