/** A small ward: two patients, what was seen of them, and those who saw it. */
import type { Compartment } from '../../src/smart/compartment.ts'
import type { FilterItem } from '../../src/smart/filter.ts'
import type { Resource } from '../../src/smart/resource.ts'
import type { Reach, Slice } from '../../src/smart/slice.ts'

export const loinc = 'http://loinc.org'
export const categories = 'http://terminology.hl7.org/CodeSystem/observation-category'
export const ucum = 'http://unitsofmeasure.org'

const patients: Resource[] = [
  {
    resourceType: 'Patient',
    id: 'mei',
    identifier: [
      {
        type: { coding: [{ system: 'urn:types', code: 'MR' }], text: 'Medical record number' },
        system: 'urn:mrn',
        value: '1001',
      },
    ],
    name: [{ family: 'Müller', given: ['Mei', 'Ann'], text: 'Mei Ann Müller' }],
    telecom: [{ system: 'phone', value: '555-0100' }],
    gender: 'female',
    birthDate: '2014-05-01',
    meta: { tag: [{ system: 'urn:tags', code: 'vip' }], profile: ['http://example.org/profile|2.0'] },
  },
  {
    resourceType: 'Patient',
    id: 'tom',
    identifier: [{ system: 'urn:mrn', value: '1002' }, { value: 'loose' }],
    name: [{ family: 'Muller-Smith', given: ['Tom'] }],
    gender: 'male',
    birthDate: '1980',
    deceasedDateTime: '2020-02-02',
    link: [{ other: { reference: 'Patient/mei' }, type: 'seealso' }],
  },
  { resourceType: 'Patient', id: 'no-name' },
]

interface Seen {
  readonly patient: string
  readonly category: string
  readonly code: string
  readonly at: string
  readonly value?: number
  readonly rest?: object
}

/** An observation with a quantity in centimetres. */
export function observation(id: string, { patient, category, code, at, value, rest }: Seen): Resource {
  return {
    resourceType: 'Observation',
    id,
    status: 'final',
    category: [{ coding: [{ system: categories, code: category }] }],
    code: { coding: [{ system: loinc, code, display: `code ${code}` }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: at,
    ...(value !== undefined && { valueQuantity: { value, unit: 'cm', system: ucum, code: 'cm' } }),
    ...rest,
  }
}

const observations: Resource[] = [
  observation('height-1', {
    patient: 'mei',
    category: 'vital-signs',
    code: '8302-2',
    at: '2023-05-01',
    value: 120,
  }),
  observation('height-2', {
    patient: 'mei',
    category: 'vital-signs',
    code: '8302-2',
    at: '2024-05-01T09:30:00+02:00',
    value: 126.5,
  }),
  observation('glucose', {
    patient: 'mei',
    category: 'laboratory',
    code: '2339-0',
    at: '2024-05',
    value: 100,
    rest: { performer: [{ reference: 'Practitioner/ida' }] },
  }),
  observation('secret', {
    patient: 'mei',
    category: 'laboratory',
    code: '5221-7',
    at: '2024-06-01',
    rest: { meta: { security: [{ system: 'urn:conf', code: 'R' }] } },
  }),
  observation('toms', {
    patient: 'tom',
    category: 'laboratory',
    code: '2339-0',
    at: '2024-01-01T00:00:00Z',
    value: 99.4,
    rest: { status: 'amended' },
  }),
  observation('by-mei', {
    patient: 'tom',
    category: 'survey',
    code: '1,2|3',
    at: '2022',
    rest: { performer: [{ reference: 'Patient/mei' }] },
  }),
  {
    resourceType: 'Observation',
    id: 'bare',
    status: 'preliminary',
    code: { text: 'something seen' },
    subject: { identifier: { system: 'urn:mrn', value: '77' }, display: 'somebody' },
    effectivePeriod: { start: '2024-03-01' },
    component: [
      { code: { coding: [{ code: '8302-2' }] }, valueQuantity: { value: 5, comparator: '>', unit: 'cm' } },
    ],
  },
]

const others: Resource[] = [
  { resourceType: 'Practitioner', id: 'ida', name: [{ family: 'Öberg', given: ['Ida'] }] },
  {
    resourceType: 'Encounter',
    id: 'visit',
    status: 'finished',
    class: { system: 'urn:act', code: 'AMB' },
    subject: { reference: 'Patient/mei' },
    period: { start: '2024-05-01T09:00:00+02:00', end: '2024-05-03' },
  },
  {
    resourceType: 'QuestionnaireResponse',
    id: 'answers',
    status: 'completed',
    questionnaire: 'http://example.org/form|1.0',
    subject: { reference: 'https://elsewhere.example/fhir/Patient/mei' },
    authored: '2024-02-29T23:59:59.5-05:00',
  },
  {
    resourceType: 'RiskAssessment',
    id: 'risk',
    status: 'final',
    subject: { reference: 'Patient/mei' },
    prediction: [{ probabilityDecimal: 0.25 }, { probabilityRange: { low: { value: 0.5 } } }],
  },
  {
    resourceType: 'ValueSet',
    id: 'set',
    status: 'active',
    url: 'http://example.org/set',
    name: 'Set',
    title: 'A Set of Codes',
    useContext: [
      {
        code: { system: 'urn:ctx', code: 'focus' },
        valueCodeableConcept: { coding: [{ system: 'urn:f', code: 'x' }] },
      },
      {
        code: { system: 'urn:ctx', code: 'task' },
        valueCodeableConcept: { coding: [{ system: 'urn:f', code: 'y' }] },
      },
    ],
  },
  {
    resourceType: 'Group',
    id: 'men',
    type: 'person',
    actual: false,
    characteristic: [
      {
        code: { coding: [{ system: 'urn:c', code: 'gender' }] },
        valueCodeableConcept: { coding: [{ system: 'urn:g', code: 'male' }] },
      },
      { code: { coding: [{ system: 'urn:c', code: 'age' }] }, valueBoolean: true },
    ],
  },
  {
    resourceType: 'MolecularSequence',
    id: 'sequence',
    coordinateSystem: 0,
    referenceSeq: { chromosome: { coding: [{ system: 'urn:chr', code: '1' }] } },
    variant: [
      { start: 10, end: 20 },
      { start: 5, end: 15 },
    ],
  },
  { resourceType: 'Device', id: 'pump', patient: { reference: 'Patient/mei' } },
]

export const ward: readonly Resource[] = [...patients, ...observations, ...others]

/** A slice from its parts: a type, compartments, and `parameter=value` texts. */
export function slice(
  type: string,
  compartments: readonly Compartment[] = [],
  ...filter: readonly string[]
): Slice {
  return { type, compartments, filter: filter.map(filterItem) }
}

function filterItem(text: string): FilterItem {
  const at = text.indexOf('=')
  return { parameter: text.slice(0, at), value: text.slice(at + 1) }
}

export const everything: Reach = { within: [slice('*')], without: [] }
