/** Searches by which an app of patient a asks about the record of patient b, and what they may find. */
import type { Resource } from '../../../src/smart/resource.ts'

const own = 'DiagnosticReport/a-report'

/** Resources that point from one record into the other. */
export const pointers: readonly Resource[] = [
  // A resource of record a that points into record b, by every kind of way.
  {
    resourceType: 'Condition',
    id: 'a-pointing',
    subject: { reference: 'Patient/a' },
    asserter: { reference: 'Patient/b' },
    encounter: { reference: 'Encounter/b-visit' },
  },
  // One of record b that points into record a.
  {
    resourceType: 'Condition',
    id: 'b-pointing',
    subject: { reference: 'Patient/b' },
    encounter: { reference: 'Encounter/a-visit' },
  },
  {
    resourceType: 'Group',
    id: 'study',
    type: 'person',
    actual: true,
    member: [{ entity: { reference: 'Patient/a' } }],
  },
]

/** With all letters on the record of a. */
export const questions: readonly [name: string, query: string, entries: string[]][] = [
  ['own patient', 'Observation?subject:Patient.name=Family-a&_id=a-lab', ['Observation/a-lab']],
  ['the other patient', 'Observation?subject:Patient.name=Family-b', []],
  ['a report’s result in the other record', 'DiagnosticReport?result.subject:Patient.name=Family-b', []],
  ['the other result itself', 'DiagnosticReport?result._id=b-lab', []],
  ['own result', 'DiagnosticReport?result._id=a-lab', [own]],
  ['an asserter of the other record', 'Condition?asserter:Patient._id=b', []],
  ['a name in the other record', 'Condition?asserter:Patient.name=Family', []],
  ['its absence', 'Condition?asserter:Patient.name:missing=true', []],
  ['what it is not', 'Condition?asserter:Patient.gender:not=male', []],
  ['the other encounter', 'Condition?encounter.status=finished', []],
  ['the other encounter, untyped and by time', 'Condition?encounter._lastUpdated=gt2000', []],
  ['who points here from outside', 'Encounter?_has:Condition:encounter:subject=b', []],
  ['who points here at all', 'Encounter?_has:Condition:encounter:_id=b-pointing', []],
  ['that nobody points here', 'Encounter?_has:Condition:encounter:code:missing=true', []],
  ['reports from outside on own results', 'Observation?_has:DiagnosticReport:result:_id=b-report', []],
  [
    'own reports on own results',
    'Observation?_has:DiagnosticReport:result:_id=a-report',
    ['Observation/a-lab'],
  ],
  ['back and forth', 'Patient?_has:Observation:subject:_has:DiagnosticReport:result:_id=b-report', []],
  ['a group without a compartment right', 'Patient?_has:Group:member:_id=study', ['Patient/a']],
]

/** With the scopes that stand first. */
export const scopedQuestions: readonly [scopes: string, query: string, entries: string[]][] = [
  // A type that no scope names, and one that a scope lets read but not search.
  ['patient/DiagnosticReport.rs', 'DiagnosticReport?result._id=a-lab', []],
  ['patient/DiagnosticReport.rs patient/Observation.r', 'DiagnosticReport?result._id=a-lab', []],
  ['patient/DiagnosticReport.rs patient/Observation.s', 'DiagnosticReport?result._id=a-lab', [own]],
  [
    'patient/DiagnosticReport.rs patient/Observation.rs?category=vital-signs',
    'DiagnosticReport?result._id=a-lab',
    [],
  ],
  [
    'patient/DiagnosticReport.rs patient/Observation.rs?category=laboratory',
    'DiagnosticReport?result.code=718-7',
    [own],
  ],
  ['patient/Observation.rs', 'Observation?patient.name=Family-a', []],
  [
    'patient/Observation.rs patient/Patient.rs',
    'Observation?patient.name=Family-a&_id=a-lab',
    ['Observation/a-lab'],
  ],
  ['patient/Patient.rs', 'Patient?_has:Observation:patient:code=718-7', []],
  [
    'patient/Patient.rs patient/Observation.rs?status=preliminary',
    'Patient?_has:Observation:patient:status=final',
    [],
  ],
  [
    'patient/Patient.rs patient/Observation.rs?status=final',
    'Patient?_has:Observation:patient:status=final',
    ['Patient/a'],
  ],
  ['user/DiagnosticReport.rs patient/Observation.rs', 'DiagnosticReport?result.subject=Patient/b', []],
]

/** Orders, totals and summaries, and how many matches are told. */
export const counts: readonly [string, number][] = [
  ['Condition?_sort=asserter', 1],
  ['Condition?_sort=-encounter,asserter&_total=accurate', 1],
  ['Condition?_total=estimate&_count=0', 1],
  ['Condition?_summary=count', 1],
  ['Condition?asserter:missing=false&_summary=count', 1],
  ['Observation?patient:missing=false&_summary=count', 4],
  ['Observation?_has:DiagnosticReport:result:patient=b&_count=0', 0],
  ['?_type=Observation,Condition&_summary=count', 5],
  ['?_type=Observation&subject:Patient.name=Family-b&_summary=count', 0],
  ['?_id=b,b-lab,b-visit&_summary=count', 0],
]

/** Searches across types and in compartments. */
export const acrossTypes: readonly [scopes: string, query: string, entries: string[]][] = [
  ['patient/*.rs', '?_type=Encounter,Provenance', ['Encounter/a-visit', 'Provenance/a-source']],
  ['patient/*.rs', '?_type=Encounter,Provenance&patient=a', ['Encounter/a-visit', 'Provenance/a-source']],
  ['patient/*.rs', '?_type=Encounter,Provenance&patient=b', []],
  ['patient/Encounter.rs', '?_type=Encounter,Provenance', ['Encounter/a-visit']],
  ['patient/Encounter.rs', '?_type=Encounter,Patient&_id=a,b,a-visit,b-visit', ['Encounter/a-visit']],
  [
    'patient/Encounter.rs patient/Observation.rs?status=preliminary',
    '?_type=Observation',
    ['Observation/a-lab-draft', 'Observation/a-vital-draft'],
  ],
  ['patient/Encounter.rs', 'Patient/a/*', ['Encounter/a-visit']],
  // It is part of both records: the other one names it as its asserter.
  ['patient/*.rs', 'Patient/b/*', ['Condition/a-pointing']],
  ['patient/*.rs', 'Patient/a/*?_type=Encounter,Provenance', ['Encounter/a-visit', 'Provenance/a-source']],
  ['patient/*.rs', 'Encounter/a-visit/MedicationRequest', ['MedicationRequest/a-order']],
  ['patient/*.rs', 'Encounter/a-visit/*', ['Encounter/a-visit', 'MedicationRequest/a-order']],
  ['patient/*.rs', 'Encounter/b-visit/*', ['Condition/a-pointing']],
  ['patient/*.rs', 'Practitioner/doctor/Patient', ['Patient/a']],
  ['patient/Encounter.rs', 'Practitioner/doctor/*', []],
  ['patient/*.rs', 'Device/none/Observation', []],
]
