/** A policy in plain words, for the person who wrote it to check that it says what was meant. */
import type { Exception, SitePolicy, Withholding } from '../smart/policy.ts'
import type { Slice } from '../smart/slice.ts'

const units: readonly (readonly [name: string, size: number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** One sentence a line. */
export function describePolicy(policy: SitePolicy): string[] {
  return [
    ...describeRights(policy),
    `A clinician who breaks the glass for a patient, with a reason, has done so for ${duration(policy.glassLasts)}.`,
    ...describeConsents(policy),
    `A result waits for release while it has the tag ${policy.release.tag}. It is released by ${list(['its orderer', ...policy.release.by], 'or')}.`,
    `Other labels that decide on who sees a resource are taken off by ${list(policy.labels.by.map(roleName), 'or') || 'nobody'}.`,
    ...(policy.withhold.length === 0 ? ['No rule withholds anything.'] : []),
    ...policy.withhold.flatMap(describeRule),
  ]
}

function describeRights({ clinicians, care, majority }: SitePolicy): string[] {
  const inCare = [
    ...(care.by.includes('care-team') ? ['on whose care teams they are'] : []),
    ...(care.by.includes('encounter')
      ? [`whom they see in an encounter, and for ${duration(care.afterEncounter)} after it`]
      : []),
    ...(care.by.includes('appointment')
      ? [
          `who have an appointment with them, from ${duration(care.beforeAppointment)} before to ${duration(care.afterAppointment)} after it`,
        ]
      : []),
  ]
  return [
    clinicians === 'everyone'
      ? 'Clinicians may open the records of all patients.'
      : `Clinicians may open the records of patients ${inCare.length === 0 ? 'in their care, which nothing brings them into' : list(inCare, 'or')}.`,
    `Who acts for a patient does so as long as the relation lasts, and until the patient is ${majority.years} years old unless related as ${list(majority.exceptFor, 'or') || 'nothing at all'}.`,
  ]
}

function describeConsents({ consents }: SitePolicy): string[] {
  if (!consents) return ['Consent resources of patients are not looked at.']
  return [
    `What a patient’s active Consent denies is withheld from everybody but the patient${exceptionsOf(consents.unless)}.`,
  ]
}

function describeRule({ name, what, from, unless, because }: Withholding): string[] {
  return [
    `${name}: withheld from ${list(from.map(roleName), 'and')}${exceptionsOf(unless)}:`,
    ...what.map((slice) => `  - ${sliceText(slice)}`),
    `  because: ${because}`,
  ]
}

const roleNames: Readonly<Record<string, string>> = {
  patient: 'patients (in their own record)',
  'related-person': 'people who act for a patient',
  clinician: 'clinicians',
  administrator: 'administrators',
  system: 'apps that act for themselves',
}

function roleName(role: string): string {
  return roleNames[role] ?? `whoever holds the post ${role}`
}

function exceptionsOf(unless: readonly Exception[]): string {
  return unless.length === 0 ? '' : `, unless ${unless.map(exceptionText).join(', or unless ')}`
}

function exceptionText({ roles, purposes, breakGlass }: Exception): string {
  const conditions = [
    ...(roles ? [`the reader is one of ${list(roles.map(roleName), 'or')}`] : []),
    ...(purposes ? [`the purpose of use is ${list(purposes, 'or')}`] : []),
    ...(breakGlass ? ['the reader is a clinician who has broken the glass for this patient'] : []),
  ]
  return list(conditions, 'and')
}

function sliceText({ type, filter }: Slice): string {
  const conditions = filter.map(({ parameter, value }) => `${parameter} is ${value}`)
  const subject = type === '*' ? 'every resource' : `every ${type}`
  return conditions.length === 0 ? subject : `${subject} of which ${list(conditions, 'and')}`
}

function duration(milliseconds: number): string {
  const [name, size] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? [
    'minute',
    60_000,
  ]
  const count = milliseconds / size
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

function list(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`
}
