import { type Html, html, type Piece } from '../../http/html.ts'
import { allergiesFrom } from './allergies.ts'
import { allergyList } from './allergies-section.ts'
import { encountersFrom } from './encounters.ts'
import { encounterList, searchEncounters } from './encounters-section.ts'
import { medicationsFrom } from './medications.ts'
import { medicationList, searchMedications } from './medications-section.ts'
import { problemsFrom } from './problems.ts'
import { problemList } from './problems-section.ts'
import { testsFrom } from './results.ts'
import { searchResults, testTable } from './results-section.ts'
import { day, type SectionId, type SectionView, searchOf } from './section.ts'
import { vitalSignsFrom } from './vitals.ts'
import { latestOf, searchVitals, signName } from './vitals-section.ts'

const few = 5
const someTests = 8

/** The record on one page: what is active, and the latest of everything else. */
export async function summarySection(view: SectionView): Promise<Html> {
  const [left, right] = await Promise.all([
    Promise.all([problemsCard(view), allergiesCard(view), resultsCard(view)]),
    Promise.all([medicationsCard(view), vitalsCard(view), encountersCard(view)]),
  ])
  return html`<div class="summary"><div class="stack">${left}</div><div class="stack">${right}</div></div>`
}

function summaryCard(id: Exclude<SectionId, 'summary'>, view: SectionView, content: Piece): Html {
  const { words } = view
  return html`<section class="card"><div class="card-head"><h2>${words.sections[id]}</h2><a href="${view.href(id)}" aria-label="${words.showAll}: ${words.sections[id]}">${words.showAll}</a></div>${
    content || html`<p class="muted">${words.none[id]}</p>`
  }</section>`
}

async function problemsCard(view: SectionView): Promise<Html> {
  const { resources } = await searchOf(view, 'Condition')
  const all = problemsFrom(resources)
  const active = all.filter((problem) => problem.active).slice(0, someTests)
  return summaryCard('problems', view, problemList(active, view) || noneActive(all, view))
}

async function medicationsCard(view: SectionView): Promise<Html> {
  const { resources } = await searchMedications(view)
  const all = medicationsFrom(resources, view.locale)
  const active = all.filter((medication) => medication.active).slice(0, someTests)
  return summaryCard('medications', view, medicationList(active, view) || noneActive(all, view))
}

function noneActive(all: readonly unknown[], view: SectionView): Piece {
  return all.length > 0 && html`<p class="muted">${view.words.none.active}</p>`
}

async function allergiesCard(view: SectionView): Promise<Html> {
  const { resources } = await searchOf(view, 'AllergyIntolerance')
  return summaryCard('allergies', view, allergyList(allergiesFrom(resources), view))
}

async function vitalsCard(view: SectionView): Promise<Html> {
  const { resources } = await searchVitals(view)
  const signs = vitalSignsFrom(resources).filter(({ kind }) => kind !== undefined)
  const tiles = signs.map((sign) => {
    const { text, date } = latestOf(sign, view)
    return html`<div><dt>${signName(sign, view)}</dt><dd><strong>${text}</strong> <span class="muted small">${day(view, date)}</span></dd></div>`
  })
  return summaryCard('vitals', view, tiles.length > 0 && html`<dl class="tiles">${tiles}</dl>`)
}

async function resultsCard(view: SectionView): Promise<Html> {
  const { resources } = await searchResults(view)
  const tests = testsFrom(resources, view.words.values, view.locale).slice(0, someTests)
  return summaryCard('results', view, tests.length > 0 && testTable(tests, view))
}

async function encountersCard(view: SectionView): Promise<Html> {
  const { resources } = await searchEncounters(view)
  return summaryCard('encounters', view, encounterList(encountersFrom(resources).slice(0, few), view))
}
