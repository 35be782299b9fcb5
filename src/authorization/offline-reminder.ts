// Tells people from time to time which apps hold offline access: what they allowed long ago, and not often. REFR-23.
import { parseGrant } from '../smart/grant.ts'
import type { UserGrant } from './grant.ts'
import type { Lifetimes } from './lifetimes.ts'
import type { ClientStore, GrantStore } from './ports.ts'

const DAY = 24 * 60 * 60 * 1000
/** Nobody is told more often; nor of what they allowed themselves so short a time ago. */
export const REMINDED_EVERY = 30 * DAY

/** Who was told, and when. */
export interface ReminderStore {
  /** Whether the person was not told since `before`; if so they count as told `now`, durably, and for one asker only. */
  isTurn(userId: string, now: number, before: number): Promise<boolean>
}

interface ReminderDeps {
  readonly grants: Pick<GrantStore, 'liveOf'>
  readonly clients: Pick<ClientStore, 'find'>
  readonly reminders: ReminderStore
  readonly lifetimes: Lifetimes
  readonly now: () => number
}

/** The names of the apps to tell this person of now, in order; mostly none. */
export async function offlineReminder(userId: string, deps: ReminderDeps): Promise<readonly string[]> {
  const { refreshToken } = deps.lifetimes
  const now = deps.now()
  const idle = Math.max(refreshToken.public.idle, refreshToken.confidential.idle)
  const grants = await deps.grants.liveOf(userId, { madeAfter: now, refreshedAfter: now - idle })
  const ids = new Set(grants.filter((grant) => isOldOffline(grant, now)).map(({ clientId }) => clientId))
  const apps = await Promise.all([...ids].map((id) => deps.clients.find(id)))
  const names = apps.flatMap((app) => (app && !app.disabled ? [app.name] : [])).sort()
  if (names.length === 0 || !(await deps.reminders.isTurn(userId, now, now - REMINDED_EVERY))) return []
  return names
}

function isOldOffline({ scope, createdAt }: UserGrant, now: number): boolean {
  return (
    createdAt <= now - REMINDED_EVERY &&
    parseGrant(scope).scopes.some((one) => one.kind === 'refresh' && one.name === 'offline_access')
  )
}
