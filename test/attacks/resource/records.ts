/** The records at the start: patients `a` (whose app attacks) and `b` (whose record is the aim), and what both share. */
import type { Resource } from '../../../src/smart/resource.ts'

const categories = 'http://terminology.hl7.org/CodeSystem/observation-category'

/** An Observation, of the category and status that granular scopes tell apart. */
export function observation(id: string, patient: string, category: string, status = 'final'): Resource {
  return {
    resourceType: 'Observation',
    id,
    status,
    category: [{ coding: [{ system: categories, code: category }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: '2024-03-01',
    valueString: `secret of ${patient}`,
  }
}

function recordOf(patient: string): Resource[] {
  const subject = { reference: `Patient/${patient}` }
  return [
    {
      resourceType: 'Patient',
      id: patient,
      name: [{ family: `Family-${patient}` }],
      generalPractitioner: [{ reference: 'Practitioner/doctor' }],
    },
    observation(`${patient}-lab`, patient, 'laboratory'),
    observation(`${patient}-lab-draft`, patient, 'laboratory', 'preliminary'),
    observation(`${patient}-vital`, patient, 'vital-signs'),
    observation(`${patient}-vital-draft`, patient, 'vital-signs', 'preliminary'),
    {
      resourceType: 'Encounter',
      id: `${patient}-visit`,
      status: 'finished',
      class: { code: 'AMB' },
      subject,
    },
    {
      resourceType: 'MedicationRequest',
      id: `${patient}-order`,
      status: 'active',
      intent: 'order',
      subject,
      encounter: { reference: `Encounter/${patient}-visit` },
      medicationReference: { reference: 'Medication/pill' },
    },
    {
      resourceType: 'Provenance',
      id: `${patient}-source`,
      target: [{ reference: `Observation/${patient}-lab` }, subject],
      recorded: '2024-03-01T10:00:00Z',
      agent: [{ who: { reference: 'Practitioner/doctor' } }],
    },
    {
      resourceType: 'DiagnosticReport',
      id: `${patient}-report`,
      status: 'final',
      code: { text: 'report' },
      subject,
      // A report that points into the other record by mistake: the reference stays, its target is not opened.
      result: [
        { reference: `Observation/${patient}-lab` },
        { reference: `Observation/${patient === 'a' ? 'b' : 'a'}-lab` },
      ],
    },
  ]
}

export const resourcesAtStart: readonly Resource[] = [
  ...recordOf('a'),
  ...recordOf('b'),
  { resourceType: 'Practitioner', id: 'doctor', name: [{ family: 'Lin' }] },
  { resourceType: 'Medication', id: 'pill', code: { text: 'pill' } },
  { resourceType: 'Organization', id: 'clinic', name: 'Clinic' },
]
