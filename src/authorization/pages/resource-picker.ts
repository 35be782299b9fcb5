import { type Html, html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatDay } from '../../ui/format.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { button } from '../../ui/parts.ts'
import type { ResourceQuestion } from '../authorize/settle-resources.ts'
import type { PatientSummary, ResourceSummary } from '../ports.ts'
import { type About, flowPage } from './about.ts'
import { cancelForm } from './picker.ts'

/** Choosing a resource that the app asked for by `launch/<type>`, or none (CTX-02 to CTX-06). */
export function resourcePage(
  about: About,
  { scope, type, role, resources }: ResourceQuestion,
  patient: PatientSummary | undefined,
): HttpReply {
  const locale = chooseLocale(about.request)
  const { picker, consent } = messages(locale)
  const kind = consent.classes[type] ?? consent.otherClass(type)
  const lead = patient
    ? picker.resourceOfPatientLead(about.client.name, kind, patient.name)
    : picker.resourceLead(about.client.name, kind)
  return flowPage(
    about,
    picker.resourceTitle,
    html`<h1>${picker.resourceTitle}</h1>
<p>${lead}</p>
${role !== undefined && html`<p class="muted small">${picker.resourceRole} <code>${role}</code></p>`}
<form method="post">${about.csrf.html}<input type="hidden" name="for" value="${scope}">
<ul class="person-list">${resources.map((resource) => html`<li>${resourceButton(resource, type, locale)}</li>`)}</ul>
<p class="actions">${button(picker.withoutResource, { kind: 'secondary', name: 'without_resource', value: 'yes', wide: true })}</p>
</form>
${cancelForm(about, picker)}`,
  )
}

function resourceButton({ id, label, date, status }: ResourceSummary, type: string, locale: Locale): Html {
  // A state without words is the usual one, such as `current`.
  const facts = [
    date && formatDay(locale, date),
    status && messages(locale).ehr.chart.statuses[status],
  ].filter(Boolean)
  return html`<button type="submit" class="person" name="resource" value="${type}/${id}">
<span class="person-name">${label}</span>
<span class="person-facts">${facts.join(' · ')}</span></button>`
}
