/** What every section of a record is made with. */
import { type Html, html, type Piece } from '../../http/html.ts'
import { formatDay } from '../../ui/format.ts'
import type { Locale } from '../../ui/locale.ts'
import type { Messages } from '../../ui/messages.ts'
import { chip } from '../../ui/parts.ts'
import { clockTime } from '../fhir/date.ts'
import { type Found, mostResources, type SearchRecord } from '../record.ts'
import type { Encounter } from './encounters.ts'

/** Names of the sections, as they stand in addresses. */
export type SectionId = keyof Messages['ehr']['chart']['sections']

/** The words of a record: a clinician's or a patient's. */
export type ChartWords = Messages['ehr']['chart']

/** Whose record, in which words, and where its links lead. */
export interface SectionView {
  readonly patientId: string
  readonly locale: Locale
  readonly words: ChartWords
  readonly search: SearchRecord
  /** The address of a section, keeping the encounter in context. */
  readonly href: (section: SectionId, query?: Readonly<Record<string, string>>) => string
  /** The test that the results section is asked to show alone. */
  readonly test?: string
  /** What a clinician can do with an encounter; a patient nothing. */
  readonly encounterAction?: (encounter: Encounter) => Piece
}

/** Searches resources of `type` of the patient of the view. */
export function searchOf(view: SectionView, type: string, query = ''): Promise<Found> {
  const patient = encodeURIComponent(view.patientId)
  return view.search(`${type}?patient=${patient}${query}&_count=200`)
}

/** One line of a list: what, in which state, with what detail, and when. */
export function entry(parts: { name: Piece; marks?: Piece; detail?: Piece; side?: Piece }): Html {
  return html`<li class="entry"><div class="entry-main"><span class="entry-name">${parts.name}</span>${
    parts.marks
  }${isTold(parts.detail) && html`<div class="entry-detail">${parts.detail}</div>`}</div>${
    isTold(parts.side) && html`<div class="entry-side">${parts.side}</div>`
  }</li>`
}

/** A list of entries. */
export function entries(lines: readonly Html[]): Html {
  return html`<ul class="list entries">${lines}</ul>`
}

/** A headed part of a section; the count tells what is there without scrolling. */
export function part(heading: string, count: number, content: Piece): Html {
  return html`<section class="card"><h2>${heading} <span class="count">${count}</span></h2>${content}</section>`
}

/** What a section says when the record has nothing for it. */
export function nothing(text: string): Html {
  return html`<div class="card"><p class="muted">${text}</p></div>`
}

/** Tells that only the latest entries are shown, when that is so. */
export function truncation(view: SectionView, { truncated }: Found): Piece {
  return truncated && html`<p class="muted small">${view.words.truncated(mostResources)}</p>`
}

/** A day in the reader's language; nothing for nothing. */
export function day(view: SectionView, date: string | undefined): string | undefined {
  return date === undefined ? undefined : formatDay(view.locale, date)
}

/** A day with, smaller, the time of day when it is known. */
export function moment(view: SectionView, date: string | undefined): Html {
  if (date === undefined) return html`${view.words.undated}`
  return html`<span class="day">${formatDay(view.locale, date)}</span> <span class="muted small">${clockTime(date)}</span>`
}

/** A status code in words, as a mark; an unknown code as it is. */
export function statusMark(view: SectionView, code: string | undefined): Piece {
  return code !== undefined && chip(view.words.statuses[code] ?? code)
}

/** Short facts in a row. */
export function facts(pieces: readonly Piece[]): Piece {
  const told = pieces.filter(isTold)
  return told.length > 0 && told.map((piece, index) => html`${index > 0 && ' · '}${piece}`)
}

function isTold(piece: Piece): boolean {
  return piece !== undefined && piece !== null && piece !== false && piece !== ''
}
