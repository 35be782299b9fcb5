import { type Html, html } from '../../http/html.ts'
import { type Immunization, immunizationsFrom } from './immunizations.ts'
import {
  day,
  entries,
  entry,
  facts,
  nothing,
  part,
  type SectionView,
  searchOf,
  truncation,
} from './section.ts'

/** Vaccinations, one line a vaccine, each dose with its day. */
export async function immunizationsSection(view: SectionView): Promise<Html> {
  const found = await searchOf(view, 'Immunization')
  const immunizations = immunizationsFrom(found.resources)
  if (immunizations.length === 0) return nothing(view.words.none.immunizations)
  const vaccines = Map.groupBy(immunizations, ({ name }) => name ?? view.words.unnamed)
  const lines = [...vaccines].map(([name, doses]) => vaccineEntry(name, doses, view))
  return part(view.words.sections.immunizations, immunizations.length, [
    entries(lines),
    truncation(view, found),
  ])
}

function vaccineEntry(name: string, doses: readonly Immunization[], view: SectionView): Html {
  const given = doses.filter((dose) => dose.given)
  const missed = doses.filter((dose) => !dose.given)
  return entry({
    name,
    detail: facts(missed.map((dose) => missedText(dose, view))),
    side: facts(given.map((dose) => html`<span class="day">${dateText(dose, view)}</span>`)),
  })
}

function dateText({ date, dateText: said }: Immunization, view: SectionView): string {
  return day(view, date) ?? said ?? view.words.undated
}

function missedText(dose: Immunization, view: SectionView): string {
  const reason = dose.reason === undefined ? '' : `: ${dose.reason}`
  return `${dateText(dose, view)} ${view.words.notGiven}${reason}`
}
