/**
 * Breaking the glass. What is said beforehand follows from policy and reader alone and is the same in every chart, so it
 * tells nothing of a record; what was opened is listed for whoever may open the chart, the reasons only to the auditor.
 */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { isFhirId } from '../../smart/ids.ts'
import { formatMoment } from '../../ui/format.ts'
import { button, field, linkButton, notice } from '../../ui/parts.ts'
import type { EhrDeps } from '../deps.ts'
import type { StoredEmergency } from '../ports.ts'
import { type Visit, visitPage } from './visit.ts'

/** Characters of a reason. */
const shortestReason = 5
const longestReason = 500

/** What a chart says of restricted information, and the form to break the glass; nothing where neither applies. */
export async function emergencyPart(deps: EhrDeps, visit: Visit, patient: string): Promise<Html | false> {
  const [isOffered, list] = await Promise.all([
    deps.emergency.isOffered(visit.user),
    deps.emergency.list(patient),
  ])
  if (!isOffered && list.length === 0) return false
  const words = visit.words.emergency
  const own = list.find(({ userId, endsAt }) => userId === visit.user.id && endsAt > deps.now())
  return html`${own && notice('info', words.openUntil(formatMoment(visit.locale, own.endsAt)))}
<details class="emergency"><summary>${words.title}</summary>
<p>${words.general}</p>
${isOffered && !own && emergencyForm(deps, visit, patient)}
${list.length > 0 && emergencyList(list, visit)}</details>`
}

/** The form alone, for a page that has no chart to show: it is the same whether there is one or not. */
export async function emergencyOffer(deps: EhrDeps, visit: Visit, patient: string): Promise<Html | false> {
  if (visit.user.kind !== 'clinician' || !isFhirId(patient)) return false
  if (!(await deps.emergency.isOffered(visit.user))) return false
  const words = visit.words.emergency
  return html`<details class="emergency"><summary>${words.title}</summary><p>${words.general}</p>${emergencyForm(deps, visit, patient)}</details>`
}

function emergencyForm(deps: EhrDeps, visit: Visit, patient: string): Html {
  const words = visit.words.emergency
  return html`<form method="post" action="/ehr/patients/${encodeURIComponent(patient)}/emergency">${deps.csrf.field(visit.request).html}
<p>${words.how(deps.emergency.minutes())}</p>
${field({ name: 'reason', label: words.reason, hint: words.reasonHint, required: true, autocomplete: 'off' })}
<p class="actions">${button(words.button, { kind: 'danger' })}</p></form>`
}

function emergencyList(list: readonly StoredEmergency[], { words, locale }: Visit): Html {
  const moment = (time: number) => formatMoment(locale, time)
  return html`<h2>${words.emergency.listTitle}</h2><ul class="list small">${list.map(
    ({ name, openedAt, endsAt }) =>
      html`<li>${words.emergency.listed(name, moment(openedAt), moment(endsAt))}</li>`,
  )}</ul>`
}

/** `POST /ehr/patients/:id/emergency` */
export async function breakGlass(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const { request, user } = visit
  const words = visit.words.emergency
  const patient = request.segments.id ?? ''
  const reason = request.form.get('reason')?.trim() ?? ''
  if (!deps.csrf.check(request)) return refusalPage(deps, visit, 403, words.forged)
  if (!isFhirId(patient) || !(await deps.emergency.isOffered(user)))
    return refusalPage(deps, visit, 403, words.notOffered)
  if (reason.length < shortestReason || reason.length > longestReason)
    return refusalPage(deps, visit, 400, words.noReason(shortestReason, longestReason))
  const chart = `/ehr/patients/${encodeURIComponent(patient)}`
  if (!(await deps.emergency.isProven(request))) {
    const hints = { username: user.username, again: true, secondFactor: 'required' } as const
    return redirect(deps.currentUser.signInUrl(chart, hints))
  }
  await deps.emergency.open(user, patient, reason)
  return redirect(chart)
}

function refusalPage(deps: EhrDeps, visit: Visit, status: number, text: string): HttpReply {
  const words = visit.words.emergency
  const back = `/ehr/patients/${encodeURIComponent(visit.request.segments.id ?? '')}`
  const body = html`<h1>${words.refused}</h1>${notice('danger', text)}
<p class="actions">${linkButton(back, words.back)}</p>`
  return visitPage(deps, visit, { status, title: words.refused, body, width: 'narrow' })
}
