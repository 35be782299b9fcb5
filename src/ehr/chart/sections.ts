/** The sections of a record, in the order of their tabs. */
import type { Html } from '../../http/html.ts'
import { allergiesSection } from './allergies-section.ts'
import { encountersSection } from './encounters-section.ts'
import { immunizationsSection } from './immunizations-section.ts'
import { medicationsSection } from './medications-section.ts'
import { problemsSection } from './problems-section.ts'
import { resultsSection } from './results-section.ts'
import type { SectionId, SectionView } from './section.ts'
import { summarySection } from './summary-section.ts'
import { vitalsSection } from './vitals-section.ts'

const sections: Readonly<Record<SectionId, (view: SectionView) => Promise<Html>>> = {
  summary: summarySection,
  problems: problemsSection,
  medications: medicationsSection,
  allergies: allergiesSection,
  results: resultsSection,
  vitals: vitalsSection,
  immunizations: immunizationsSection,
  encounters: encountersSection,
}

/** All section names, in order. */
export const sectionIds = Object.keys(sections) as SectionId[]

/** The section an address asks for; the summary for none or an unknown one. */
export function parseSection(name: string | undefined): SectionId {
  return sectionIds.find((id) => id === name) ?? 'summary'
}

/** Reads and renders one section. */
export function renderSection(id: SectionId, view: SectionView): Promise<Html> {
  return sections[id](view)
}
