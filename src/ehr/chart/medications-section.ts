import { type Html, html } from '../../http/html.ts'
import { type Medication, medicationsFrom } from './medications.ts'
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

/** What the patient takes, then what they took. */
export async function medicationsSection(view: SectionView): Promise<Html> {
  const found = await searchMedications(view)
  const medications = medicationsFrom(found.resources, view.locale)
  if (medications.length === 0) return nothing(view.words.none.medications)
  const active = medications.filter((medication) => medication.active)
  const past = medications.filter((medication) => !medication.active)
  const { words } = view
  return html`${part(words.taking, active.length, medicationList(active, view) || html`<p class="muted">${words.none.active}</p>`)}
${past.length > 0 && part(words.past, past.length, medicationList(past, view))}
${truncation(view, found)}`
}

/** Orders, with the medications that some only refer to. */
export function searchMedications(view: SectionView) {
  return searchOf(view, 'MedicationRequest', '&_include=MedicationRequest:medication')
}

/** Medications as lines; nothing when there are none. */
export function medicationList(medications: readonly Medication[], view: SectionView): Html | false {
  return medications.length > 0 && entries(medications.map((medication) => medicationEntry(medication, view)))
}

function medicationEntry(medication: Medication, view: SectionView): Html {
  const { words } = view
  return entry({
    name: medication.name ?? words.unnamed,
    marks: statusMark(view, medication.status),
    detail: medication.dosage,
    side: facts([
      medication.date && `${words.prescribed} ${day(view, medication.date)}`,
      medication.prescriber && words.prescribedBy(medication.prescriber),
    ]),
  })
}
