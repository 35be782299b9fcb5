/** The records of the hospital: those of the attacks in process, and what a filter of these tests leaves out in patient a. */
import type { Resource } from '../../../src/smart/resource.ts'
import { memberBy, members } from '../resource/members.ts'
import { pointers } from '../resource/questions.ts'
import { resourcesAtStart } from '../resource/records.ts'

/** What belongs to the record of b: its contents and its resources. No answer of these tests may have it. */
export const foreign = /secret of b|Family-b|"id":"b(?:-|")|"id":"gone-b/
/** What a granular scope of these tests leaves out of the record of a. */
export const closed = /off limits|"id":"(?:a-vital(?:-draft)?|a-draft|a-closed|a-left|gone-draft)"/

/** An Observation of patient a that the scope of laboratory results leaves out. */
export const offLimits = (resource: Resource): Resource => ({ ...resource, valueString: 'off limits' })

function document(id: string, patient: string, status: string, date: string): Resource {
  return {
    resourceType: 'DocumentReference',
    id,
    status,
    date,
    description: patient === 'b' ? 'secret of b' : status === 'current' ? 'open' : 'off limits',
    type: { coding: [{ system: 'http://loinc.org', code: '34133-9' }] },
    subject: { reference: `Patient/${patient}` },
    context: { period: { start: date.slice(0, 10), end: date.slice(0, 10) } },
    content: [{ attachment: { contentType: 'text/plain' } }],
  }
}

const vitalReport: Resource = {
  resourceType: 'DiagnosticReport',
  id: 'a-vital-report',
  status: 'final',
  code: { text: 'vital signs' },
  subject: { reference: 'Patient/a' },
  result: [{ reference: 'Observation/a-vital' }],
}

/** Everything at the start; each is written after the ones before it. */
export const records: readonly Resource[] = [
  ...resourcesAtStart.map((resource) =>
    String(resource.id).startsWith('a-vital') ? offLimits(resource) : resource,
  ),
  ...pointers,
  ...members.map(({ type, path, id }) => memberBy(type, path, 'b', id)),
  document('a-letter', 'a', 'current', '2024-02-01T10:00:00Z'),
  document('a-draft', 'a', 'superseded', '2024-03-01T10:00:00Z'),
  document('b-letter', 'b', 'current', '2024-04-01T10:00:00Z'),
  vitalReport,
]

const early = '2024-01-01T10:00:00Z'

/** What became of some of them, in this order: their past must not stay open. */
export const later: readonly Resource[] = [
  document('came', 'b', 'current', early),
  document('came', 'a', 'current', early),
  document('a-left', 'a', 'current', early),
  document('a-left', 'b', 'current', early),
  document('a-closed', 'a', 'current', early),
  document('a-closed', 'a', 'superseded', early),
  document('a-opened', 'a', 'superseded', early),
  document('a-opened', 'a', 'current', early),
  document('gone-b', 'b', 'current', early),
  document('gone-draft', 'a', 'superseded', early),
]

/** The documents that were deleted in the end. */
export const deleted: readonly string[] = ['gone-b', 'gone-draft']
