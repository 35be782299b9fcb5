/** Launching an app beside a chart: in a frame below the banner, or in a window of its own (LNCH-01, CTX-17). */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { button, emptyState } from '../../ui/parts.ts'
import { originsOf } from '../app-origins.ts'
import type { EhrDeps } from '../deps.ts'
import { launchUrlOf, waitingLaunch } from '../launch.ts'
import { contextOf } from '../launch-context-shape.ts'
import type { AppSummary } from '../ports.ts'
import { chartBanner, chartHref, noSuchRecord, type OpenChart, openChart } from './chart.ts'
import { launchFromForm } from './launch-from.ts'
import { type Visit, visitPage } from './visit.ts'

/** What an embedded app may do: everything it needs for itself, but not take the whole window. */
const frameRights =
  'allow-scripts allow-same-origin allow-forms allow-modals allow-downloads allow-popups allow-popups-to-escape-sandbox'

/** `POST /ehr/patients/:id/launches` */
export async function startChartLaunch(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const { form, segments } = visit.request
  const patient = segments.id ?? ''
  const encounter = form.get('encounter')
  const intent = form.get('intent')
  const embedded = form.get('display') === 'here'
  return launchFromForm(deps, visit, {
    // In a frame our banner stands above the app; in a window of its own it must show one. It may look like us in both.
    context: contextOf({
      patient,
      encounter,
      intent,
      needPatientBanner: !embedded,
      smartStyleUrl: deps.styleUrl,
      tenant: deps.sandbox?.tenant,
    }),
    back: `/ehr/patients/${encodeURIComponent(patient)}`,
    go: ({ handle, launchUrl }, app) =>
      redirect(embedded ? framePath(patient, app.clientId, handle, encounter) : launchUrl),
  })
}

function framePath(patient: string, clientId: string, handle: string, encounter: string | undefined): string {
  const query = new URLSearchParams({ launch: handle, ...(encounter === undefined ? {} : { encounter }) })
  return `/ehr/patients/${encodeURIComponent(patient)}/apps/${encodeURIComponent(clientId)}?${query}`
}

/** `GET /ehr/patients/:id/apps/:client?launch=` shows a launch that was just started by a form; it starts none itself. */
export async function framePage(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const [chart, app] = await Promise.all([
    openChart(deps, visit),
    deps.apps.find(visit.request.segments.client ?? ''),
  ])
  if (!chart || !app?.launchUrl) return noSuchRecord(deps, visit)
  const source = await frameSource(deps, visit, app, chart.patient.id)
  const { apps: words } = visit.words.ehr
  const body = html`${chartBanner(chart, visit)}
<div class="frame-bar"><h2>${app.name}</h2><a class="button button-secondary button-small" href="${chartHref(chart, 'summary')}">${words.backToChart}</a></div>
${
  source === undefined
    ? relaunch(deps, visit, chart, app)
    : html`<iframe class="frame" src="${source}" title="${words.frameTitle(app.name)}" sandbox="${frameRights}"></iframe>`
}`
  const policy = { frames: ["'self'", ...originsOf(app)], formActions: originsOf(app) }
  return visitPage(deps, visit, { title: app.name, body, width: 'wide', policy })
}

/** The app's launch address, as long as the launch waits for it and is of this patient. */
async function frameSource(
  deps: EhrDeps,
  { request, user, locale }: Visit,
  app: AppSummary,
  patientId: string,
): Promise<string | undefined> {
  const handle = request.query.get('launch')
  if (handle === undefined || app.launchUrl === undefined) return undefined
  const holder = { clientId: app.clientId, userId: user.id, sessionId: user.sessionId }
  const context = await waitingLaunch(deps, handle, holder)
  return context?.patient === patientId
    ? launchUrlOf(app.launchUrl, deps.fhirBase, handle, locale)
    : undefined
}

/** After a reload the launch is used up: one press makes a new one. */
function relaunch(deps: EhrDeps, visit: Visit, chart: OpenChart, app: AppSummary): Html {
  const { apps: words } = visit.words.ehr
  return html`${emptyState(words.over, words.overText)}
<form class="actions" method="post" action="/ehr/patients/${encodeURIComponent(chart.patient.id)}/launches">${deps.csrf.field(visit.request).html}<input type="hidden" name="client" value="${app.clientId}"><input type="hidden" name="display" value="here">${
    chart.encounter && html`<input type="hidden" name="encounter" value="${chart.encounter.id}">`
  }${button(words.again)}</form>`
}
