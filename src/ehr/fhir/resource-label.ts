/** Any resource in a few words, for lists to choose from. */
import type { Resource } from '../../smart/resource.ts'
import { conceptText } from './concept.ts'
import { choiceDate } from './date.ts'
import { personName } from './person.ts'
import { textOf } from './shape.ts'

/** Members that say in words what a resource is, the best first. */
const named = ['title', 'description', 'name'] as const
const concepts = [
  'code',
  'vaccineCode',
  'medicationCodeableConcept',
  'type',
  'category',
  'relationship',
] as const
const dates = [
  'date',
  'started',
  'authored',
  'authoredOn',
  'issued',
  'recordedDate',
  'created',
  'start',
  'period',
] as const
const choices = ['effective', 'occurrence', 'performed', 'onset'] as const

/** What the resource is, or else its id. */
export function resourceLabel(resource: Resource): string {
  const words = [
    ...named.map((member) => textOf(resource[member])),
    personName(resource),
    ...concepts.map((member) => conceptText(firstOf(resource[member]))),
  ]
  return words.find((text) => text !== undefined) ?? `${resource.resourceType}/${resource.id ?? ''}`
}

/** The date that a reader would look for. */
export function resourceDate(resource: Resource): string | undefined {
  const found = [
    ...dates.map((member) => textOf(resource[member])),
    ...choices.map((stem) => choiceDate(resource, stem)),
  ]
  return found.find((date) => date !== undefined && /^\d{4}/.test(date))
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value
}
