import { type Html, html } from '../../http/html.ts'
import { chip } from '../../ui/parts.ts'
import { type Encounter, encountersFrom } from './encounters.ts'
import {
  day,
  entries,
  entry,
  facts,
  nothing,
  part,
  type SectionView,
  searchOf,
  statusMark,
  truncation,
} from './section.ts'

/** Encounters, the newest first; a clinician can choose the one that apps are opened on. */
export async function encountersSection(view: SectionView): Promise<Html> {
  const found = await searchEncounters(view)
  const encounters = encountersFrom(found.resources)
  const list = encounterList(encounters, view)
  return list
    ? part(view.words.sections.encounters, encounters.length, [list, truncation(view, found)])
    : nothing(view.words.none.encounters)
}

export function searchEncounters(view: SectionView) {
  return searchOf(view, 'Encounter', '&_sort=-date')
}

/** Encounters as lines; nothing when there are none. */
export function encounterList(encounters: readonly Encounter[], view: SectionView): Html | false {
  return encounters.length > 0 && entries(encounters.map((encounter) => encounterEntry(encounter, view)))
}

function encounterEntry(encounter: Encounter, view: SectionView): Html {
  const { words } = view
  const kind = encounter.kind && (words.encounterKinds[encounter.kind] ?? encounter.kind)
  const action = view.encounterAction?.(encounter)
  return entry({
    name: encounter.name ?? kind ?? words.encounter,
    marks: [
      encounter.name !== undefined && kind !== undefined && chip(kind),
      statusMark(view, encounter.status),
    ],
    detail: facts([
      encounter.reason && words.reasonIs(encounter.reason),
      encounter.place,
      encounter.clinician,
    ]),
    side: html`<span>${span(encounter, view)}</span>${action}`,
  })
}

function span({ date, end }: Encounter, view: SectionView): string {
  const from = day(view, date) ?? view.words.undated
  const to = day(view, end)
  return to === undefined || to === from ? from : `${from} – ${to}`
}
