import { hasCode } from './concept.ts'
import { timeOf } from './date.ts'
import { type Members, objectsOf, textOf, textsOf } from './shape.ts'

const preferredUses = ['official', 'usual', undefined]
const chinese = /\p{Script=Han}/u

/** The name a person goes by in the record: official before usual before any other that is not old. */
export function personName(person: Members): string | undefined {
  const names = objectsOf(person.name).filter(({ use }) => use !== 'old' && use !== 'maiden')
  const chosen = preferredUses.map((use) => names.find((name) => name.use === use)).find(Boolean) ?? names[0]
  return chosen ? nameText(chosen) : undefined
}

function nameText(name: Members): string | undefined {
  const given = textsOf(name.given)
  const family = textOf(name.family)
  const parts = [...textsOf(name.prefix), ...given, ...(family ? [family] : []), ...textsOf(name.suffix)]
  if (parts.length === 0) return textOf(name.text)
  // A Chinese name is family name first, without a space.
  if (family && chinese.test(family)) return `${family}${given.join('')}`
  return parts.join(' ')
}

/** The medical record number: the identifier typed MR, else the first that is neither a social security nor a licence number. */
export function recordNumber(patient: Members): string | undefined {
  const identifiers = objectsOf(patient.identifier)
  const typed = identifiers.find(({ type }) => hasCode(type, 'MR'))
  const other = identifiers.find(({ type }) => !['SS', 'DL', 'PPN'].some((code) => hasCode(type, code)))
  return textOf((typed ?? other)?.value)
}

/** Completed years, or months below two years, or days below one month. */
export interface Age {
  readonly unit: 'years' | 'months' | 'days'
  readonly count: number
}

/** How old someone born at `birthDate` is at `at` (milliseconds); nothing when that cannot be said. */
export function ageAt(birthDate: string | undefined, at: number): Age | undefined {
  const birth = timeOf(birthDate)
  if (birth === undefined || birth > at) return undefined
  const months = completedMonths(new Date(birth), new Date(at))
  if (months >= 24) return { unit: 'years', count: Math.floor(months / 12) }
  if (months >= 1) return { unit: 'months', count: months }
  return { unit: 'days', count: Math.floor((at - birth) / 86_400_000) }
}

function completedMonths(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + (to.getUTCMonth() - from.getUTCMonth())
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months
}
