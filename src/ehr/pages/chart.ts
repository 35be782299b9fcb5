/** A patient's chart for clinicians: banner, one section, and the apps beside it. */
import { type Html, html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatDay } from '../../ui/format.ts'
import { linkButton } from '../../ui/parts.ts'
import { canEmbed, launchable } from '../app-origins.ts'
import { type Encounter, encountersFrom } from '../chart/encounters.ts'
import { type PatientView, patientView } from '../chart/patient.ts'
import type { SectionId, SectionView } from '../chart/section.ts'
import { parseSection, renderSection } from '../chart/sections.ts'
import type { EhrDeps } from '../deps.ts'
import { referencedId } from '../fhir/reference.ts'
import type { AppSummary } from '../ports.ts'
import { createSearchRecord, readById } from '../record.ts'
import { appList, hiddenName, launchPolicy } from './app-list.ts'
import { patientBanner, patientName } from './banner.ts'
import { emergencyOffer, emergencyPart } from './emergency.ts'
import { waitingPart } from './release.ts'
import { tabs } from './tabs.ts'
import { statement, type Visit, visitPage } from './visit.ts'

/** A chart that is open: the patient, and the encounter that apps are opened on. */
export interface OpenChart {
  readonly patient: PatientView
  readonly encounter?: Encounter
}

/** `GET /ehr/patients/:id?section=&encounter=&test=` */
export async function chartPage(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const chart = await openChart(deps, visit)
  if (!chart) return noSuchRecord(deps, visit)
  const section = parseSection(visit.request.query.get('section'))
  const { id } = chart.patient
  const [content, waiting, emergency, apps] = await Promise.all([
    renderSection(section, sectionView(deps, visit, chart)),
    section === 'results' && visit.request.query.get('test') === undefined && waitingPart(deps, visit, id),
    emergencyPart(deps, visit, id),
    deps.apps.list(),
  ])
  const href = (to: SectionId) => chartHref(chart, to)
  const body = html`${chartBanner(chart, visit)}
<p class="apps-jump small"><a href="#apps">${visit.words.ehr.apps.jump} ↓</a></p>
${emergency}${tabs(section, visit.words.ehr.chart, href)}
<div class="split chart"><div class="chart-section" id="section">${section !== 'summary' && html`<h2 class="visually-hidden">${visit.words.ehr.chart.sections[section]}</h2>`}${waiting}${content}</div>
${appsPanel(deps, visit, chart, apps)}</div>`
  const title = `${patientName(chart.patient, visit.words.ehr.banner)} · ${visit.words.ehr.chart.sections[section]}`
  return visitPage(deps, visit, { title, body, width: 'wide', policy: launchPolicy(apps) })
}

/** The chart that an address asks for; nothing when the user may not see the patient. An encounter of someone else counts as none. */
export async function openChart(deps: EhrDeps, visit: Visit): Promise<OpenChart | undefined> {
  const id = visit.request.segments.id ?? ''
  const resource = await readById(deps.chart, visit.user, 'Patient', id)
  if (!resource) return undefined
  const patient = patientView(resource, deps.now())
  const encounter = await chosenEncounter(deps, visit, patient.id)
  return { patient, ...(encounter ? { encounter } : {}) }
}

async function chosenEncounter(
  deps: EhrDeps,
  { user, request }: Visit,
  patientId: string,
): Promise<Encounter | undefined> {
  const id = request.query.get('encounter')
  if (id === undefined) return undefined
  const resource = await readById(deps.chart, user, 'Encounter', id)
  if (!resource || referencedId(resource.subject, 'Patient') !== patientId) return undefined
  return encountersFrom([resource])[0]
}

/** The page for a patient who is not there, or not for this user: one page for both, so that it tells nothing. */
export async function noSuchRecord(deps: EhrDeps, visit: Visit): Promise<HttpReply> {
  const { notFound, banner } = visit.words.ehr
  const offer = await emergencyOffer(deps, visit, visit.request.segments.id ?? '')
  const body = html`${statement(notFound.title, notFound.text)}
<p class="actions">${visit.user.kind === 'patient' ? linkButton('/portal', visit.words.portal.title) : linkButton('/ehr', banner.backToList)}</p>${offer}`
  return visitPage(deps, visit, { status: 404, title: notFound.title, body })
}

