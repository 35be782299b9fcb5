/** A shared launch: whoever opened the link confirms it, and it starts as themselves (LNCH-06). */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { button, definitions, linkButton, notice } from '../../ui/parts.ts'
import { originsOf } from '../app-origins.ts'
import { patientView } from '../chart/patient.ts'
import type { EhrDeps, Sandbox } from '../deps.ts'
import {
  appOf,
  kindFor,
  type LaunchPlan,
  parsePlan,
  planContext,
  planQuery,
  problemOf,
} from '../launch-plan.ts'
import type { EhrUser } from '../ports.ts'
import { readById } from '../record.ts'
import { patientName } from './banner.ts'
import { launchFromForm } from './launch-from.ts'
import { type Visit, visitPage } from './visit.ts'

/** `GET /launcher/launch?…` asks; nothing starts without a press. */
export async function sharedLaunchPage(deps: EhrDeps, sandbox: Sandbox, visit: Visit): Promise<HttpReply> {
  const plan = parsePlan(visit.request.query)
  const app = appOf(plan, await deps.apps.list())
  // A link that was tampered with, or of the standalone kind, is for the builder to explain.
  if (!app || plan.kind === 'standalone' || problemOf(plan, app, sandbox.accounts))
    return redirect(`/launcher?${visit.request.search}`)
  const { confirm } = visit.words.launcher
  const body = html`<section class="card"><h1>${confirm.question(app.name)}</h1>
${notices(plan, visit)}
${await facts(deps, plan, visit)}
<div class="actions">${visit.user.kind === kindFor(plan.kind) && launchForm(deps, plan, visit, app.clientId)}${switchUser(deps, plan, visit)}${linkButton('/launcher', confirm.back, 'quiet')}</div></section>`
  const policy = { formActions: originsOf(app) }
  return visitPage(deps, visit, { title: confirm.title, body, width: 'narrow', policy })
}

/** `POST /launcher/launch` */
export async function startSharedLaunch(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const plan = parsePlan(visit.request.form)
  const context = planContext(plan, patientOf(plan, visit.user))
  if (plan.kind === 'standalone' || visit.user.kind !== kindFor(plan.kind) || !context)
    return redirect('/launcher')
  return launchFromForm(deps, visit, {
    context,
    back: '/launcher',
    go: ({ launchUrl }) => redirect(launchUrl),
  })
}

/** A portal launch is always on a record: one's own unless another was asked for. */
function patientOf({ kind, patient }: LaunchPlan, { patients }: EhrUser): string | undefined {
  return patient ?? (kind === 'portal' ? patients[0] : undefined)
}

function isMeantForAnother(plan: LaunchPlan, user: EhrUser): boolean {
  return plan.user !== undefined && plan.user !== user.username
}

function notices(plan: LaunchPlan, { words, user }: Visit): Html {
  const { confirm } = words.launcher
  const wrongKind =
    plan.kind !== 'standalone' && user.kind !== kindFor(plan.kind) && confirm.wrongKind[plan.kind]
  const other = isMeantForAnother(plan, user) && confirm.otherUser(plan.user ?? '', user.username)
  return html`${other && notice('warning', other)}${wrongKind && notice('danger', wrongKind)}`
}

async function facts(deps: EhrDeps, plan: LaunchPlan, visit: Visit): Promise<Html> {
  const { confirm } = visit.words.launcher
  const { user } = visit
  return definitions([
    [confirm.asUser, `${user.name} (${user.username})`],
    [confirm.patient, await patientFact(deps, plan, visit)],
    [confirm.encounter, plan.encounter],
    [confirm.intent, plan.intent],
    [confirm.fhirContext, plan.fhirContext && html`<code>${plan.fhirContext}</code>`],
    [confirm.style, plan.style && html`<code>${plan.style}</code>`],
    [confirm.tenant, plan.tenant],
    [confirm.appContext, plan.appContext && html`<code>${plan.appContext}</code>`],
  ])
}

async function patientFact(deps: EhrDeps, plan: LaunchPlan, { user, words }: Visit): Promise<string> {
  const id = patientOf(plan, user)
  if (id === undefined) return words.launcher.confirm.noPatient
  const patient = await readById(deps.chart, user, 'Patient', id)
  if (!patient) return `${id}: ${words.ehr.refused['unknown-patient']}`
  return patientName(patientView(patient, deps.now()), words.ehr.banner)
}

function launchForm(deps: EhrDeps, plan: LaunchPlan, visit: Visit, clientId: string): Html {
  const { confirm } = visit.words.launcher
  return html`<form method="post" action="/launcher/launch">${deps.csrf.field(visit.request).html}${[
    ...planQuery(plan, clientId),
  ].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}${button(confirm.launch)}</form>`
}

function switchUser(deps: EhrDeps, plan: LaunchPlan, { request, words, user }: Visit): Html | false {
  const fits = plan.kind !== 'standalone' && user.kind === kindFor(plan.kind)
  if (fits && !isMeantForAnother(plan, user)) return false
  const { confirm } = words.launcher
  const hints = { again: true, ...(plan.user === undefined ? {} : { username: plan.user }) }
  const url = deps.currentUser.signInUrl(`${request.path}?${request.search}`, hints)
  return linkButton(url, plan.user === undefined ? confirm.switchAny : confirm.switchUser(plan.user))
}
