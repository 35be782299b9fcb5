// A choice from the picker counts only if the user may act for that record; the page's list is no proof. SEED-44, CTX-14, CTX-16, CTX-27.
import type { Params } from '../../http/params.ts'
import { isFhirId } from '../../smart/ids.ts'
import { OAuthError } from '../errors.ts'
import type { PatientDirectory, User } from '../ports.ts'
import { type Flow, moved } from './flow.ts'
import { withPatient } from './settle-patient.ts'
import { choicesFor, itemOf, nextOwed, withoutEncounter, withoutScope } from './settle-resources.ts'

/** The flow with what the form names: patient, encounter or another resource; nothing when it names none. */
export async function pickContext(
  flow: Flow,
  form: Params,
  user: User,
  directory: PatientDirectory,
): Promise<Flow | undefined> {
  const patient = form.get('patient')
  if (patient !== undefined) return pickPatient(flow, patient, user, directory)
  const encounter = form.get('encounter')
  if (encounter !== undefined) return pickEncounter(flow, encounter, user, directory)
  const resource = form.get('resource') ?? form.get('without_resource')
  if (resource !== undefined) return pickResource(flow, form, user, directory)
  return form.get('without_encounter') ? goWithoutEncounter(flow) : undefined
}

function goWithoutEncounter(flow: Flow): Flow {
  if (flow.encounterAsked) throw new OAuthError('flowMove')
  return moved(withoutEncounter(flow), 'choosing', { encounterAsked: true })
}

async function pickPatient(flow: Flow, id: string, user: User, directory: PatientDirectory): Promise<Flow> {
  // Context that is there already came from the EHR or from an earlier page; a form does not replace it.
  if (flow.context.patient !== undefined) throw new OAuthError('flowMove')
  if (!isFhirId(id) || !(await directory.describe(user, id))) throw new OAuthError('choiceUnknown')
  return moved(await withPatient(flow, id, user, directory), 'choosing')
}

async function pickEncounter(flow: Flow, id: string, user: User, directory: PatientDirectory): Promise<Flow> {
  const { patient } = flow.context
  if (patient === undefined || flow.encounterAsked) throw new OAuthError('flowMove')
  const encounters = await directory.encounters(user, patient)
  if (!encounters.some((encounter) => encounter.id === id)) throw new OAuthError('choiceUnknown')
  return moved(flow, 'choosing', { context: { ...flow.context, encounter: id }, encounterAsked: true })
}

/** The form says which question it answers: an old page in another window answers none that is asked now. */
async function pickResource(
  flow: Flow,
  form: Params,
  user: User,
  directory: PatientDirectory,
): Promise<Flow> {
  const owed = nextOwed(flow)
  if (!owed || form.get('for') !== owed.scope) throw new OAuthError('flowMove')
  const reference = form.get('resource')
  if (reference === undefined) return moved(withoutScope(flow, owed.scope), 'choosing')
  const choices = await choicesFor(owed, flow, user, directory)
  if (!choices.some(({ id }) => `${owed.type}/${id}` === reference)) throw new OAuthError('choiceUnknown')
  return moved(flow, 'choosing', {
    chosen: [...(flow.chosen ?? []), { scope: owed.scope, item: itemOf(owed, reference) }],
    asked: [...(flow.asked ?? []), owed.scope],
  })
}
