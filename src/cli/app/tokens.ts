/** `app issue-token`, `list-tokens`, `revoke-token`: initial access tokens, with which developers register apps themselves. */
import { everyRecord } from '../../authorization/registration/approval.ts'
import type { InitialToken } from '../../authorization/registration/ports.ts'
import type { Registry } from '../../authorization/registration/registry.ts'
import { ConfigError } from '../../config.ts'
import { type Action, countOf, operator, print, printRows } from '../actions.ts'
import { refuseUnknownScopes } from './scopes.ts'

const DAY = 24 * 60 * 60 * 1000
const defaultDays = 7
const longestName = 200

export const issueToken: Action<Registry> = {
  takes: '',
  flags: {
    json: 'boolean',
    name: 'string',
    uses: 'string',
    days: 'string',
    scope: 'string',
    backend: 'boolean',
  },
  begins: true,
  async run(registry, given) {
    const name = given.text('name')?.slice(0, longestName)
    if (!name) throw new ConfigError('--name', 'a name is expected, such as whom the token is for')
    refuseUnknownScopes('--scope', given.text('scope'))
    const terms = {
      name,
      uses: countOf(given, 'uses', 1),
      lifetime: countOf(given, 'days', defaultDays) * DAY,
      scope: given.text('scope') ?? everyRecord.scope,
      backend: given.isSet('backend'),
    }
    const { token, secret } = await registry.issueInitialToken(terms, operator())
    print({ ...told(token), initial_access_token: secret })
  },
}

export const listTokens: Action<Registry> = {
  takes: '',
  flags: { json: 'boolean' },
  async run(registry, given) {
    const rows = (await registry.listInitialTokens()).map(told)
    printRows(rows, ['id', 'name', 'uses_left', 'expires_at', 'revoked'], given.isSet('json'))
  },
}

export const revokeToken: Action<Registry> = {
  takes: 'ID',
  flags: { json: 'boolean' },
  async run(registry, { args: [id = ''] }) {
    if (!(await registry.revokeInitialToken(id, operator()))) {
      throw new Error(`initial access token ${id}: there is none that is still good`)
    }
    print({ revoked: id })
  },
}

function told({ id, name, createdAt, expiresAt, usesLeft, scope, backend, revokedAt }: InitialToken) {
  return {
    id,
    name,
    made_at: new Date(createdAt).toISOString(),
    expires_at: new Date(expiresAt).toISOString(),
    uses_left: usesLeft,
    scope,
    backend,
    revoked: revokedAt !== undefined,
  }
}
