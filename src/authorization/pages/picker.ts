import { type Html, html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatDay } from '../../ui/format.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { type Messages, messages } from '../../ui/messages.ts'
import { button, chip, emptyState, field } from '../../ui/parts.ts'
import type { EncounterSummary, PatientSummary } from '../ports.ts'
import { type About, flowPage } from './about.ts'

type Words = Messages['picker']

/** Choosing the patient: from a search, or, where `query` is absent, from one's own records. */
export function patientPage(about: About, patients: readonly PatientSummary[], query?: string): HttpReply {
  const locale = chooseLocale(about.request)
  const { picker } = messages(locale)
  const isOwn = query === undefined
  const title = isOwn ? picker.ownTitle : picker.patientTitle
  const lead = isOwn ? picker.ownLead : picker.patientLead
  return flowPage(
    about,
    title,
    html`<h1>${title}</h1>
<p>${lead(about.client.name)}</p>
${!isOwn && searchForm(about, query, picker)}
${patients.length > 0 && !isOwn && html`<h2>${query === '' ? picker.recent : picker.found(patients.length)}</h2>`}
${patients.length > 0 ? patientForm(about, patients, locale, picker) : nobody(query, picker)}
${cancelForm(about, picker)}`,
  )
}

/** Choosing the encounter, or none. */
export function encounterPage(
  about: About,
  patient: PatientSummary,
  encounters: readonly EncounterSummary[],
): HttpReply {
  const locale = chooseLocale(about.request)
  const { picker } = messages(locale)
  return flowPage(
    about,
    picker.encounterTitle,
    html`<h1>${picker.encounterTitle}</h1>
<p>${picker.encounterLead(about.client.name, patient.name)}</p>
<form method="post">${about.csrf.html}
<ul class="person-list">${encounters.map((encounter) => html`<li>${encounterButton(encounter, locale, picker)}</li>`)}</ul>
<p class="actions">${button(picker.withoutEncounter, { kind: 'secondary', name: 'without_encounter', value: 'yes', wide: true })}</p>
</form>
${cancelForm(about, picker)}`,
  )
}

// By POST, so that names and numbers of patients stay out of addresses and logs (SEED-37).
function searchForm(about: About, query: string, words: Words): Html {
  return html`<form method="post" role="search" class="search-form">${about.csrf.html}
${field({ name: 'q', label: words.search, type: 'search', value: query, autocomplete: 'off', autofocus: true })}
${button(words.searchButton, { kind: 'secondary' })}
</form>`
}

function patientForm(about: About, patients: readonly PatientSummary[], locale: Locale, words: Words): Html {
  return html`<form method="post">${about.csrf.html}
<ul class="person-list">${patients.map((patient) => html`<li>${patientButton(patient, locale, words)}</li>`)}</ul>
</form>`
}

function patientButton(patient: PatientSummary, locale: Locale, words: Words): Html {
  const { birthDate, gender, identifier, relation } = patient
  const facts = [
    birthDate && words.born(formatDay(locale, birthDate)),
    gender && (words.genders[gender] ?? gender),
    identifier,
  ].filter(Boolean)
  return html`<button type="submit" class="person" name="patient" value="${patient.id}">
<span class="person-name">${patient.name}</span>${relation && chip(words[relation], relation === 'self' ? 'accent' : 'plain')}
<span class="person-facts">${facts.join(' · ')}</span></button>`
}

function encounterButton(
  { id, label, start, end, status }: EncounterSummary,
  locale: Locale,
  words: Words,
): Html {
  const days = [start, end].filter((day) => day !== undefined).map((day) => formatDay(locale, day))
  return html`<button type="submit" class="person" name="encounter" value="${id}">
<span class="person-name">${label}</span>${status === 'in-progress' && chip(words.encounterCurrent, 'success')}
<span class="person-facts">${[...new Set(days)].join(' – ')}</span></button>`
}

function nobody(query: string | undefined, words: Words): Html {
  if (query === undefined) return emptyState(words.nobodyOwn)
  return emptyState(query === '' ? words.nobodyRecent : words.nobodyFound)
}

/** The way out, which tells the app that the user declined. */
export function cancelForm(about: About, words: Words): Html {
  return html`<form method="post">${about.csrf.html}<p class="actions">${button(words.cancel, {
    kind: 'quiet',
    name: 'decision',
    value: 'deny',
    wide: true,
  })}</p></form>`
}
