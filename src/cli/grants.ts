import { trailRules } from '../audit/chain.ts'
import { decisionsForgotten, grantRevoked } from '../audit/event.ts'
import { ConfigError } from '../config.ts'
import { decisionRecordsOver } from '../server/decision-records.ts'
import { createRecording } from '../store/audit.ts'
import { createGrantList, type GrantList } from '../store/grant-list.ts'
import { type Action, commandOf, countOf, type Given, operator, print, printRows } from './actions.ts'

const most = 1000
const filters = { app: 'string', user: 'string' } as const

const list: Action<GrantList> = {
  takes: '',
  flags: { ...filters, all: 'boolean', limit: 'string', json: 'boolean' },
  async run(grants, given) {
    const found = await grants.list(
      { ...filterOf(given), ended: given.isSet('all') },
      countOf(given, 'limit', most),
    )
    const rows = found.map(({ grant, endedAt }) => ({
      id: grant.id,
      client_id: grant.clientId,
      user: grant.userId,
      scope: grant.scope,
      patient: grant.context.patient,
      made_at: new Date(grant.createdAt).toISOString(),
      ...(endedAt !== undefined && { ended_at: new Date(endedAt).toISOString() }),
    }))
    printRows(rows, ['id', 'client_id', 'user', 'made_at', 'scope'], given.isSet('json'))
  },
}

const revoke: Action<GrantList> = {
  takes: '[ID]',
  flags: { ...filters, json: 'boolean' },
  async run(grants, given) {
    const [id] = given.args
    const filter = { ...filterOf(given), ...(id !== undefined && { id }) }
    if (Object.keys(filter).length === 0)
      throw new ConfigError('grants revoke', 'ID is expected, or --app, or --user')
    const by = operator()
    const ended = await grants.end(filter, Date.now(), {
      grant: (grant) => grantRevoked({ ...by, client: grant.clientId, grant: grant.id }),
      decisions: (decided, forgotten) => decisionsForgotten(by, decided, forgotten),
    })
    if (id !== undefined && ended.revoked === 0) throw new Error(`grant ${id}: there is none in force`)
    print(ended)
  },
}

function filterOf(given: Given) {
  const [clientId, userId] = [given.text('app'), given.text('user')]
  return { ...(clientId !== undefined && { clientId }), ...(userId !== undefined && { userId }) }
}

/** `grants list`, `grants revoke`: what people allowed apps. A running server heeds a revocation within a second. */
export const grants = commandOf('grants', { list, revoke }, (sql) =>
  createGrantList(sql, createRecording(trailRules), decisionRecordsOver(sql, Date.now)),
)
