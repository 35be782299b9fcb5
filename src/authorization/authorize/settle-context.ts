// Fills in context that needs no question, and finds the next question. CTX-08, CTX-10, CTX-11, AUTHZ-26; SEED-44 (own record).
import { parseGrant } from '../../smart/grant.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { EncounterSummary, PatientDirectory, PatientSummary, User } from '../ports.ts'
import { owesEncounter, owesPatient } from './context-owed.ts'
import { type Flow, isEhrLaunch } from './flow.ts'
import { withPatient } from './settle-patient.ts'
import { type ResourceQuestion, settleResources, withoutEncounter } from './settle-resources.ts'

/** What is asked next, with what the page shows. */
export type Question =
  | { readonly ask: 'patient'; readonly own: readonly PatientSummary[] | undefined }
  | {
      readonly ask: 'encounter'
      readonly patient: PatientSummary
      readonly encounters: readonly EncounterSummary[]
    }
  | {
      readonly ask: 'resource'
      readonly patient: PatientSummary | undefined
      readonly resource: ResourceQuestion
    }
  | { readonly ask: 'consent'; readonly patient: PatientSummary | undefined }
  | { readonly ask: 'nothing' }

/** The flow with everything settled that can be, and the question that is left. */
export async function settleContext(
  flow: Flow,
  user: User,
  client: Client,
  directory: PatientDirectory,
): Promise<{ flow: Flow; question: Question }> {
  const { scopes } = parseGrant(flow.request.scope)
  const owed = owesPatient(scopes, isEhrLaunch(flow))
  const own = user.kind === 'patient' ? await directory.own(user) : undefined
  const [only, ...others] = own ?? []
  const isSettled = !owed || flow.context.patient !== undefined || !only || others.length > 0
  let settled = isSettled ? flow : await withPatient(flow, only.id, user, directory)
  const patient = await loadPatient(settled, user, directory)
  if (!patient && owed) return { flow: settled, question: { ask: 'patient', own } }
  if (patient && owesEncounter(scopes, isEhrLaunch(flow)) && !settled.encounterAsked) {
    const encounters = await directory.encounters(user, patient.id)
    if (encounters.length > 0) return { flow: settled, question: { ask: 'encounter', patient, encounters } }
    settled = withoutEncounter(settled)
  }
  const { flow: last, question } = await settleResources(settled, user, directory)
  if (question) return { flow: last, question: { ask: 'resource', patient, resource: question } }
  return { flow: last, question: consentQuestion(last, client, patient) }
}

/** Also a record that the EHR named has to be one that this user may open. */
async function loadPatient(
  flow: Flow,
  user: User,
  directory: PatientDirectory,
): Promise<PatientSummary | undefined> {
  const id = flow.context.patient
  if (id === undefined) return undefined
  const patient = await directory.describe(user, id)
  if (!patient) throw new OAuthError('patientDenied')
  return patient
}

/** The organisation's own app, launched from its own EHR, is not asked about. */
function consentQuestion(flow: Flow, client: Client, patient: PatientSummary | undefined): Question {
  const isSettled = client.preApproved === true && isEhrLaunch(flow) && !flow.request.prompt.consent
  return isSettled ? { ask: 'nothing' } : { ask: 'consent', patient }
}
