/**
 * `start_url`: signs the browser in as the user of the launch, once, and sends it on to the app (SEED-20, LNCH-06).
 * Whoever is signed in there as somebody else is asked first, by a form of ours. @see docs/adr/0025-launches-by-other-systems.md
 */
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { handleOf, hashHandle, launchUrlOf } from '../launch.ts'
import type { AppSummary, LaunchPerson } from '../ports.ts'
import type { LaunchApiDeps } from './deps.ts'
import { otherUserPage, startOverPage } from './start-pages.ts'
import { parseStartToken } from './start-url.ts'

interface Waiting {
  readonly token: string
  readonly app: AppSummary & { readonly launchUrl: string }
  readonly person: LaunchPerson
  readonly authTime: number | undefined
}

/** `GET`: goes on at once, unless somebody else is signed in. */
export async function startFromLink(deps: LaunchApiDeps, request: HttpRequest): Promise<HttpReply> {
  if (!isVisit(request)) return startOverPage(request, 'not-opened')
  const waiting = await loadWaiting(deps, request.query.get('token'))
  if (!waiting) return startOverPage(request, 'over')
  const current = await deps.currentUser.find(request)
  if (current && current.id !== waiting.person.id)
    return otherUserPage(deps, request, { ...waiting, current })
  return goOn(deps, request, waiting)
}

/** `POST`: somebody else was signed in, and said that it may go on. */
export async function startFromForm(deps: LaunchApiDeps, request: HttpRequest): Promise<HttpReply> {
  if (!deps.csrf.check(request)) return startOverPage(request, 'forged')
  const waiting = await loadWaiting(deps, request.form.get('token'))
  if (!waiting) return startOverPage(request, 'over')
  return goOn(deps, request, waiting)
}

/** A browser that looks ahead, or loads this as a picture, is no person who came: nothing is used up by it. */
function isVisit({ method, headers }: HttpRequest): boolean {
  const mode = headers['sec-fetch-mode']
  const isAhead = headers['sec-purpose'] !== undefined || headers.purpose === 'prefetch'
  return method === 'GET' && !isAhead && (mode === undefined || mode === 'navigate')
}

async function loadWaiting(deps: LaunchApiDeps, text: string | undefined): Promise<Waiting | undefined> {
  const token = parseStartToken(text)
  const launch = token && (await deps.launches.findStart(hashHandle(token), deps.now()))
  if (!token || !launch) return undefined
  const [app, person] = await Promise.all([deps.apps.find(launch.clientId), deps.people.find(launch.userId)])
  if (!app?.launchUrl || !person) return undefined
  return { token, app: { ...app, launchUrl: app.launchUrl }, person, authTime: launch.authTime }
}

/** The same person's session goes on: a new one would end what runs in it. Anybody else's is replaced. */
async function goOn(
  deps: LaunchApiDeps,
  request: HttpRequest,
  { token, app, person, authTime }: Waiting,
): Promise<HttpReply> {
  if (!(await deps.launches.useStart(hashHandle(token), deps.now()))) return startOverPage(request, 'over')
  const signedIn = await deps.people.signIn(person.id, request, authTime)
  const handle = handleOf(token)
  if (!signedIn || !(await deps.launches.bind(hashHandle(handle), signedIn.sessionId, deps.now())))
    return startOverPage(request, 'over')
  return { ...redirect(launchUrlOf(app.launchUrl, deps.fhirBase, handle)), cookies: signedIn.cookies }
}
