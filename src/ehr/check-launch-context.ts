/**
 * Enforces that what a launch promises to an app is well formed (CTX-14, CTX-16, CTX-28..36), that the user may see the
 * patient and everything referred to, and that it is all of one patient (CTX-15): the one that the launch names, else the
 * one that the items have in common. Asked with the user's own authority, so there is no second rule.
 */
import { patientsOf } from '../smart/compartment.ts'
import { type FhirContextItem, type LaunchContext, problemsOf } from '../smart/context.ts'
import { referencedId } from './fhir/reference.ts'
import { LaunchRefused } from './launch-refused.ts'
import type { Chart, EhrUser } from './ports.ts'

type Reader = Pick<EhrUser, 'id'>

/** An item that speaks for the patient of a launch. */
interface OwnedItem {
  readonly member: string
  readonly reference: string
  /** The patients whose record it is part of; none for reference data. */
  readonly owners: readonly string[]
}

/** The context with its patient, where there is one; throws `LaunchRefused` for what this user's launch may not carry. */
export async function checkLaunchContext(
  chart: Chart,
  user: Reader,
  context: LaunchContext,
): Promise<LaunchContext> {
  const [problem] = problemsOf(context)
  if (problem !== undefined) throw new LaunchRefused('bad-context', problem.split(':')[0] ?? '', problem)
  const { patient: named, encounter, fhirContext = [] } = context
  if (named !== undefined) await checkPatient(chart, user, named, 'patient')
  const loaded = await Promise.all(fhirContext.map((item, index) => loadItem(chart, user, item, index)))
  const items = loaded.filter((item) => item !== undefined)
  if (named !== undefined) checkOwners(items, named)
  const common = named === undefined ? commonOwner(items) : undefined
  if (common) await checkPatient(chart, user, common.patient, common.member)
  const patient = named ?? common?.patient
  if (encounter !== undefined) await checkEncounter(chart, user, encounter, patient)
  return patient === undefined ? context : { ...context, patient }
}

async function checkPatient(chart: Chart, user: Reader, id: string, member: string): Promise<void> {
  const patient = await chart.get(user, `Patient/${id}`)
  if (patient?.resourceType !== 'Patient') throw new LaunchRefused('unknown-patient', member, `Patient/${id}`)
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
async function loadItem(
  chart: Chart,
  user: Reader,
  { reference, role = 'launch' }: FhirContextItem,
  index: number,
): Promise<OwnedItem | undefined> {
  if (reference === undefined) return undefined
  const member = `fhirContext[${index}].reference`
  const resource = await chart.get(user, reference)
  if (!resource || resource.resourceType !== reference.split('/')[0])
    throw new LaunchRefused('unknown-reference', member, reference)
  return role === 'launch' ? { member, reference, owners: patientsOf(resource) } : undefined
}

function checkOwners(items: readonly OwnedItem[], patient: string): void {
  const other = items.find(({ owners }) => owners.length > 0 && !owners.includes(patient))
  if (other)
    throw new LaunchRefused(
      'reference-of-another',
      other.member,
      `${other.reference} is not of Patient/${patient}`,
    )
}

/** The one patient that all items are of, by the first that is of that one alone; none while there may be several. */
function commonOwner(items: readonly OwnedItem[]): { patient: string; member: string } | undefined {
  let shared: readonly string[] | undefined
  let decisive = ''
  for (const { member, reference, owners } of items) {
    if (owners.length === 0) continue
    const before = shared ?? owners
    const left = owners.filter((owner) => before.includes(owner))
    if (left.length === 0)
      throw new LaunchRefused('references-disagree', member, `${reference} is of another patient`)
    if (left.length === 1 && shared?.length !== 1) decisive = member
    shared = left
  }
  const [patient, ...others] = shared ?? []
  return patient === undefined || others.length > 0 ? undefined : { patient, member: decisive }
}
