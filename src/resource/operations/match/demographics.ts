/** What of a Patient tells people apart, in a form that can be compared: without case, accents and punctuation. */
import type { Resource } from '../../../smart/resource.ts'
import { fold } from '../../search/values/string.ts'

/** An identifier; those of different systems are not compared. */
export interface Identifier {
  readonly system: string
  readonly value: string
}

/** The demographics of one person. Lists are empty, texts absent, where nothing is known. */
export interface Demographics {
  readonly identifiers: readonly Identifier[]
  readonly families: readonly string[]
  readonly givens: readonly string[]
  readonly birthDate?: string
  readonly gender?: string
  /** Addresses of mail, and numbers by their last digits: country and area codes come and go. */
  readonly telecoms: readonly string[]
  /** Each as postal code with street, or city with street. */
  readonly addresses: readonly string[]
}

/** More of any is no help in telling who somebody is. */
const mostOfEach = 10
const comparedDigits = 9

/** The demographics of a Patient; members of a wrong shape are passed over. */
export function demographicsOf(patient: Resource): Demographics {
  const names = objectsOf(patient.name)
  const { birthDate, gender } = patient
  return {
    identifiers: objectsOf(patient.identifier).flatMap(identifierOf).slice(0, mostOfEach),
    families: words(names.map((name) => name.family)),
    givens: words(names.flatMap((name) => (Array.isArray(name.given) ? name.given : []))),
    ...(typeof birthDate === 'string' && birthDate !== '' && { birthDate }),
    ...(typeof gender === 'string' && gender !== 'unknown' && { gender }),
    telecoms: unique(objectsOf(patient.telecom).map(({ value }) => contact(value))),
    addresses: unique(objectsOf(patient.address).flatMap(placesOf)),
  }
}

function identifierOf({ system, value }: Members): Identifier[] {
  return typeof system === 'string' && typeof value === 'string' && value.trim() !== ''
    ? [{ system, value: value.trim() }]
    : []
}

/** `Mary Ann` and `Mary-Ann` are the same given name. */
function words(values: readonly unknown[]): string[] {
  return unique(values.map(plain))
}

function plain(value: unknown): string {
  return typeof value === 'string' ? fold(value).replace(/[^\p{L}\p{N}]/gu, '') : ''
}

function contact(value: unknown): string {
  if (typeof value !== 'string') return ''
  if (value.includes('@')) return value.trim().toLowerCase()
  return value.replace(/\D/g, '').slice(-comparedDigits)
}

function placesOf({ line, city, postalCode }: Members): string[] {
  const street = plain(Array.isArray(line) ? line[0] : undefined)
  if (street === '') return []
  return [postalCode, city].map(plain).flatMap((place) => (place === '' ? [] : [`${place} ${street}`]))
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))].slice(0, mostOfEach)
}

type Members = Readonly<Record<string, unknown>>

function objectsOf(value: unknown): Members[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  return items.filter((item): item is Members => typeof item === 'object' && item !== null)
}
