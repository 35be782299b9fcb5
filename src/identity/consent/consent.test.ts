/** Provisions of Consents: whom they deny what; what is not understood withholds. @see FHIR R4, Consent */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMatches } from '../../resource/search/matches.ts'
import type { Capacity, Role } from '../../smart/policy.ts'
import type { Resource } from '../../smart/resource.ts'
import { belongs } from '../../smart/slice.ts'
import { consentsAgainst } from './judge-consent.ts'
import { parseConsent } from './parse-consent.ts'

const NOW = Date.UTC(2026, 5, 15, 12)
const codes = 'http://terminology.hl7.org/CodeSystem'

const purposes: Partial<Record<Role, string>> = { clinician: 'TREAT', 'related-person': 'FAMRQT' }
const as = (role: Role, ...references: string[]) => {
  const purpose = purposes[role]
  const capacity: Capacity = { role, posts: [], ...(purpose !== undefined && { purpose }) }
  return { references, own: [] as string[], capacity }
}
const lin = as('clinician', 'Practitioner/lin')
const other = as('clinician', 'Practitioner/other')
const mother = as('related-person', 'RelatedPerson/mother')

const labelled = (type: string, ...labels: string[]): Resource => ({
  resourceType: type,
  meta: {
    security: labels.map((label) => ({ system: label.split('|')[0], code: label.split('|')[1] })),
  },
  subject: { reference: 'Patient/1' },
})
const psychiatric = `${codes}/v3-ActCode|PSY`
const level = (code: string) => `${codes}/v3-Confidentiality|${code}`

const condition = labelled('Condition')
const sensitive = labelled('Condition', psychiatric)
const observation = labelled('Observation')
const device: Resource = { resourceType: 'Device', patient: { reference: 'Patient/1' } }
const elsewhere: Resource = { ...condition, subject: { reference: 'Patient/2' } }

function consent(provision: object, more: object = {}): Resource {
  return {
    resourceType: 'Consent',
    status: 'active',
    scope: { coding: [{ system: `${codes}/consentscope`, code: 'patient-privacy' }] },
    patient: { reference: 'Patient/1' },
    provision,
    ...more,
  } as Resource
}

const matches = createMatches()

/** Whether a Consent of patient 1 withholds a resource from somebody. */
function withholds(given: Resource, who: typeof lin, resource: Resource): boolean {
  const rule = parseConsent(given)
  if (!rule) return false
  const slices = consentsAgainst([{ rule, patients: ['1'] }], who, NOW)
  return slices.some((slice) => belongs(resource, slice, matches) !== false)
}

const actor = (reference: string) => ({
  role: { coding: [{ system: `${codes}/v3-ParticipationType`, code: 'IRCP' }] },
  reference: { reference },
})
const ofClass = (type: string) => ({ system: 'http://hl7.org/fhir/resource-types', code: type })
const label = (text: string) => ({ system: text.split('|')[0], code: text.split('|')[1] })
const purpose = (code: string) => ({ system: `${codes}/v3-ActReason`, code })

test('a denial without conditions withholds the whole record of that patient, from everybody but the patient', () => {
  const all = consent({ type: 'deny' })
  for (const who of [lin, mother, as('system')])
    for (const one of [condition, observation, device]) assert.ok(withholds(all, who, one))
  assert.ok(!withholds(all, lin, elsewhere))
  assert.ok(!withholds(all, { ...lin, own: ['1'] }, condition))
})

test('a Consent counts while it is active and about privacy', () => {
  for (const status of ['draft', 'proposed', 'rejected', 'inactive', 'entered-in-error', undefined])
    assert.ok(!withholds(consent({ type: 'deny' }, { status }), lin, condition), status)
  for (const code of ['research', 'adr', 'treatment'])
    assert.ok(!withholds(consent({ type: 'deny' }, { scope: { coding: [{ code }] } }), lin, condition))
  assert.ok(withholds(consent({ type: 'deny' }, { scope: { text: 'my wishes' } }), lin, condition))
})

test('by actor: a denial of one person leaves everybody else', () => {
  const denied = consent({ type: 'deny', actor: [actor('Practitioner/lin')] })
  assert.ok(withholds(denied, lin, condition))
  assert.ok(!withholds(denied, other, condition))
  assert.ok(!withholds(denied, mother, condition))
})

test('by actor: nobody here knows who belongs to an organisation or a group, so it may be anybody', () => {
  for (const reference of [
    'Organization/1',
    'Group/1',
    'CareTeam/1',
    'PractitionerRole/1',
    'urn:uuid:1',
    '#c',
    7,
  ])
    assert.ok(withholds(consent({ type: 'deny', actor: [actor(reference as string)] }), lin, condition))
  const unnamed = { role: { text: 'my boss' }, reference: { display: 'Dr Lin' } }
  assert.ok(withholds(consent({ type: 'deny', actor: [unnamed] }), lin, condition))
  // Of a person of whom no record is known it cannot be said that another is meant.
  assert.ok(
    withholds(consent({ type: 'deny', actor: [actor('Practitioner/x')] }), as('clinician'), condition),
  )
})

