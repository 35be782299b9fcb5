/** What people decided about apps, among the records: indexed as they are, and put on record as they are. */
import { randomUUID } from 'node:crypto'
import { trailRules } from '../audit/chain.ts'
import { fhirAllowed } from '../audit/fhir-access.ts'
import { indexing } from '../resource/search/indexing.ts'
import { createRecording } from '../store/audit.ts'
import { createDecisionRecords, type DecisionRecords, type EndedDecision } from '../store/decision-records.ts'
import type { Sql } from '../store/sql.ts'

/** The records of decisions in a database whose tables are up to date. */
export function decisionRecordsOver(sql: Sql, now: () => number): DecisionRecords {
  const recording = createRecording(trailRules)
  return createDecisionRecords(sql, { recording, indexing, now, newId: randomUUID, told: inactivated })
}

/** It follows from something that is on record by itself, with whoever did that: this is the server's own doing. */
export function inactivated({ consentId: id, patient }: EndedDecision) {
  const touched = { patients: patient === undefined ? [] : [patient], resources: [`Consent/${id}`] }
  return fhirAllowed({}, { interaction: 'update', type: 'Consent', id }, 200, touched)
}
