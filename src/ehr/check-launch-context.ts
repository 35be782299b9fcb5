/**
 * Enforces that what a launch promises to an app is well formed (CTX-14, CTX-16, CTX-28..36), that the user may see the
 * patient and everything referred to, and that it is all of one patient. Asked with the user's own authority, so there
 * is no second rule.
 */
import { patientsOf } from '../smart/compartment.ts'
import { type FhirContextItem, type LaunchContext, problemsOf } from '../smart/context.ts'
import { referencedId } from './fhir/reference.ts'
import { LaunchRefused } from './launch-refused.ts'
import type { Chart, EhrUser } from './ports.ts'

type Reader = Pick<EhrUser, 'id'>

/** Throws `LaunchRefused` for what this user's launch may not carry. */
export async function checkLaunchContext(chart: Chart, user: Reader, context: LaunchContext): Promise<void> {
  const [problem] = problemsOf(context)
  if (problem !== undefined) throw new LaunchRefused('bad-context', problem.split(':')[0] ?? '', problem)
  const { patient, encounter, fhirContext = [] } = context
  if (patient !== undefined) await checkPatient(chart, user, patient)
  if (encounter !== undefined) await checkEncounter(chart, user, encounter, patient)
  await Promise.all(fhirContext.map((item, index) => checkItem(chart, user, item, index, patient)))
}

async function checkPatient(chart: Chart, user: Reader, id: string): Promise<void> {
  const patient = await chart.get(user, `Patient/${id}`)
  if (patient?.resourceType !== 'Patient')
    throw new LaunchRefused('unknown-patient', 'patient', `Patient/${id}`)
}

async function checkEncounter(
  chart: Chart,
  user: Reader,
  id: string,
  patient: string | undefined,
): Promise<void> {
  const encounter = await chart.get(user, `Encounter/${id}`)
  if (encounter?.resourceType !== 'Encounter')
    throw new LaunchRefused('unknown-encounter', 'encounter', `Encounter/${id}`)
  if (patient === undefined || referencedId(encounter.subject, 'Patient') !== patient)
    throw new LaunchRefused(
      'encounter-of-another',
      'encounter',
      `Encounter/${id} is not of Patient/${patient ?? '?'}`,
    )
}

/** What is another patient's may come along in a role of its own only: a sibling is one, a mix-up is none. */
async function checkItem(
  chart: Chart,
  user: Reader,
  { reference, role = 'launch' }: FhirContextItem,
  index: number,
  patient: string | undefined,
): Promise<void> {
  if (reference === undefined) return
  const member = `fhirContext[${index}].reference`
  const resource = await chart.get(user, reference)
  if (!resource || resource.resourceType !== reference.split('/')[0])
    throw new LaunchRefused('unknown-reference', member, reference)
  const owners = patientsOf(resource)
  const isOthers = patient !== undefined && owners.length > 0 && !owners.includes(patient)
  if (isOthers && role === 'launch')
    throw new LaunchRefused('reference-of-another', member, `${reference} is not of Patient/${patient}`)
}
