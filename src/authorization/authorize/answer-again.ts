// A flow that has finished, asked for once more: the session that was answered gets the same answer, or a page that says it has
// answered; to everybody else there is no such flow. CODE-01, RFC-05.
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { OAuthError } from '../errors.ts'
import { answeredPage } from '../pages/answered.ts'
import type { FlowDeps } from './deps.ts'
import type { Flow } from './flow.ts'
import { openAnswer } from './kept-answer.ts'
import { loadFlowClient } from './load-flow.ts'
import { returnAnswer } from './redirect-back.ts'

/** Answers a request for a finished flow; who posts a form has to have been checked for it. */
export async function answerAgain(flow: Flow, request: HttpRequest, deps: FlowDeps): Promise<HttpReply> {
  const user = await deps.signIn.currentUser(request)
  if (!user || user.sessionId !== flow.sessionId) throw new OAuthError('flowUnknown')
  const client = await loadFlowClient(flow, deps.clients)
  const members = await openAnswer(flow, request, deps)
  if (members) return returnAnswer(flow.request, deps.baseUrl, members, request)
  const wasAllowed = flow.answer?.codeHash !== undefined
  // What ended by itself nobody has answered.
  if (!wasAllowed && !flow.answer?.denied) throw new OAuthError('flowUnknown')
  return answeredPage(request, client, user.name, { baseUrl: deps.baseUrl, wasAllowed })
}
