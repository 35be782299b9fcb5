/** The patient list: a search, and who was changed most recently first. */
import { type Html, html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { button, emptyState, field, linkButton } from '../../ui/parts.ts'
import { type PatientView, patientView } from '../chart/patient.ts'
import type { EhrDeps } from '../deps.ts'
import { nextPathOf, resourcesOf, totalOf } from '../fhir/bundle.ts'
import { firstPaths } from '../patient-search.ts'
import type { EhrUser } from '../ports.ts'
import { patientFacts, patientName } from './banner.ts'
import { offlineNotice } from './offline-notice.ts'
import { type Visit, visitPage } from './visit.ts'

interface PatientPage {
  readonly patients: readonly PatientView[]
  readonly total?: number | undefined
  readonly next?: string | undefined
}

/** `GET /ehr?q=&next=` */
export async function patientsPage(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const { patients: words } = visit.words.ehr
  const q = visit.request.query.get('q')?.trim() ?? ''
  const next = visit.request.query.get('next')
  const found = await findPatients(deps, visit.user, q, next)
  const body = html`${await offlineNotice(deps, visit)}<h1>${words.title}</h1>
<form class="search-form" role="search" method="get" action="/ehr">${field({
    name: 'q',
    label: words.search,
    type: 'search',
    value: q,
    hint: words.hint,
    autocomplete: 'off',
  })}${button(words.find)}</form>
${list(found, q, visit)}
${paging(found, q, next, visit)}`
  return visitPage(deps, visit, { title: words.title, body })
}

/** The first of the searches that finds somebody; a later page goes on where the earlier one ended. */
async function findPatients(
  deps: EhrDeps,
  user: EhrUser,
  q: string,
  next: string | undefined,
): Promise<PatientPage> {
  let found: PatientPage = { patients: [] }
  // What comes back from the browser is a search of patients and nothing else.
  for (const path of next?.startsWith('Patient?') ? [next] : firstPaths(q)) {
    const bundle = await deps.chart.get(user, path)
    const patients = resourcesOf(bundle).map((patient) => patientView(patient, deps.now()))
    found = { patients, total: totalOf(bundle), next: nextPathOf(bundle, deps.fhirBase) }
    if (patients.length > 0) break
  }
  return found
}

function list({ patients, total }: PatientPage, q: string, { words: all, locale }: Visit): Html {
  const words = all.ehr.patients
  if (patients.length === 0)
    return q === '' ? emptyState(words.noneAtAll) : emptyState(words.none, words.noneHint)
  return html`${total !== undefined && html`<p class="muted small" role="status">${words.found(total)}</p>`}
<ul class="person-list" aria-label="${words.listLabel}">${patients.map(
    (
      patient,
    ) => html`<li><a class="person patient-row" href="/ehr/patients/${encodeURIComponent(patient.id)}">
<span class="person-name">${patientName(patient, all.ehr.banner)}</span>
<span class="person-facts">${patientFacts(patient, all.ehr.banner, locale)}</span></a></li>`,
  )}</ul>`
}

function paging(
  found: PatientPage,
  q: string,
  next: string | undefined,
  { words: all }: Visit,
): Html | false {
  const words = all.ehr.patients
  const address = (query: Record<string, string>) =>
    `/ehr?${new URLSearchParams({ ...(q && { q }), ...query })}`
  const onward = found.next !== undefined && linkButton(address({ next: found.next }), words.next)
  const back = next !== undefined && linkButton(address({}), words.first, 'quiet')
  const clear = q !== '' && next === undefined && linkButton('/ehr', words.clear, 'quiet')
  return (onward || back || clear) && html`<p class="actions">${onward}${back}${clear}</p>`
}
