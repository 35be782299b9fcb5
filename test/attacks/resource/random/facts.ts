/** What the model knows of a resource: a few coded values, a day, and what it points to, each by its search parameter. */

/** A version of a resource, in the words of the model. */
export interface Fact {
  readonly type: Kind
  readonly id: string
  /** Coded values; a parameter that has none is missing. `_security` are the labels. */
  readonly codes: Readonly<Record<string, readonly string[]>>
  /** Days, `2024-03-05`. */
  readonly days: Readonly<Record<string, string>>
  /** References, `Type/id`. */
  readonly links: Readonly<Record<string, readonly string[]>>
  /** Makes each version another one. */
  readonly note: number
}

/** What there can be in a type. */
export interface Shape {
  /** Parameters with their codes; those of `optional` may be missing. */
  readonly codes: Readonly<Record<string, readonly string[]>>
  readonly optional: readonly string[]
  readonly day?: string
  /** Reference parameters with the types they may point to here. */
  readonly links: Readonly<Record<string, readonly Kind[]>>
  /** References that come in numbers. */
  readonly many: readonly string[]
  /** By which references a resource is in a patient's record, by the CompartmentDefinition of R4, and of Device beside it. */
  readonly memberBy: readonly string[]
  /** Whether it is nobody's record: what it is, is told to whoever may read the type. */
  readonly shared?: true
}

const statuses = ['final', 'preliminary', 'amended']
const categories = ['laboratory', 'vital-signs', 'survey']
const codes = ['718-7', '2345-7', '8867-4']
const genders = ['male', 'female']

export const shapes = {
  Patient: {
    codes: { gender: genders },
    optional: ['gender'],
    links: { 'general-practitioner': ['Practitioner'], link: ['Patient'] },
    many: ['link'],
    memberBy: ['link'],
  },
  Encounter: {
    codes: { status: ['planned', 'finished'], class: ['AMB', 'IMP'] },
    optional: [],
    links: { subject: ['Patient'] },
    many: [],
    memberBy: ['subject'],
  },
  Observation: {
    codes: { status: statuses, category: categories, code: codes },
    optional: ['category'],
    day: 'date',
    links: { subject: ['Patient'], performer: ['Patient', 'Practitioner'], encounter: ['Encounter'] },
    many: ['performer'],
    memberBy: ['subject', 'performer'],
  },
  Condition: {
    codes: { category: categories, code: codes },
    optional: ['category', 'code'],
    links: { subject: ['Patient'], asserter: ['Patient', 'Practitioner'], encounter: ['Encounter'] },
    many: [],
    memberBy: ['subject', 'asserter'],
  },
  MedicationRequest: {
    codes: { status: ['active', 'stopped'] },
    optional: [],
    day: 'authoredon',
    links: { subject: ['Patient'], encounter: ['Encounter'], medication: ['Medication'] },
    many: [],
    memberBy: ['subject'],
  },
  DiagnosticReport: {
    codes: { status: statuses, category: categories, code: codes },
    optional: ['category'],
    day: 'date',
    links: { subject: ['Patient'], result: ['Observation'] },
    many: ['result'],
    memberBy: ['subject'],
  },
  Provenance: {
    codes: {},
    optional: [],
    links: { target: ['Patient', 'Observation'] },
    many: ['target'],
    memberBy: ['target'],
  },
  Device: {
    codes: { status: ['active', 'inactive'] },
    optional: [],
    links: { patient: ['Patient'] },
    many: [],
    memberBy: [],
  },
  Practitioner: {
    codes: { gender: genders },
    optional: ['gender'],
    links: {},
    many: [],
    memberBy: [],
    shared: true,
  },
  Medication: {
    codes: { status: ['active', 'inactive'], code: codes },
    optional: ['code'],
    links: {},
    many: [],
    memberBy: [],
    shared: true,
  },
} as const satisfies Readonly<
  Record<string, Omit<Shape, 'links'> & { links: Readonly<Record<string, readonly string[]>> }>
>

export type Kind = keyof typeof shapes

export const kinds = Object.keys(shapes) as Kind[]

/** The shape of a type. */
export const shapeOf = (type: Kind): Shape => shapes[type] as Shape

/** The labels that a resource may have. */
export const labels = ['R', 'V']

export const nameOf = ({ type, id }: Pick<Fact, 'type' | 'id'>): string => `${type}/${id}`

/** The patients in whose compartments a resource is. */
export function compartmentsOf(fact: Fact): readonly string[] {
  const named = shapeOf(fact.type).memberBy.flatMap((parameter) => fact.links[parameter] ?? [])
  const patients = named
    .filter((name) => name.startsWith('Patient/'))
    .map((name) => name.slice('Patient/'.length))
  return fact.type === 'Patient' ? [fact.id, ...patients] : patients
}

/** Whether a resource is in the record of a patient: in the compartment, or a device of theirs. */
export function isInRecord(fact: Fact, patient: string): boolean {
  if (fact.type === 'Device') return (fact.links.patient ?? []).includes(`Patient/${patient}`)
  return compartmentsOf(fact).includes(patient)
}