test('by role: a denial of providers is not one of relatives', () => {
  const role = (code: string) => ({
    type: 'deny',
    actor: [{ role: { coding: [{ code }] }, reference: { display: 'all' } }],
  })
  assert.ok(withholds(consent(role('PROV')), lin, condition))
  assert.ok(!withholds(consent(role('PROV')), mother, condition))
  assert.ok(withholds(consent(role('GUARD')), mother, condition))
  assert.ok(withholds(consent(role('IRCP')), mother, condition))
})

test('by class and by security label', () => {
  const ofConditions = consent({ type: 'deny', class: [ofClass('Condition')] })
  assert.ok(withholds(ofConditions, lin, condition))
  assert.ok(!withholds(ofConditions, lin, observation))
  const ofLabel = consent({ type: 'deny', securityLabel: [label(psychiatric)] })
  assert.ok(withholds(ofLabel, lin, sensitive))
  assert.ok(!withholds(ofLabel, lin, condition))
  const ofBoth = consent({
    type: 'deny',
    class: [ofClass('Observation')],
    securityLabel: [label(psychiatric)],
  })
  assert.ok(!withholds(ofBoth, lin, sensitive))
  assert.ok(withholds(ofBoth, lin, labelled('Observation', psychiatric)))
  assert.ok(withholds(consent({ type: 'deny', class: [ofClass('Device')] }), lin, device))
})

test('a level of confidentiality is denied with those above it', () => {
  const restricted = consent({ type: 'deny', securityLabel: [label(level('R'))] })
  assert.ok(withholds(restricted, lin, labelled('Condition', level('R'))))
  assert.ok(withholds(restricted, lin, labelled('Condition', level('V'))))
  assert.ok(!withholds(restricted, lin, labelled('Condition', level('N'))))
})

test('by purpose: narrower purposes are included, others are not, unknown ones may be any', () => {
  const denied = (...codesOf: object[]) => consent({ type: 'deny', purpose: codesOf })
  assert.ok(withholds(denied(purpose('TREAT')), lin, condition))
  assert.ok(!withholds(denied(purpose('HMARKT')), lin, condition))
  assert.ok(withholds(denied(purpose('PATRQT')), mother, condition))
  assert.ok(withholds(denied({ system: 'urn:mine', code: 'x' }), lin, condition))
  assert.ok(withholds(denied(purpose('HMARKT')), as('system'), condition))
})

test('by period: a denial begins and ends; one that cannot be read goes on', () => {
  const during = (period: object) => consent({ type: 'deny', period })
  assert.ok(withholds(during({ start: '2026-06-01', end: '2026-06-15' }), lin, condition))
  assert.ok(!withholds(during({ end: '2026-06-14' }), lin, condition))
  assert.ok(!withholds(during({ start: '2026-06-16' }), lin, condition))
  assert.ok(withholds(during({ end: 'when I say so' }), lin, condition))
})

test('exceptions to a denial: what is permitted to this person, of this class, without that label', () => {
  const nested = (...provision: object[]) => consent({ type: 'deny', provision })
  const toLin = nested({ type: 'permit', actor: [actor('Practitioner/lin')] })
  assert.ok(!withholds(toLin, lin, condition))
  assert.ok(withholds(toLin, other, condition))
  const conditions = nested({ type: 'permit', class: [ofClass('Condition')] })
  assert.ok(!withholds(conditions, lin, condition))
  for (const one of [observation, device]) assert.ok(withholds(conditions, lin, one))
  const ofLabel = nested({ type: 'permit', securityLabel: [label(psychiatric)] })
  assert.ok(!withholds(ofLabel, lin, sensitive))
  assert.ok(withholds(ofLabel, lin, condition))
  const low = nested({ type: 'permit', securityLabel: [label(level('N'))] })
  assert.ok(!withholds(low, lin, labelled('Condition', level('L'))))
  assert.ok(withholds(low, lin, labelled('Condition', level('R'))))
  const two = nested(
    { type: 'permit', class: [ofClass('Observation')] },
    { type: 'permit', class: [ofClass('Condition')], securityLabel: [label(psychiatric)] },
  )
  assert.ok(!withholds(two, lin, observation))
  assert.ok(!withholds(two, lin, sensitive))
  assert.ok(withholds(two, lin, condition))
})

test('exceptions to a permission are denials; a permission alone withholds nothing', () => {
  assert.ok(!withholds(consent({ type: 'permit' }), lin, condition))
  assert.ok(!withholds(consent({ type: 'permit', actor: [actor('Practitioner/other')] }), lin, condition))
  const but = consent({ type: 'permit', provision: [{ type: 'deny', actor: [actor('Practitioner/lin')] }] })
  assert.ok(withholds(but, lin, condition))
  assert.ok(!withholds(but, other, condition))
  // A group, of which nobody knows here who is in it, may be anybody.
  const unclear = consent({ type: 'permit', provision: [{ type: 'deny', actor: [actor('Group/staff')] }] })
  assert.ok(withholds(unclear, lin, condition))
  const over = { type: 'permit', period: { end: '2020' }, provision: [{ type: 'deny' }] }
  assert.ok(!withholds(consent(over), lin, condition))
  const optIn = consent(
    { provision: [{ type: 'deny', class: [ofClass('Condition')] }] },
    { policyRule: { coding: [{ code: 'OPTIN' }] } },
  )
  assert.ok(withholds(optIn, lin, condition))
  assert.ok(!withholds(optIn, lin, observation))
})

