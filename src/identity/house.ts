/** What the pages of signing in and of one's own account work with. */
import type { HttpRequest } from '../http/route.ts'
import type { Account } from './account.ts'
import type { IdentityDeps } from './deps.ts'
import { createKnownDevices, type KnownDevices } from './known-device.ts'
import { createPasskeyCeremonies, type PasskeyCeremonies } from './passkeys/ceremonies.ts'
import type { AccountChange } from './ports.ts'
import { createSealer } from './sealed.ts'
import { createOneTimeCodes, type OneTimeCodeChecks } from './second-factor/one-time-codes.ts'
import { createPendingSignIns, type PendingSignIns } from './second-factor/pending.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createSessionStart, type SessionStart } from './start-session.ts'
import { createThrottle, type Throttle } from './throttle.ts'

export interface IdentityHouse extends IdentityDeps {
  readonly running: Sessions
  readonly start: SessionStart
  readonly devices: KnownDevices
  readonly throttle: Throttle
  readonly pending: PendingSignIns
  readonly codes: OneTimeCodeChecks
  readonly keys: PasskeyCeremonies
  /** Puts a change of how a person signs in on record, and tells them by mail where that is possible. */
  tell(request: HttpRequest, account: Account, change: AccountChange): Promise<void>
  /** Tells them by mail alone, of what went on record with what it tells of. */
  letKnow(account: Account, change: AccountChange): Promise<void>
}

export function createHouse(deps: IdentityDeps): IdentityHouse {
  const { baseUrl, secret, ids, attempts } = deps
  const running = createSessions(deps)
  const devices = createKnownDevices(secret, ids.secret)
  const pending = createPendingSignIns(deps)
  const letKnow: IdentityHouse['letKnow'] = async ({ id: accountId, email }, change) => {
    if (email !== undefined && change !== 'session-ended')
      await deps.mail?.post({ kind: 'notice', to: email, accountId, change })
  }
  return {
    ...deps,
    letKnow,
    running,
    devices,
    pending,
    throttle: createThrottle(attempts),
    start: createSessionStart({ ...deps, running, devices, pending }),
    codes: createOneTimeCodes({
      ...deps,
      sealer: createSealer(secret, 'one-time code secrets'),
      issuer: new URL(baseUrl).hostname,
    }),
    keys: createPasskeyCeremonies(deps),
    async tell(request, account, change) {
      const { id: requestId, remoteAddress: address } = request
      const { id: accountId, fhirUser } = account
      await deps.audit.record({ action: 'account-changed', change, requestId, address, accountId, fhirUser })
      await letKnow(account, change)
    },
  }
}
