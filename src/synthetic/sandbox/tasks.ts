import type { Resource } from '../../smart/resource.ts'
import { reference } from '../concepts.ts'

const smart = 'http://hl7.org/fhir/smart-app-launch'
const coded = (code: string) => ({ coding: [{ system: `${smart}/CodeSystem/smart-codes`, code }] })

interface Asked {
  readonly id: string
  readonly kind: 'ehr' | 'standalone'
  readonly why: string
  readonly owner: readonly [type: string, id: string]
  readonly requester: string
  readonly patient?: string
  /** What the app is told. */
  readonly context?: string
}

const ASKED: readonly Asked[] = [
  {
    id: 'review-amara',
    kind: 'ehr',
    why: 'Review blood pressure and HbA1c before the visit',
    owner: ['Practitioner', 'dr-lin'],
    requester: 'nurse-okafor',
    patient: 'amara',
    context: '{"show":["blood-pressure","hba1c"]}',
  },
  {
    id: 'growth-of-mateo',
    kind: 'ehr',
    why: 'Check growth since the last inhaler change',
    owner: ['Practitioner', 'nurse-okafor'],
    requester: 'dr-haddad',
    patient: 'mateo',
  },
  {
    id: 'try-trends',
    kind: 'standalone',
    why: 'Try the new app for measurements',
    owner: ['Practitioner', 'dr-lin'],
    requester: 'dr-bergstrom',
  },
  {
    id: 'amara-looks',
    kind: 'ehr',
    why: 'Look at your blood pressure readings before your visit',
    owner: ['Patient', 'amara'],
    requester: 'dr-lin',
    patient: 'amara',
  },
  {
    id: 'diego-looks',
    kind: 'ehr',
    why: 'Look at how Mateo has grown',
    owner: ['RelatedPerson', 'diego-for-mateo'],
    requester: 'dr-haddad',
    patient: 'mateo',
  },
]

/** The addresses of the app that is to be opened. */
export interface TaskApp {
  readonly launchUrl: string
  readonly homeUrl: string
}

/**
 * Tasks that ask the people of the sandbox to open an app, by the profiles of SMART App Launch. They name an address of
 * the server itself, which the other records of the sandbox do not know.
 */
export function sandboxTasks(asOf: string, app: TaskApp): Resource[] {
  return ASKED.map(({ id, kind, why, owner: [type, owner], requester, patient, context }) => ({
    resourceType: 'Task',
    id,
    meta: { profile: [`${smart}/StructureDefinition/task-${kind}-launch`] },
    status: 'requested',
    intent: 'proposal',
    code: coded(`launch-app-${kind}`),
    description: why,
    ...(patient !== undefined && { for: reference('Patient', patient) }),
    authoredOn: asOf,
    requester: reference('Practitioner', requester),
    owner: reference(type, owner),
    input: [
      { type: coded('smartonfhir-application'), valueUrl: kind === 'ehr' ? app.launchUrl : app.homeUrl },
      ...(context === undefined ? [] : [{ type: coded('smartonfhir-appcontext'), valueString: context }]),
    ],
  }))
}
