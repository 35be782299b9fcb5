/**
 * The end of every way to sign in, whatever the person proved who they are with: the second factor where one is owed, on
 * record, then a session with a new secret, and back to where they were going. Passwords, passkeys, identity providers and
 * launches all end here.
 * @see OWASP ASVS 4.0, 3.2.1 (a new session at each sign-in) and 7.1.3 (sign-ins are on record)
 */
import { redirect } from '../http/reply.ts'
import type { HttpReply, HttpRequest } from '../http/route.ts'
import { chooseLocale } from '../ui/locale.ts'
import type { Account, ProviderSession } from './account.ts'
import type { KnownDevices } from './known-device.ts'
import { localeCookie } from './language.ts'
import type { Audit } from './ports.ts'
import type { Proven } from './proven.ts'
import { type FactorDeps, owedBy, type Wanted } from './second-factor/factors.ts'
import type { PendingSignIns } from './second-factor/pending.ts'
import type { Begun, Sessions } from './sessions.ts'

/** How sign-ins end. */
export interface SessionStart {
  /** Begins the session, with nothing more asked. `toldAt` is when the person signed in to an EHR on whose word it is. */
  startSession(
    account: Account,
    methods: readonly string[],
    request: HttpRequest,
    provider?: ProviderSession,
    toldAt?: number,
  ): Promise<Begun>
  /**
   * Goes on after a first factor: to the second one where it is owed, else begins the session and
   * sends the person where they were going.
   */
  completeSignIn(
    proven: Proven & { readonly secondFactor?: Wanted },
    request: HttpRequest,
  ): Promise<HttpReply>
}

export interface SessionStartDeps extends FactorDeps {
  readonly running: Sessions
  readonly audit: Audit
  readonly devices: KnownDevices
  readonly pending: PendingSignIns
}

/** Makes the step that all ways to sign in share. */
export function createSessionStart(deps: SessionStartDeps): SessionStart {
  async function startSession(
    account: Account,
    methods: readonly string[],
    request: HttpRequest,
    provider?: ProviderSession,
    toldAt?: number,
  ) {
    const { id: requestId, remoteAddress: address } = request
    const { id: accountId, fhirUser, username, locale } = account
    const who = { requestId, address, accountId, fhirUser, methods }
    await deps.audit.record({ action: 'signed-in', ...who })
    const begun = await deps.running.begin(account, methods, request, provider, {
      ...(toldAt !== undefined && { toldAt }),
    })
    if (begun.sessionId === undefined) {
      await deps.audit.record({ action: 'sign-in-failed', ...who, name: username, detail: 'overtaken' })
      return begun
    }
    const marks = [deps.devices.mark(request, username), ...(locale ? [localeCookie(locale)] : [])]
    return { ...begun, cookies: [...begun.cookies, ...marks] }
  }

  return {
    startSession,
    async completeSignIn({ secondFactor: wanted = 'no', ...proven }, request) {
      const { account, methods, returnTo, provider } = proven
      const owed = await owedBy(account, { methods, wanted }, deps)
      if (owed !== 'nothing') {
        const cookie = await deps.pending.begin(proven)
        const path = owed === 'set-up' ? SET_UP : SECOND_STEP
        return { ...redirect(stepUrl(path, returnTo, chooseLocale(request))), cookies: [cookie] }
      }
      // Where no session began, the page that they were going to asks them to sign in again.
      const { cookies } = await startSession(account, methods, request, provider)
      return { ...redirect(returnTo), cookies }
    },
  }
}

/** Where the second factor is asked for. */
export const SECOND_STEP = '/account/second-step'
/** Where who has none sets one up. */
export const SET_UP = '/account/second-step/set-up'

/** The address of either, which says where the person was going: one loads it anew when nothing waits any more, too. */
export function stepUrl(path: typeof SECOND_STEP | typeof SET_UP, returnTo: string, locale: string): string {
  return `${path}?${new URLSearchParams({ ui_locales: locale, return_to: returnTo })}`
}
