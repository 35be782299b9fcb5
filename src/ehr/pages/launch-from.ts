/** Starting a launch from a form: the form must be ours, the app must be known, and the launch must be allowed. */
import { html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import type { LaunchContext } from '../../smart/context.ts'
import { linkButton, notice } from '../../ui/parts.ts'
import type { EhrDeps } from '../deps.ts'
import { type StartedLaunch, startLaunch } from '../launch.ts'
import { type LaunchRefusal, LaunchRefused } from '../launch-refused.ts'
import type { AppSummary } from '../ports.ts'
import { type Visit, visitPage } from './visit.ts'

/** Starts the launch that the posted form asks for and goes on with `go`; else tells why not, with a way `back`. */
export async function launchFromForm(
  deps: EhrDeps,
  visit: Visit,
  parts: {
    context: LaunchContext
    /** Where it is not the form that says which. */
    app?: AppSummary | undefined
    back: string
    go: (started: StartedLaunch, app: AppSummary) => HttpReply
  },
): Promise<HttpReply> {
  const { request, user, locale } = visit
  if (!deps.csrf.check(request)) return refusalPage(deps, visit, 403, 'forged', parts.back)
  const app = 'app' in parts ? parts.app : await deps.apps.find(request.form.get('client') ?? '')
  if (!app) return refusalPage(deps, visit, 404, 'unknown-app', parts.back)
  try {
    const started = await startLaunch(deps, {
      app,
      user,
      locale,
      context: parts.context,
      requestId: request.id,
    })
    return parts.go(started, app)
  } catch (error) {
    if (error instanceof LaunchRefused)
      return refusalPage(deps, visit, statusOf(error.reason), error.reason, parts.back)
    throw error
  }
}

function statusOf(reason: LaunchRefusal): number {
  return reason.startsWith('unknown-') ? 404 : 400
}

function refusalPage(
  deps: EhrDeps,
  visit: Visit,
  status: number,
  reason: LaunchRefusal | 'unknown-app' | 'forged',
  back: string,
): HttpReply {
  const { refused } = visit.words.ehr
  const body = html`<h1>${refused.title}</h1>${notice('danger', refused[reason])}
<p class="actions">${linkButton(back, refused.back)}</p>`
  return visitPage(deps, visit, { status, title: refused.title, body, width: 'narrow' })
}
