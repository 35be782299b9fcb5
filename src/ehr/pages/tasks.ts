/** `/ehr/tasks` and `/portal/tasks`: the launches that a person is asked to make, each with a press (TASK-08 to TASK-10). */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatDay } from '../../ui/format.ts'
import { emptyState } from '../../ui/parts.ts'
import { patientView } from '../chart/patient.ts'
import type { EhrDeps } from '../deps.ts'
import { contextOf } from '../launch-context-shape.ts'
import type { AppSummary } from '../ports.ts'
import { readById } from '../record.ts'
import { type OwnTask, ownTask, ownTasks } from '../tasks/own-tasks.ts'
import type { LaunchTask } from '../tasks/parse-task.ts'
import { hiddenName, launchPolicy } from './app-list.ts'
import { patientName } from './banner.ts'
import { launchFromForm } from './launch-from.ts'
import { statement, type Visit, visitPage } from './visit.ts'

export type TaskPlace = 'ehr' | 'portal'

/** `GET` */
export async function tasksPage(deps: EhrDeps, visit: Visit, place: TaskPlace): Promise<HttpReply> {
  const { tasks: words } = visit.words.launches
  const apps = await deps.apps.list()
  const tasks = await ownTasks(deps, visit.user, apps)
  const items = await Promise.all(tasks.map((one) => taskItem(deps, visit, place, one)))
  const body = html`<h1>${words.title}</h1><p class="lead">${words.text}</p>
${items.length > 0 ? html`<section class="card"><ul class="list task-list">${items}</ul></section>` : emptyState(words.none)}`
  return visitPage(deps, visit, { title: words.title, body, policy: launchPolicy(apps) })
}

/** `POST …/:id/launches` starts what the task asks for, as whoever pressed; the task itself says nothing of rights. */
export async function startTaskLaunch(deps: EhrDeps, visit: Visit, place: TaskPlace): Promise<HttpReply> {
  const back = `/${place}/tasks`
  const found = await ownTask(deps, visit.user, visit.request.segments.id ?? '', await deps.apps.list())
  if (found?.task.kind !== 'ehr') return noSuchTask(deps, visit)
  return launchFromForm(deps, visit, {
    app: found.app,
    context: contextOfTask(found.task, deps.sandbox?.tenant),
    back,
    go: ({ launchUrl }) => redirect(launchUrl),
  })
}

function contextOfTask({ patient, encounter, focus, appContext }: LaunchTask, tenant: string | undefined) {
  return contextOf({
    patient,
    encounter,
    appContext,
    tenant,
    fhirContext: focus === undefined ? undefined : [{ reference: focus }],
    needPatientBanner: true,
  })
}

function noSuchTask(deps: EhrDeps, visit: Visit): HttpReply {
  const { gone } = visit.words.launches.tasks
  return visitPage(deps, visit, { status: 404, title: gone.title, body: statement(gone.title, gone.text) })
}

async function taskItem(
  deps: EhrDeps,
  visit: Visit,
  place: TaskPlace,
  { task, app }: OwnTask,
): Promise<Html> {
  const { tasks: words } = visit.words.launches
  const facts = [
    task.patient !== undefined && (await patientFact(deps, visit, task.patient)),
    task.due !== undefined && words.due(formatDay(visit.locale, task.due)),
    app?.name,
  ].filter(Boolean)
  return html`<li class="task"><div class="app-name"><strong>${task.title ?? words.untitled}</strong>
<span class="entry-detail">${facts.join(' · ')}</span></div>
${app ? action(deps, visit, place, task, app) : html`<p class="muted small">${words.noApp}</p>`}</li>`
}

/** A patient whom this person may not see is not named. */
async function patientFact(deps: EhrDeps, { user, words }: Visit, id: string): Promise<string | undefined> {
  const patient = await readById(deps.chart, user, 'Patient', id)
  return patient && patientName(patientView(patient, deps.now()), words.ehr.banner)
}

/** An app that starts by itself is only opened: it has to find out everything else from the server (AMB-54). */
function action(deps: EhrDeps, visit: Visit, place: TaskPlace, task: LaunchTask, app: AppSummary): Html {
  const { tasks: words } = visit.words.launches
  const label = html`${words.open}${hiddenName({ ...app, name: `${app.name}: ${task.title ?? words.untitled}` })}`
  if (task.kind === 'standalone')
    return html`<div class="app-actions"><a class="button button-primary button-small" href="${task.appUrl}" target="_blank" rel="noopener">${label}</a></div>`
  return html`<form class="app-actions" method="post" action="/${place}/tasks/${encodeURIComponent(task.id)}/launches" rel="noopener">${deps.csrf.field(visit.request).html}<button class="button button-primary button-small" type="submit" formtarget="_blank">${label}</button></form>`
}
