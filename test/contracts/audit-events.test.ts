/** Every form of every successful access follows the Basic Audit Log Pattern that it claims. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toAuditEvent } from '../../src/audit/fhir/to-audit-event.ts'
import { viewsOf } from '../../src/audit/fhir/view.ts'
import { type AskedOf, fhirAllowed, fhirRefused } from '../../src/audit/fhir-access.ts'
import { assertProfile } from './audit-event-profiles.ts'

const shown = {
  base: 'https://ehr.example.org/fhir',
  people: { person: () => ({ name: 'Dr Lin', fhirUser: 'Practitioner/lin' }), app: () => 'Growth chart' },
}
const actors = [
  { user: 'lin', fhirUser: 'Practitioner/lin', client: 'growth', address: '10.0.0.1', token: 't' },
  { client: 'backend', address: '10.0.0.1', token: 't' },
  { user: 'lin' },
]
const patterns: Readonly<Record<string, string>> = {
  read: 'Read',
  vread: 'Read',
  'search-type': 'Query',
  'search-system': 'Query',
  'search-compartment': 'Query',
  create: 'Create',
  update: 'Update',
  'conditional-update': 'Update',
  patch: 'Update',
  'conditional-patch': 'Update',
  delete: 'Delete',
  'conditional-delete': 'Delete',
}

for (const [interaction, pattern] of Object.entries(patterns))
  test(`BALP: ${interaction} is ${pattern} as a whole, and Patient${pattern} for each patient`, () => {
    const asked: AskedOf = { interaction, type: 'Observation', id: '1', version: '2' }
    for (const actor of actors)
      for (const patients of [[], ['a'], ['a', 'b']]) {
        const event = fhirAllowed(actor, asked, 200, { patients, resources: ['Observation/1'] }, 'request-1')
        const forms = viewsOf(event).map((view) => toAuditEvent(1, { time: 0, event }, view, shown))
        forms.forEach(assertProfile)
        assert.deepEqual(
          forms.map(({ meta }) => String(meta?.profile).split('IHE.BasicAudit.')[1]),
          [pattern, ...patients.map(() => `Patient${pattern}`)],
        )
      }
  })

test('BALP: what was refused claims no pattern of success', () => {
  const event = fhirRefused({}, { interaction: 'read' }, 403, 'forbidden', { patients: [], resources: [] })
  assert.equal(toAuditEvent(1, { time: 0, event }, {}, shown).meta?.profile, undefined)
})
