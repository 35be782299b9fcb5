/**
 * Enforces that what a launch promises to an app is well formed (CTX-14, CTX-16, CTX-28..36), that the user may see the
 * patient, and that the encounter is that patient's. Asked with the user's own authority, so there is no second rule.
 */
import { type LaunchContext, problemsOf } from '../smart/context.ts'
import { referencedId } from './fhir/reference.ts'
import { LaunchRefused } from './launch-refused.ts'
import type { Chart, EhrUser } from './ports.ts'

export async function checkLaunchContext(chart: Chart, user: EhrUser, context: LaunchContext): Promise<void> {
  const problems = problemsOf(context)
  if (problems.length > 0) throw new LaunchRefused('bad-context', problems.join('; '))
  if (context.patient !== undefined) await checkPatient(chart, user, context.patient)
  if (context.encounter !== undefined) await checkEncounter(chart, user, context.encounter, context.patient)
}

async function checkPatient(chart: Chart, user: EhrUser, id: string): Promise<void> {
  const patient = await chart.get(user, `Patient/${id}`)
  if (patient?.resourceType !== 'Patient') throw new LaunchRefused('unknown-patient', `Patient/${id}`)
}

async function checkEncounter(
  chart: Chart,
  user: EhrUser,
  id: string,
  patient: string | undefined,
): Promise<void> {
  const encounter = await chart.get(user, `Encounter/${id}`)
  if (encounter?.resourceType !== 'Encounter') throw new LaunchRefused('unknown-encounter', `Encounter/${id}`)
  if (patient === undefined || referencedId(encounter.subject, 'Patient') !== patient)
    throw new LaunchRefused('encounter-of-another', `Encounter/${id} is not of Patient/${patient ?? '?'}`)
}
