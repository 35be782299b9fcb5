/** The patient portal: one's own record or a dependant's, in plain words, and apps to open on it. */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { linkButton } from '../../ui/parts.ts'
import { launchable } from '../app-origins.ts'
import { type PatientView, patientView } from '../chart/patient.ts'
import type { SectionId, SectionView } from '../chart/section.ts'
import { parseSection, renderSection } from '../chart/sections.ts'
import type { EhrDeps } from '../deps.ts'
import { contextOf } from '../launch-context-shape.ts'
import type { AppSummary } from '../ports.ts'
import { createSearchRecord } from '../record.ts'
import { appList, hiddenName, launchPolicy } from './app-list.ts'
import { patientBanner, patientName } from './banner.ts'
import { noSuchRecord } from './chart.ts'
import { launchFromForm } from './launch-from.ts'
import { offlineNotice } from './offline-notice.ts'
import { tabs } from './tabs.ts'
import { statement, type Visit, visitPage } from './visit.ts'

/** `GET /portal` opens the person's own record, or that of the first they act for. */
export async function portalPage(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const [first] = visit.user.patients
  if (first !== undefined) return redirect(portalHref(first, 'summary'))
  const { noRecord, account } = visit.words.portal
  const body = html`${statement(noRecord.title, noRecord.text)}
<p class="actions">${linkButton('/account', account)}</p>`
  return visitPage(deps, visit, { title: noRecord.title, body })
}

/** `GET /portal/patients/:id?section=&test=` */
export async function portalRecordPage(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const id = visit.request.segments.id ?? ''
  const [records, apps] = await Promise.all([ownRecords(deps, visit), deps.apps.list()])
  const patient = records.find((record) => record.id === id)
  if (!patient) return noSuchRecord(deps, visit)
  const { portal, ehr } = visit.words
  const section = parseSection(visit.request.query.get('section'))
  const reminder = await offlineNotice(deps, visit)
  const content = await renderSection(section, sectionView(deps, visit, id))
  const body = html`${reminder}${records.length > 1 && recordSwitch(records, id, visit, (other) => portalHref(other, 'summary'))}
${patientBanner(patient, ehr.banner, visit.locale)}
${tabs(section, portal.chart, (to) => portalHref(id, to))}
<div class="split chart"><div class="chart-section" id="section">${section !== 'summary' && html`<h2 class="visually-hidden">${portal.chart.sections[section]}</h2>`}${content}</div>
${appsPanel(deps, visit, id, apps)}</div>`
  const title = `${portal.chart.sections[section]} · ${patientName(patient, ehr.banner)}`
  return visitPage(deps, visit, { title, body, width: 'wide', policy: launchPolicy(apps) })
}

/** `POST /portal/patients/:id/launches` */
export async function startPortalLaunch(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const patient = visit.request.segments.id ?? ''
  return launchFromForm(deps, visit, {
    context: contextOf({
      patient,
      needPatientBanner: true,
      smartStyleUrl: deps.styleUrl,
      tenant: deps.sandbox?.tenant,
    }),
    back: portalHref(patient, 'summary'),
    go: ({ launchUrl }) => redirect(launchUrl),
  })
}

function portalHref(id: string, section: SectionId, query: Readonly<Record<string, string>> = {}): string {
  const parameters = new URLSearchParams({ ...(section === 'summary' ? {} : { section }), ...query })
  const path = `/portal/patients/${encodeURIComponent(id)}`
  return parameters.size > 0 ? `${path}?${parameters}` : path
}

/** The records this person is linked to and may in fact see. */
export async function ownRecords(deps: EhrDeps, { user }: Visit): Promise<PatientView[]> {
  const resources = await Promise.all(
    user.patients.map((id) => deps.chart.get(user, `Patient/${encodeURIComponent(id)}`)),
  )
  return resources
    .filter((resource) => resource !== undefined)
    .filter(({ resourceType }) => resourceType === 'Patient')
    .map((resource) => patientView(resource, deps.now()))
}

/** The other records of a person, each by its own address of the page. */
export function recordSwitch(
  records: readonly PatientView[],
  current: string,
  { user, words }: Visit,
  href: (id: string) => string,
): Html {
  const { portal, ehr } = words
  const label = (record: PatientView) =>
    record.id === user.ownRecord ? portal.mine : portal.recordOf(patientName(record, ehr.banner))
  return html`<nav class="record-switch" aria-label="${portal.records}"><ul>${records.map(
    (record) =>
      html`<li><a href="${href(record.id)}"${record.id === current && html` aria-current="page"`}>${label(record)}</a></li>`,
  )}</ul></nav>`
}

function sectionView(deps: EhrDeps, visit: Visit, patientId: string): SectionView {
  const test = visit.request.query.get('test')
  return {
    patientId,
    locale: visit.locale,
    words: visit.words.portal.chart,
    search: createSearchRecord(deps.chart, visit.user, deps.fhirBase),
    href: (section, query) => portalHref(patientId, section, query),
    ...(test === undefined ? {} : { test }),
  }
}

function appsPanel(deps: EhrDeps, visit: Visit, id: string, apps: readonly AppSummary[]): Html {
  const { apps: words } = visit.words.portal
  const list = appList({
    apps,
    action: `/portal/patients/${encodeURIComponent(id)}/launches`,
    fields: deps.csrf.field(visit.request).html,
    words: visit.words.ehr.apps,
    buttons: (app) =>
      html`<button class="button button-primary button-small" type="submit" formtarget="_blank">${words.open}${hiddenName(app)}</button>`,
  })
  return html`<aside class="card apps" id="apps" aria-labelledby="apps-title"><h2 id="apps-title">${words.title}</h2>
${launchable(apps).length > 0 ? html`<p class="muted small">${words.text}</p>${list}` : html`<p class="muted">${words.none}</p>`}
<p class="small"><a href="/account/apps">${words.connected}</a></p>
<p class="small"><a href="/portal/patients/${encodeURIComponent(id)}/access">${visit.words.access.link}</a></p></aside>`
}
