/**
 * The pages of a running authorization, at one address: sign in, choose, consent, and back to the app. What is shown
 * follows from the flow alone, so reload and back show what is current.
 */
import { authorizeDenied } from '../../audit/event.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { formatGrant, parseGrant } from '../../smart/grant.ts'
import { chooseLocale } from '../../ui/locale.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { consentPage } from '../pages/consent.ts'
import { continuePage } from '../pages/continue.ts'
import { encounterPage, patientPage } from '../pages/picker.ts'
import { resourcePage } from '../pages/resource-picker.ts'
import type { User } from '../ports.ts'
import type { RememberedConsent } from '../remembered-consent.ts'
import { answerAgain } from './answer-again.ts'
import { allWithin, nonEmpty } from './check-scope.ts'
import { asQuestions, checkConsent, offeredScopes } from './consent.ts'
import type { FlowDeps } from './deps.ts'
import { type Flow, type FlowState, isLegalMove, moved } from './flow.ts'
import { flowPath } from './flow-path.ts'
import { issueCode } from './issue-code.ts'
import { keepAnswer } from './kept-answer.ts'
import { loadFlow, loadFlowClient } from './load-flow.ts'
import { pickContext } from './pick-context.ts'
import { decidedNow, decisionOf, grantedAgain, keyOf, recallConsent } from './recall-consent.ts'
import { errorMembers, faultFor, returnAnswer } from './redirect-back.ts'
import { type Question, settleContext } from './settle-context.ts'
import { loadVisitor, type Waiting } from './sign-in.ts'

/** Shows the flow's current page, or goes on where nothing has to be asked. */
export async function showFlow(request: HttpRequest, deps: FlowDeps): Promise<HttpReply> {
  const flow = await loadFlow(request.segments.id ?? '', deps.flows, deps.now())
  if (flow.state === 'finished') return answerAgain(flow, request, deps)
  const client = await loadFlowClient(flow, deps.clients)
  try {
    return await orBackToApp(flow, request, deps, async () => {
      const visitor = await loadVisitor(flow, request, deps)
      return 'user' in visitor
        ? advance(asRegistered(visitor.flow, client), visitor.user, client, request, deps)
        : waitFor(visitor, flow, request, deps)
    })
  } catch (error) {
    // Nobody may be there to see a page: the app may wait in a hidden frame (RFC-04). Who pressed a button is there, and can
    // press it again.
    throw error instanceof OAuthError ? error : faultFor(error, flow.request, deps.baseUrl, request)
  }
}

/** Takes the answer of a page. */
export async function answerFlow(request: HttpRequest, deps: FlowDeps): Promise<HttpReply> {
  const flow = await loadFlow(request.segments.id ?? '', deps.flows, deps.now())
  if (!deps.csrf.check(request)) throw new OAuthError('formForged')
  if (flow.state === 'finished') return answerAgain(flow, request, deps)
  const client = await loadFlowClient(flow, deps.clients)
  return orBackToApp(flow, request, deps, async () => {
    const visitor = await loadVisitor(flow, request, deps)
    if (!('user' in visitor)) return waitFor(visitor, flow, request, deps)
    // An answer comes from a page, and a page was shown only to the session that took the flow up.
    if (flow.sessionId === undefined) throw new OAuthError('flowMove')
    return takeAnswer(asRegistered(flow, client), visitor.user, client, request, deps)
  })
}

async function takeAnswer(
  flow: Flow,
  user: User,
  client: Client,
  request: HttpRequest,
  deps: FlowDeps,
): Promise<HttpReply> {
  const { form } = request
  if (flow.state === 'consenting') {
    await checkPatient(flow, user, deps)
    const offered = offeredScopes(flow, user)
    const granted = checkConsent(offered, form, deps.supportsFilter)
    const remember = decisionOf(flow, user, client, { offered, granted }, deps)
    const decided = { key: keyOf(flow, user), client, granted, remember, language: chooseLocale(request) }
    return issueCode(flow, user, granted, request, deps, (grant) => decidedNow({ ...decided, grant }, deps))
  }
  if (form.get('decision') === 'deny') throw new OAuthError('denied')
  const picked = await pickContext(flow, form, user, deps.directory)
  return advance(picked ?? flow, user, client, request, deps)
}

/** Whoever could open the record when the page was shown may not be able to when its answer comes. */
async function checkPatient({ context: { patient } }: Flow, user: User, { directory }: FlowDeps) {
  if (patient !== undefined && !(await directory.describe(user, patient)))
    throw new OAuthError('patientDenied')
}

