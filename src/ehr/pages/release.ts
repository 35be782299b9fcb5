/** Releasing results to the patient: by who ordered them, or whom policy names; each by taking the tag off. */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import type { Resource } from '../../smart/resource.ts'
import { formatDay } from '../../ui/format.ts'
import { button, linkButton, notice } from '../../ui/parts.ts'
import { entries, entry } from '../chart/section.ts'
import { hasTag, requestsOf, resultsOf, type Waiting, waitingFrom } from '../chart/waiting.ts'
import type { EhrDeps } from '../deps.ts'
import { referencedId } from '../fhir/reference.ts'
import { createSearchRecord, readById, type SearchRecord } from '../record.ts'
import { type Visit, visitPage } from './visit.ts'

const types = ['DiagnosticReport', 'Observation']
const mostRequests = 100
const mostResults = 200

/** What waits for release in an open chart, with a button where this person may release it; nothing when nothing waits. */
export async function waitingPart(deps: EhrDeps, visit: Visit, patient: string): Promise<Html | false> {
  const search = createSearchRecord(deps.chart, visit.user, deps.fhirBase)
  const query = new URLSearchParams({ patient, _tag: deps.releases.tag(), _sort: '-date', _count: '100' })
  const found = await Promise.all(types.map((type) => search(`${type}?${query}`)))
  const resources = found.flatMap((one) => one.resources)
  if (resources.length === 0) return false
  const waiting = waitingFrom(resources, await loadRequests(search, patient, resources))
  const isFree = await deps.releases.mayReleaseAny(visit.user)
  const words = visit.words.release
  return html`<section class="card waiting"><h2>${words.title} <span class="count">${waiting.length}</span></h2>
<p class="muted small">${words.explanation}</p>
${entries(waiting.map((one) => line(one, deps, visit, patient, isFree)))}</section>`
}

async function loadRequests(
  search: SearchRecord,
  patient: string,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  const ids = [...new Set(resources.flatMap(requestsOf))].slice(0, mostRequests)
  if (ids.length === 0) return []
  const query = new URLSearchParams({ patient, _id: ids.join(',') })
  return (await search(`ServiceRequest?${query}`)).resources
}

function isOrderer({ orderers }: Waiting, { user }: Visit): boolean {
  return user.fhirUser !== undefined && orderers.includes(user.fhirUser)
}

function line(waiting: Waiting, deps: EhrDeps, visit: Visit, patient: string, isFree: boolean): Html {
  const { words, locale, request } = visit
  const { resource, name, date, ordererName, results } = waiting
  const mayRelease = isFree || isOrderer(waiting, visit)
  const label = name ?? words.ehr.chart.unnamed
  const form = html`<form method="post" action="/ehr/patients/${encodeURIComponent(patient)}/releases">${deps.csrf.field(request).html}<input type="hidden" name="result" value="${resource.resourceType}/${resource.id}">${button(
    html`${words.release.button}<span class="visually-hidden"> (${label})</span>`,
    { kind: 'secondary' },
  )}</form>`
  const waits =
    ordererName === undefined ? words.release.ordererUnknown : words.release.orderedBy(ordererName)
  return entry({
    name: label,
    detail: html`${date && formatDay(locale, date)}${results.length > 0 && html` · ${words.release.results(results.length)}`}`,
    side: mayRelease ? form : html`<span class="muted small">${waits}</span>`,
  })
}

type Refusal = keyof Visit['words']['release']['reasons']

/** `POST /ehr/patients/:id/releases` */
export async function releaseResult(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const { request } = visit
  const patient = request.segments.id ?? ''
  const refusal = deps.csrf.check(request)
    ? await release(deps, visit, patient, request.form.get('result') ?? '')
    : 'forged'
  const back = `/ehr/patients/${encodeURIComponent(patient)}?section=results`
  return refusal === undefined ? redirect(back) : refusalPage(deps, visit, refusal, back)
}

/** Releases a result, those in a report before the report; gives why not. */
async function release(
  deps: EhrDeps,
  visit: Visit,
  patient: string,
  reference: string,
): Promise<Refusal | undefined> {
  const [type = '', id = ''] = reference.split('/')
  const waits = await loadWaiting(deps, visit, patient, type, id)
  if (!waits) return 'absent'
  const search = createSearchRecord(deps.chart, visit.user, deps.fhirBase)
  const [waiting] = waitingFrom([waits], await loadRequests(search, patient, [waits]))
  if (!waiting || !(isOrderer(waiting, visit) || (await deps.releases.mayReleaseAny(visit.user))))
    return 'not-yours'
  const parts = await Promise.all(
    resultsOf(waits)
      .slice(0, mostResults)
      .map((one) => loadWaiting(deps, visit, patient, 'Observation', one)),
  )
  for (const part of [...parts, waits]) {
    if (part && !(await deps.releases.release(visit.user, part))) return 'changed'
  }
  return undefined
}

/** A result of this patient that waits for release, as far as this person may see it. */
async function loadWaiting(
  deps: EhrDeps,
  { user }: Visit,
  patient: string,
  type: string,
  id: string,
): Promise<Resource | undefined> {
  const found = types.includes(type) ? await readById(deps.chart, user, type, id) : undefined
  const isOfPatient = found && referencedId(found.subject, 'Patient') === patient
  return isOfPatient && hasTag(found, deps.releases.tag()) ? found : undefined
}

const statuses: Readonly<Record<Refusal, number>> = {
  forged: 403,
  absent: 404,
  'not-yours': 403,
  changed: 409,
}

function refusalPage(deps: EhrDeps, visit: Visit, refusal: Refusal, back: string): HttpReply {
  const words = visit.words.release
  const body = html`<h1>${words.refused}</h1>${notice('danger', words.reasons[refusal])}
<p class="actions">${linkButton(back, words.back)}</p>`
  return visitPage(deps, visit, { status: statuses[refusal], title: words.refused, body, width: 'narrow' })
}