const unknown: readonly (readonly [string, object, object?])[] = [
  ['no type and no policy', {}],
  ['a type that is none', { type: 'maybe' }],
  ['no provision', undefined as unknown as object],
  ['a policy that is not known', {}, { policyRule: { coding: [{ code: 'LOCAL-7' }] } }],
  ['a modifier', { type: 'permit' }, { modifierExtension: [{ url: 'urn:not' }] }],
  ['implicit rules', { type: 'permit' }, { implicitRules: 'urn:rules' }],
  [
    'a modified denial of somebody else',
    { type: 'deny', actor: [actor('Practitioner/x')], modifierExtension: [{ url: 'urn:not' }] },
  ],
  ['a denial of certain codes', { type: 'deny', code: [{ text: 'abortion' }] }],
  ['a denial of data of a time', { type: 'deny', dataPeriod: { end: '2020' } }],
  [
    'a denial of a class that is not known',
    { type: 'deny', class: [{ system: 'urn:mine', code: 'Observation' }] },
  ],
  [
    'a denial of a known and an unknown class',
    { type: 'deny', class: [ofClass('Observation'), { code: 'x' }] },
  ],
  ['a denial of a label without system', { type: 'deny', securityLabel: [{ code: 'PSY' }] }],
  [
    'a denial of a label that would be another in a search',
    { type: 'deny', securityLabel: [{ system: 'urn:a', code: 'b,c' }] },
  ],
  ['a denial of an action', { type: 'deny', action: [{ coding: [{ code: 'collect' }] }] }],
  ['a nested provision of no type', { type: 'permit', provision: [{}] }],
  ['more provisions than anybody reads', { type: 'permit', provision: Array(1000).fill({ type: 'permit' }) }],
  [
    'exceptions to an exception',
    { type: 'deny', provision: [{ type: 'permit', provision: [{ type: 'deny' }] }] },
  ],
  [
    'a permission of certain codes',
    { type: 'deny', provision: [{ type: 'permit', code: [{ text: 'flu' }] }] },
  ],
  ['a permission to a group', { type: 'deny', provision: [{ type: 'permit', actor: [actor('Group/1')] }] }],
  [
    'a permission of a class that is not known',
    { type: 'deny', provision: [{ type: 'permit', class: [{ code: 'x' }] }] },
  ],
  [
    'a permission of another action',
    { type: 'deny', provision: [{ type: 'permit', action: [{ coding: [{ code: 'correct' }] }] }] },
  ],
  [
    'a permission for an unknown time',
    { type: 'deny', provision: [{ type: 'permit', period: { end: 'soon' } }] },
  ],
]

for (const [name, provision, more] of unknown)
  test(`what is not understood withholds: ${name}`, () => {
    assert.ok(withholds(consent(provision, more), lin, condition))
  })

test('a permission to access is understood', () => {
  const access = { type: 'permit', action: [{ coding: [{ code: 'access' }] }] }
  assert.ok(!withholds(consent({ type: 'deny', provision: [access] }), lin, condition))
})

test('Consents that deny the same to somebody are one denial, whenever each began', () => {
  const groups = Array.from({ length: 500 }, (_, at) => {
    const start = new Date(NOW - (at + 1) * 86_400_000).toISOString().slice(0, 10)
    const rule = parseConsent(
      consent({ type: 'deny', period: { start }, securityLabel: [label(psychiatric)] }),
    )
    return { rule: rule ?? assert.fail(), patients: [String(at)] }
  })
  const slices = consentsAgainst(groups, lin, NOW)
  assert.ok(slices.length <= 2, String(slices.length))
  assert.ok(slices.some((slice) => belongs(sensitive, slice, matches)))
  assert.ok(!slices.some((slice) => belongs(condition, slice, matches)))
})

test('whoever says more than anybody could mean has everything withheld, and makes nobody else wait', () => {
  const labels = Array.from({ length: 200 }, (_, at) => label(`urn:x|${at}`))
  const provision = labels.map((securityLabel) => ({ type: 'deny', securityLabel: [securityLabel] }))
  const rule = parseConsent(consent({ type: 'permit', provision })) ?? assert.fail()
  const few = parseConsent(consent({ type: 'deny', securityLabel: [label(psychiatric)] })) ?? assert.fail()
  const slices = consentsAgainst(
    [
      { rule, patients: ['1'] },
      { rule: few, patients: ['1', '2'] },
    ],
    lin,
    NOW,
  )
  assert.ok(slices.length < 10)
  assert.ok(slices.some((slice) => belongs(condition, slice, matches)))
  assert.ok(!slices.some((slice) => belongs(elsewhere, slice, matches)))
})