async function advance(
  flow: Flow,
  user: User,
  client: Client,
  request: HttpRequest,
  deps: FlowDeps,
): Promise<HttpReply> {
  const { flow: settled, question } = await settleContext(flow, user, client, deps.directory)
  const mine = { ...settled, sessionId: user.sessionId }
  const offered = offeredScopes(mine, user)
  if (question.ask === 'nothing') return issueCode(mine, user, offered, request, deps)
  const remembered = question.ask === 'consent' ? await recallConsent(mine, user, client, deps) : undefined
  const again = remembered && grantedAgain(remembered, offered, mine, client)
  if (again)
    return issueCode(mine, user, again, request, deps, () => ({ relyOn: remembered, at: deps.now() }))
  if (flow.request.prompt.none) {
    throw new OAuthError(question.ask === 'consent' ? 'consentRequired' : 'interactionRequired')
  }
  const current = await enter(mine, question.ask === 'consent' ? 'consenting' : 'choosing', deps)
  return pageOf(question, { flow: current, client, user, request, deps, remembered })
}

/** The flow for what the app is registered for now, which may be less than when it asked. REG-05. */
function asRegistered(flow: Flow, client: Client): Flow {
  const { scopes } = parseGrant(flow.request.scope)
  const scope = formatGrant({ scopes: nonEmpty(allWithin(parseGrant(client.scope), scopes)) })
  return scope === flow.request.scope ? flow : { ...flow, request: { ...flow.request, scope } }
}

async function enter(flow: Flow, state: FlowState, deps: FlowDeps): Promise<Flow> {
  if (!isLegalMove(flow.state, state)) return flow // a reload of the consent page
  const next = moved(flow, state)
  if (!(await deps.flows.move(flow.state, next))) throw new OAuthError('flowMove')
  return next
}

interface PageInput {
  readonly flow: Flow
  readonly client: Client
  readonly user: User
  readonly request: HttpRequest
  readonly deps: FlowDeps
  readonly remembered: RememberedConsent | undefined
}

async function pageOf(question: Exclude<Question, { ask: 'nothing' }>, input: PageInput): Promise<HttpReply> {
  const { flow, client, user, request, deps, remembered } = input
  const about = {
    request,
    client,
    user,
    csrf: deps.csrf.field(request),
    baseUrl: deps.baseUrl,
    redirectUri: flow.request.redirectUri,
  }
  switch (question.ask) {
    case 'patient': {
      const q = request.form.get('q')?.slice(0, 200) ?? ''
      const patients = question.own ?? (await deps.directory.search(user, q))
      return patientPage(about, patients, question.own ? undefined : q)
    }
    case 'encounter':
      return encounterPage(about, question.patient, question.encounters)
    case 'resource':
      return resourcePage(about, question.resource, question.patient)
    case 'consent':
      return consentPage(
        about,
        asQuestions(offeredScopes(flow, user), deps.supportsFilter, remembered),
        question.patient,
      )
  }
}

function waitFor(waiting: Waiting, flow: Flow, request: HttpRequest, deps: FlowDeps): HttpReply {
  if (waiting.wait === 'cookies') return continuePage(request)
  const { loginHint, uiLocales } = flow.request
  const { again, level, must } = waiting
  const hints = {
    ...(loginHint && { loginHint }),
    ...(uiLocales && { uiLocales }),
    ...(level && { level }),
    ...(must && { must }),
    again,
  }
  return redirect(deps.signIn.signInUrl(flowPath(request.segments.id ?? '', uiLocales), hints))
}

/** Runs `work`; an error that the app may know ends the flow and goes to the app. */
async function orBackToApp(
  flow: Flow,
  request: HttpRequest,
  deps: FlowDeps,
  work: () => Promise<HttpReply>,
): Promise<HttpReply> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const isOvertaken = error.message === 'flowMove'
    if (!isOvertaken && !error.kind.redirect) throw error
    // The state in the store may be a step ahead of ours; whoever is first has the say, and who sent the same gets that answer.
    const latest = (await deps.flows.find(flow.hash)) ?? flow
    if (latest.state === 'finished') return answerAgain(latest, request, deps)
    if (isOvertaken) throw error
    return endWith(error, latest, request, deps)
  }
}

async function endWith(
  error: OAuthError,
  flow: Flow,
  request: HttpRequest,
  deps: FlowDeps,
): Promise<HttpReply> {
  const actor = { client: flow.request.clientId, address: request.remoteAddress }
  await deps.audit.record(authorizeDenied(actor, flow.request.scope, error.message))
  const members = errorMembers(error)
  const sessionId = flow.sessionId ?? (await deps.signIn.currentUser(request))?.sessionId
  const kept = keepAnswer(flow, members, request, deps, error.message === 'denied' ? { denied: true } : {})
  const finished = moved(flow, 'finished', { ...kept, ...(sessionId !== undefined && { sessionId }) })
  if (!(await deps.flows.move(flow.state, finished))) throw new OAuthError('flowMove')
  return returnAnswer(flow.request, deps.baseUrl, members, request)
}
