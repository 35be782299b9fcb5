/** Who looked at my record: the latest events of the audit trail about it, in plain words, a page at a time. */
import { type Html, html, type Piece } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatMoment } from '../../ui/format.ts'
import { chip, linkButton } from '../../ui/parts.ts'
import { groupSeen, type SeenGroup } from '../access/groups.ts'
import { seenFrom } from '../access/seen.ts'
import { entries, entry, facts } from '../chart/section.ts'
import type { EhrDeps } from '../deps.ts'
import { nextPathOf, resourcesOf } from '../fhir/bundle.ts'
import { patientBanner, patientName } from './banner.ts'
import { noSuchRecord } from './chart.ts'
import { ownRecords, recordSwitch } from './portal.ts'
import { type Visit, visitPage } from './visit.ts'

const eventsOnPage = 100
/** Accesses to data, apps that were opened, and what changed about who may see it; not each token that was renewed. */
const shownTypes = 'rest,110100,110113'

/** `GET /account/access`: of the person's own record, or that of the first they act for. */
export async function accessPage(_deps: EhrDeps, { user }: Visit): Promise<HttpReply> {
  const [first] = user.patients
  return redirect(first === undefined ? '/portal' : accessHref(first))
}

/** `GET /portal/patients/:id/access?page=` */
export async function recordAccessPage(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const id = visit.request.segments.id ?? ''
  const records = await ownRecords(deps, visit)
  const patient = records.find((record) => record.id === id)
  if (!patient) return noSuchRecord(deps, visit)
  const { access, ehr } = visit.words
  const { groups, next } = await loadSeen(deps, visit, id)
  const list =
    groups.length > 0
      ? html`<section class="card">${entries(groups.map((group) => line(group, visit)))}</section>`
      : html`<section class="card"><p class="muted">${access.none}</p></section>`
  const body = html`${records.length > 1 && recordSwitch(records, id, visit, accessHref)}
${patientBanner(patient, ehr.banner, visit.locale)}
<h2>${access.title}</h2>
<p class="muted">${access.lead}</p>
${list}
<p class="actions">${next !== undefined && linkButton(accessHref(id, next), access.older)}
${linkButton(`/portal/patients/${encodeURIComponent(id)}`, access.back)}</p>`
  return visitPage(deps, visit, { title: `${access.title} · ${patientName(patient, ehr.banner)}`, body })
}

/** The address of the page, or of a later one of its pages. */
export function accessHref(id: string, page?: string): string {
  const query = page === undefined ? '' : `?page=${encodeURIComponent(page)}`
  return `/portal/patients/${encodeURIComponent(id)}/access${query}`
}

interface LoadedSeen {
  readonly groups: readonly SeenGroup[]
  /** What continues the search. */
  readonly next?: string
}

/** One search with the person's own authority; looking at this page is on record too, but would soon be all of it. */
async function loadSeen(deps: EhrDeps, { user, request }: Visit, id: string): Promise<LoadedSeen> {
  const page = request.query.get('page')
  const first = `patient=Patient/${encodeURIComponent(id)}&type=${shownTypes}&_sort=-date&_count=${eventsOnPage}`
  const query = page === undefined ? first : `_page=${encodeURIComponent(page)}`
  const bundle = await deps.chart.get(user, `AuditEvent?${query}`)
  const events = resourcesOf(bundle)
    .flatMap((resource) => seenFrom(resource, id) ?? [])
    .filter(({ type, account }) => !(type === 'AuditEvent' && account === user.id))
  const path = nextPathOf(bundle, deps.fhirBase)
  const next = path === undefined ? null : new URLSearchParams(path.split('?')[1]).get('_page')
  return next === null ? { groups: groupSeen(events) } : { groups: groupSeen(events), next }
}

function line(group: SeenGroup, { user, words, locale }: Visit): Html {
  const { access } = words
  const who = group.account === user.id ? access.you : (group.who ?? access.nobody)
  const mark: Piece = group.outcome !== 'allowed' && chip(access.outcomes[group.outcome], 'warning')
  return entry({
    name: who,
    marks: html`${mark}${group.deed === 'emergency' && chip(access.emergency, 'danger')}`,
    detail: facts([
      access.deeds[group.deed](kindsOf(group, words, locale)),
      group.app === undefined ? access.here : access.through(group.app),
      group.count > 1 && access.times(group.count),
    ]),
    side: html`<span>${formatMoment(locale, group.time)}</span>`,
  })
}

function kindsOf({ types }: SeenGroup, { consent, access }: Visit['words'], locale: string): string {
  const names = types.map((type) =>
    type === 'AuditEvent' ? access.trail : (consent.classes[type] ?? consent.otherClass(type)),
  )
  return names.length === 0 ? access.data : new Intl.ListFormat(locale).format(names)
}
