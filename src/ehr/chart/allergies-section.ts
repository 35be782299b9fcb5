import type { Html } from '../../http/html.ts'
import { chip } from '../../ui/parts.ts'
import { type Allergy, allergiesFrom } from './allergies.ts'
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
} from './section.ts'

/** Allergies and intolerances, the dangerous first. */
export async function allergiesSection(view: SectionView): Promise<Html> {
  const { resources } = await searchOf(view, 'AllergyIntolerance')
  const allergies = allergiesFrom(resources)
  const list = allergyList(allergies, view)
  return list
    ? part(view.words.sections.allergies, allergies.length, list)
    : nothing(view.words.none.allergies)
}

/** Allergies as lines; nothing when there are none. */
export function allergyList(allergies: readonly Allergy[], view: SectionView): Html | false {
  return allergies.length > 0 && entries(allergies.map((allergy) => allergyEntry(allergy, view)))
}

function allergyEntry(allergy: Allergy, view: SectionView): Html {
  const { words } = view
  return entry({
    name: allergy.name ?? words.unnamed,
    marks: [allergy.high && chip(words.highRisk, 'danger'), statusMark(view, allergy.status)],
    detail: facts([
      allergy.reactions.length > 0 && words.reactionsAre(allergy.reactions),
      allergy.severity && words.severities[allergy.severity],
    ]),
    side: day(view, allergy.date),
  })
}
