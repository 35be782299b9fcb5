// Who is at the browser, and whether this flow is theirs: one session takes it up, no other can go on with it.
// SEED-20 (a live EHR session needs no second sign-in), SEED-29, OIDC Core §3.1.2.1 (prompt).
import type { HttpRequest } from '../../http/route.ts'
import type { Level } from '../acr.ts'
import { OAuthError } from '../errors.ts'
import type { FlowStore, LaunchStore, SignIn, User } from '../ports.ts'
import { checkSignIn, levelToAsk } from './check-sign-in.ts'
import { owesStepUp, type StepUpRule } from './check-step-up.ts'
import { type Flow, isEhrLaunch, moved } from './flow.ts'
import { loadLaunch } from './load-launch.ts'

/** What a flow waits for: the same request again with cookies, or a sign-in, and what that has to be like. */
export type Waiting =
  | { readonly wait: 'cookies' }
  | { readonly wait: 'sign-in'; readonly again: boolean; readonly level?: Level; readonly must?: boolean }

/** The user and the flow that is theirs, or what is waited for. */
export type Visitor = { readonly user: User; readonly flow: Flow } | Waiting

interface VisitorDeps {
  readonly signIn: SignIn
  readonly launches: LaunchStore
  readonly flows: FlowStore
  readonly now: () => number
  readonly stepUp?: StepUpRule
}

/** Finds the user of this request and checks that the flow may be theirs. */
export async function loadVisitor(flow: Flow, request: HttpRequest, deps: VisitorDeps): Promise<Visitor> {
  const user = await deps.signIn.currentUser(request)
  const { sessionId } = flow
  if (sessionId !== undefined) {
    if (user?.sessionId === sessionId) return { user, flow }
    // No sign-in could go on with it any more: the app is told, so that it can ask anew.
    if (!(await deps.signIn.isSessionLive(sessionId)))
      throw new OAuthError('loginRequired', { detail: 'the session is over' })
    if (user) throw new OAuthError('flowForeign')
  }
  if (!user) return whatIsMissing(flow, request)
  const launched = await loadLaunch(flow, user, deps)
  const again = checkSignIn(launched, user)
  if (again) return again
  if (owesStepUp(launched, user, deps.stepUp))
    return { wait: 'sign-in', again: true, level: 'mfa', must: true }
  const level = levelToAsk(launched, user)
  if (!level) return { user, flow: launched }
  // Asked once: who cannot give it goes on with what they have.
  const asked = moved(launched, 'signing-in', { stepUpAsked: true })
  if (!(await deps.flows.move(launched.state, asked))) throw new OAuthError('flowMove')
  return { wait: 'sign-in', again: true, level }
}

function whatIsMissing(flow: Flow, request: HttpRequest): Waiting {
  const { prompt } = flow.request
  // In another site's frame no page of ours is shown, the step that brings cookies no more than the sign-in.
  if (mayHaveHiddenCookies(request) && !(prompt.none && isFramed(request))) return { wait: 'cookies' }
  if (prompt.none) throw new OAuthError('loginRequired')
  // The session that the launch belongs to is over: a new one could not take it.
  if (isEhrLaunch(flow) && flow.launchUserId === undefined)
    throw new OAuthError('launchUnknown', { detail: 'no session' })
  return { wait: 'sign-in', again: prompt.login }
}

/** In a frame, or behind another site's form, Lax cookies stay at home; a step from our own page brings them. */
function mayHaveHiddenCookies(request: HttpRequest): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site' && request.query.get('from') !== 'here'
}

const frames = ['iframe', 'frame', 'object', 'embed']

/** @see Fetch Metadata Request Headers §2.1 */
function isFramed({ headers }: HttpRequest): boolean {
  return frames.includes(headers['sec-fetch-dest'] ?? '')
}
