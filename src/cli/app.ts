import { trailRules } from '../audit/chain.ts'
import { createRegistry, type Registry } from '../authorization/registration/registry.ts'
import { randomIds } from '../authorization/secrets.ts'
import { decisionRecordsOver } from '../server/decision-records.ts'
import { createRecording } from '../store/audit.ts'
import { createRegistrationStore } from '../store/registrations.ts'
import { type Action, commandOf } from './actions.ts'
import { add, edit } from './app/describe.ts'
import { list, show } from './app/look.ts'
import {
  approve,
  disable,
  enable,
  preApprove,
  refuse,
  remove,
  resourceServer,
  rotateSecret,
  smart1,
} from './app/state.ts'
import { issueToken, listTokens, revokeToken } from './app/tokens.ts'

const actions: Readonly<Record<string, Action<Registry>>> = {
  list,
  show,
  add,
  edit,
  approve,
  refuse,
  disable,
  enable,
  'pre-approve': preApprove,
  smart1,
  'resource-server': resourceServer,
  'rotate-secret': rotateSecret,
  delete: remove,
  'list-tokens': listTokens,
  'issue-token': issueToken,
  'revoke-token': revokeToken,
}

/** `app add`, `list`, `show` and so on: the registered apps. A running server heeds a change within a second. */
export const app = commandOf('app', actions, (sql) =>
  createRegistry({
    registrations: createRegistrationStore(
      sql,
      createRecording(trailRules),
      decisionRecordsOver(sql, Date.now),
    ),
    ids: randomIds,
    now: Date.now,
    changed: () => {},
  }),
)
