/** FHIRPath Patch by the rules of R4 fhirpatch: each operation names one place, or nothing is changed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../smart/resource.ts'
import { parsePathPatch } from './fhirpath-operation.ts'
import { applyPathPatch } from './fhirpath-patch.ts'

const patient: Resource = {
  resourceType: 'Patient',
  id: '1',
  identifier: [
    { system: 'urn:a', value: '1' },
    { system: 'urn:b', value: '2' },
  ],
  birthDate: '1980-01-01',
  _birthDate: { id: 'dob' },
  deceasedBoolean: false,
  contact: [{ name: { text: 'Friend' }, gender: 'unknown' }],
  name: [{ given: ['A', 'B'] }],
}

type Part = Record<string, unknown>

function operation(type: string, path: string, ...more: Part[]) {
  const part = [{ name: 'type', valueCode: type }, { name: 'path', valueString: path }, ...more]
  return { name: 'operation', part }
}

const apply = (...operations: unknown[]) =>
  applyPathPatch(patient, parsePathPatch({ parameter: operations })) as Record<string, unknown>

test('add sets a member, appends to a list, and makes the list', () => {
  const name = (valueString: string) => ({ name: 'name', valueString })
  assert.equal(
    apply(operation('add', 'Patient', name('gender'), { name: 'value', valueCode: 'male' })).gender,
    'male',
  )
  const more = apply(
    operation('add', 'Patient', name('identifier'), { name: 'value', valueIdentifier: { value: '3' } }),
  )
  assert.equal((more.identifier as unknown[]).length, 3)
  const phone = apply(
    operation('add', 'Patient', name('telecom'), { name: 'value', valueContactPoint: { value: '1' } }),
  )
  assert.deepEqual(phone.telecom, [{ value: '1' }])
})

test('add puts together what has no type of its own, from parts', () => {
  const value = {
    name: 'value',
    part: [
      { name: 'name', valueHumanName: { text: 'Sister' } },
      { name: 'relationship', valueCodeableConcept: { text: 'sister' } },
    ],
  }
  const { contact } = apply(operation('add', 'Patient', { name: 'name', valueString: 'contact' }, value))
  assert.deepEqual((contact as unknown[])[1], {
    name: { text: 'Sister' },
    relationship: [{ text: 'sister' }],
  })
})

test('replace changes an element, one of a list, and the type of a choice', () => {
  const value = (more: Part) => ({ name: 'value', ...more })
  assert.equal(
    apply(operation('replace', 'Patient.birthDate', value({ valueDate: '1990-01-01' }))).birthDate,
    '1990-01-01',
  )
  const second = apply(
    operation('replace', "Patient.identifier.where(system = 'urn:b').value", value({ valueString: 'x' })),
  )
  assert.deepEqual(
    (second.identifier as Part[]).map((one) => one.value),
    ['1', 'x'],
  )
  const dead = apply(operation('replace', 'Patient.deceased', value({ valueDateTime: '2020-01-01' })))
  assert.deepEqual([dead.deceasedDateTime, dead.deceasedBoolean], ['2020-01-01', undefined])
})

test('delete takes the extensions of a plain value along, and leaves no empty list', () => {
  const without = apply(operation('delete', 'Patient.birthDate'))
  assert.deepEqual(['birthDate' in without, '_birthDate' in without], [false, false])
  assert.equal('contact' in apply(operation('delete', 'Patient.contact[0]')), false)
})

test('insert and move keep the order of the rest', () => {
  const index = (name: string, valueInteger: number) => ({ name, valueInteger })
  const inserted = apply(
    operation('insert', 'Patient.name[0].given', index('index', 1), { name: 'value', valueString: 'X' }),
    operation('move', 'Patient.name.given', index('source', 0), index('destination', 2)),
  )
  assert.deepEqual(inserted.name, [{ given: ['X', 'B', 'A'] }])
})

const unfit: [string, unknown][] = [
  ['several places', operation('delete', 'Patient.identifier')],
  ['no place', operation('replace', 'Patient.gender', { name: 'value', valueCode: 'male' })],
  ['nothing to delete', operation('delete', 'Patient.identifier[7]')],
  [
    'an element that the type does not have',
    operation(
      'add',
      'Patient',
      { name: 'name', valueString: 'shoeSize' },
      { name: 'value', valueString: '42' },
    ),
  ],
  [
    'a single element that is there already',
    operation(
      'add',
      'Patient',
      { name: 'name', valueString: 'deceased' },
      { name: 'value', valueBoolean: true },
    ),
  ],
  ['the whole resource', operation('delete', 'Patient')],
  [
    'an index beyond the list',
    operation(
      'insert',
      'Patient.identifier',
      { name: 'index', valueInteger: 9 },
      { name: 'value', valueIdentifier: {} },
    ),
  ],
  [
    'what is no list',
    operation(
      'move',
      'Patient.birthDate',
      { name: 'source', valueInteger: 0 },
      { name: 'destination', valueInteger: 0 },
    ),
  ],
  [
    'a member that every object has',
    operation(
      'add',
      'Patient',
      { name: 'name', valueString: 'constructor' },
      { name: 'value', valueString: 'x' },
    ),
  ],
]

for (const [name, one] of unfit)
  test(`${name}: refused, and nothing of the patch is kept`, () => {
    const before = structuredClone(patient)
    const first = operation('replace', 'Patient.birthDate', { name: 'value', valueDate: '1990-01-01' })
    assert.throws(() => apply(first, one), { error: 'unpatched' })
    assert.deepEqual(patient, before)
  })

const paths = [
  '',
  'Patient.name.count()',
  "Patient.name.where(given.matches('(a+)+$'))",
  'Patient.descendants()',
  '%resource',
  'Patient..name',
  "Patient.name.where(use = 'a' or true)",
  `Patient${'.name'.repeat(200)}`,
]

for (const path of paths)
  test(`«${path.slice(0, 60)}» names no place by names and indices`, () => {
    assert.throws(() => apply(operation('delete', path)), { error: 'malformed' })
  })

test('all paths of a patch together look at a bounded number of elements', () => {
  const large = { ...patient, name: Array.from({ length: 20_000 }, (_, at) => ({ family: `x${at}` })) }
  const one = operation('replace', 'Patient.name.family[3]', { name: 'value', valueString: 'q' })
  const patch = (count: number) =>
    applyPathPatch(large, parsePathPatch({ parameter: Array(count).fill(one) }))
  assert.doesNotThrow(() => patch(2))
  assert.throws(() => patch(1000), { error: 'unpatched' })
})
