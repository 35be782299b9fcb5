/** Patients write their own Consents, which are looked at with every request of everybody: nobody can make them too much for others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConsent } from '../../../src/identity/consent/parse-consent.ts'
import type { Repository, SearchPage, Stored } from '../../../src/resource/repository.ts'
import { formatCursor } from '../../../src/resource/search/cursor.ts'
import { createConsents } from '../../../src/server/consents.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { base } from './world.ts'

const MINUTE = 60_000

function consent(id: string, patient: string, provision: object = { type: 'deny' }): Resource {
  return {
    resourceType: 'Consent',
    id,
    status: 'active',
    scope: { coding: [{ code: 'patient-privacy' }] },
    category: [{ text: 'privacy' }],
    patient: { reference: `Patient/${patient}` },
    provision,
  }
}

function kept(resource: Resource): Stored {
  const { resourceType: type, id = '' } = resource
  return { type, id, version: '1', lastUpdated: '', deleted: false, resource, json: '' }
}

/** A store of these, a thousand on a page, made when they are asked for. */
function storeOf(count: number, at: (number: number) => Resource): Pick<Repository, 'search'> {
  return {
    async search({ after }): Promise<SearchPage> {
      const from = after?.row ?? 0
      const to = Math.min(from + 1000, count)
      const matches = Array.from({ length: to - from }, (_, one) => kept(at(from + one)))
      return to < count ? { matches, next: formatCursor({ row: to, values: [] }) } : { matches }
    },
  }
}

/** Of each patient, whether everything is denied. */
async function denials(store: Pick<Repository, 'search'>, clock: { now: number }) {
  const groups = await createConsents(store as Repository, base, () => clock.now).active()
  return groups.map(({ rule, patients }) => [patients.join(' '), rule.scope.types.join(' ')])
}

const observations = [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }]

test('a patient who writes Consents without end is taken to deny everything, and the Consents of others still count', async () => {
  const store = storeOf(200_001, (at) =>
    at === 200_000
      ? consent('other', 'b', { type: 'deny', class: observations })
      : consent(`flood-${at}`, 'a', { type: 'deny', class: observations, period: { start: `${1000 + at}` } }),
  )
  assert.deepEqual((await denials(store, { now: MINUTE })).sort(), [
    ['a', ''],
    ['b', 'Observation'],
  ])
})

test('Consents that permit are none that anybody has to look at, however many', async () => {
  const store = storeOf(200_000, (at) => consent(`permit-${at}`, 'a', { type: 'permit' }))
  assert.deepEqual(await denials(store, { now: MINUTE }), [])
})

test('a Consent that names more than anybody looks at denies everything', () => {
  const actor = Array.from({ length: 50_000 }, (_, at) => ({
    role: { coding: [{ code: 'IRCP' }] },
    reference: { reference: `Practitioner/${at}` },
  }))
  const rule = parseConsent(consent('long', 'a', { type: 'deny', class: observations, actor }))
  assert.deepEqual([rule?.kind, rule?.scope.actors.length, rule?.scope.types.length], ['deny', 0, 0])
})
