import { type Html, html, type Piece } from '../../http/html.ts'
import { formatDay } from '../../ui/format.ts'
import type { Locale } from '../../ui/locale.ts'
import type { Messages } from '../../ui/messages.ts'
import { chip } from '../../ui/parts.ts'
import type { PatientView } from '../chart/patient.ts'

type BannerWords = Messages['ehr']['banner']

/** Who the record is of, on top of every page of it; `extra` is what is in context beside the patient. */
export function patientBanner(patient: PatientView, words: BannerWords, locale: Locale, extra?: Piece): Html {
  return html`<div class="patient-banner" role="region" aria-label="${words.label}">
<h1>${patientName(patient, words)}</h1>
<p class="banner-facts">${patientFacts(patient, words, locale)}</p>
${extra && html`<div class="banner-context">${extra}</div>`}
</div>`
}

/** The patient's name, or that there is none. */
export function patientName({ name }: PatientView, words: BannerWords): string {
  return name ?? words.unnamed
}

/** Age, sex, birth date, record number; and if so, that the patient died. */
export function patientFacts(patient: PatientView, words: BannerWords, locale: Locale): Html {
  const { gender, birthDate, recordNumber } = patient
  return html`<span class="fact">${ageText(patient, words)}</span>
<span class="fact">${gender && (words.genders[gender] ?? gender)}</span>
<span class="fact">${birthDate && html`<span class="fact-label">${words.born}</span> ${formatDay(locale, birthDate)}`}</span>
<span class="fact fact-number">${recordNumber && html`<span class="fact-label">${words.recordNumber}</span> ${recordNumber}`}</span>
${patient.deceased && chip(deathText(patient, words, locale), 'warning')}`
}

function ageText({ age, deceased }: PatientView, words: BannerWords): string {
  if (age) return words[age.unit](age.count)
  return deceased ? '' : words.ageUnknown
}

function deathText({ deceasedAt }: PatientView, words: BannerWords, locale: Locale): string {
  return deceasedAt === undefined ? words.deceased : words.deceasedOn(formatDay(locale, deceasedAt))
}
