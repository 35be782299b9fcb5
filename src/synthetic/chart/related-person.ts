import type { Resource } from '../../smart/resource.ts'
import { concept, hl7, reference } from '../concepts.ts'
import type { Day } from '../days.ts'
import { dateOf, dayAtAge, yearsBetween } from '../days.ts'
import type { Person } from '../life.ts'
import { mrnOf, namesOf, telecomOf } from './patient.ts'

/** Somebody who acts for a patient: a parent for a child, a grown child for an elder. */
export interface Tie {
  readonly id: string
  readonly carer: Person
  readonly patient: Person
  readonly kind: 'parent' | 'child'
}

const ROLES: Readonly<
  Record<Tie['kind'], Readonly<Record<Person['sex'], readonly [code: string, display: string]>>>
> = {
  parent: { female: ['MTH', 'mother'], male: ['FTH', 'father'] },
  child: { female: ['DAUC', 'daughter'], male: ['SONC', 'son'] },
}

/** The RelatedPerson through which a carer acts. A parent's right ends with the child's 18th birthday. */
export function relatedPersonResource(tie: Tie, asOf: Day): Resource {
  const { carer, patient } = tie
  const grown = dayAtAge(patient.birth, 18)
  const over = tie.kind === 'parent' && yearsBetween(patient.birth, asOf) >= 18
  const start = tie.kind === 'parent' ? patient.birth : asOf - 900
  return {
    resourceType: 'RelatedPerson',
    id: tie.id,
    identifier: [mrnOf(carer)],
    active: !over && carer.died === undefined,
    patient: reference('Patient', patient.id),
    relationship: [concept(hl7('v3-RoleCode', ...ROLES[tie.kind][carer.sex]))],
    name: namesOf(carer),
    telecom: telecomOf(carer),
    gender: carer.sex,
    birthDate: dateOf(carer.birth),
    address: [carer.home.address],
    period: { start: dateOf(start), ...(tie.kind === 'parent' ? { end: dateOf(grown) } : {}) },
  }
}

/** The ties of a household: each parent to each child, and a parent to each grandparent. */
export function tiesOf(members: readonly { readonly person: Person; readonly place: string }[]): Tie[] {
  const of = (place: string) => members.filter((one) => one.place === place).map((one) => one.person)
  const tie = (carer: Person, patient: Person, kind: Tie['kind']): Tie => ({
    id: `${carer.id}-for-${patient.id}`,
    carer,
    patient,
    kind,
  })
  const parents = of('parent')
  const children = of('child').flatMap((child) => parents.map((parent) => tie(parent, child, 'parent')))
  const elders = of('grandparent').flatMap((elder) =>
    parents.slice(0, 1).map((parent) => tie(parent, elder, 'child')),
  )
  return [...children, ...elders]
}