/** The address of a section of an open chart. */
export function chartHref(
  { patient, encounter }: OpenChart,
  section: SectionId,
  query: Readonly<Record<string, string>> = {},
): string {
  const parameters = new URLSearchParams({
    ...(section === 'summary' ? {} : { section }),
    ...(encounter ? { encounter: encounter.id } : {}),
    ...query,
  })
  const path = `/ehr/patients/${encodeURIComponent(patient.id)}`
  return parameters.size > 0 ? `${path}?${parameters}` : path
}

/** The banner with the encounter in context, and the way to choose or leave one. */
export function chartBanner(chart: OpenChart, { words, locale }: Visit): Html {
  const { banner } = words.ehr
  const { patient, encounter } = chart
  const context = encounter
    ? html`<span class="fact-label">${banner.encounter}</span> ${encounterName(encounter, { words, locale })} <a href="${chartHref({ patient }, 'encounters')}">${banner.leave}</a>`
    : html`<span class="fact-label">${banner.noEncounter}</span> <a href="${chartHref({ patient }, 'encounters')}">${banner.choose}</a>`
  return patientBanner(patient, banner, locale, context)
}

function encounterName(
  { name, date }: Encounter,
  { words, locale }: Pick<Visit, 'words' | 'locale'>,
): string {
  const label = name ?? words.ehr.chart.encounter
  return date === undefined ? label : `${label}, ${formatDay(locale, date)}`
}

function sectionView(deps: EhrDeps, visit: Visit, chart: OpenChart): SectionView {
  const test = visit.request.query.get('test')
  return {
    patientId: chart.patient.id,
    locale: visit.locale,
    words: visit.words.ehr.chart,
    search: createSearchRecord(deps.chart, visit.user, deps.fhirBase),
    href: (section, query) => chartHref(chart, section, query),
    encounterAction: (encounter) => encounterChoice(encounter, chart, visit),
    ...(test === undefined ? {} : { test }),
  }
}

function encounterChoice(encounter: Encounter, chart: OpenChart, visit: Visit): Html {
  const { use, used } = visit.words.ehr.encounters
  if (chart.encounter?.id === encounter.id) return html`<span class="chip chip-accent">${used}</span>`
  return html`<a class="entry-action" href="${chartHref(chart, 'encounters', { encounter: encounter.id })}">${use}<span class="visually-hidden"> (${encounterName(encounter, visit)})</span></a>`
}

function appsPanel(deps: EhrDeps, visit: Visit, chart: OpenChart, apps: readonly AppSummary[]): Html {
  const { apps: words, banner } = visit.words.ehr
  const name = patientName(chart.patient, banner)
  const { encounter } = chart
  const told = encounter
    ? words.contextWithEncounter(name, encounterName(encounter, visit))
    : words.context(name)
  const fields = html`${deps.csrf.field(visit.request).html}${encounter && html`<input type="hidden" name="encounter" value="${encounter.id}">`}`
  const list = appList({
    apps,
    action: `/ehr/patients/${encodeURIComponent(chart.patient.id)}/launches`,
    fields,
    words,
    buttons: (app) => launchButtons(app, deps.baseUrl, words),
  })
  return html`<aside class="card apps" id="apps" aria-labelledby="apps-title"><h2 id="apps-title">${words.title}</h2>
${launchable(apps).length > 0 ? html`<p class="muted small">${told}</p>${list}` : html`<p class="muted">${words.none}</p>`}</aside>`
}

function launchButtons(app: AppSummary, baseUrl: string, words: Visit['words']['ehr']['apps']): Html {
  const here =
    canEmbed(app, baseUrl) &&
    html`<button class="button button-primary button-small" type="submit" name="display" value="here">${words.here}${hiddenName(app)}</button>`
  return html`${here}<button class="button button-secondary button-small" type="submit" name="display" value="window" formtarget="_blank">${words.window}${hiddenName(app)}</button>`
}
