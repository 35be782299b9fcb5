import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../../smart/resource.ts'
import { demographicsOf } from './demographics.ts'
import { likeness } from './score.ts'

const full = {
  resourceType: 'Patient',
  identifier: [{ system: 'urn:mrn', value: '123' }],
  name: [{ family: 'Zoë-Lind', given: ['Mary Ann'] }],
  birthDate: '1980-02-02',
  gender: 'female',
  telecom: [{ system: 'phone', value: '+886 2 2345 6789' }],
  address: [{ line: ['12 High Street'], city: 'Leeds', postalCode: 'LS1 1AA' }],
}

const compare = (asked: object, known: object = full) => {
  const patient = (members: object): Resource => ({ resourceType: 'Patient', ...members })
  return likeness(demographicsOf(patient(asked)), demographicsOf(patient(known)))
}

const { identifier, name, birthDate, gender, telecom, address } = full

const cases: [string, object, number, string | undefined][] = [
  ['everything', full, 1, 'certain'],
  ['identifier and birth date', { identifier, birthDate }, 0.85, 'certain'],
  ['identifier and name', { identifier, name }, 0.85, 'certain'],
  ['identifier alone', { identifier }, 0.6, 'probable'],
  ['all but an identifier is never certain', { name, birthDate, gender, telecom, address }, 0.75, 'probable'],
  ['name, birth date and gender', { name, birthDate, gender }, 0.55, 'probable'],
  ['family name and birth date', { name: [{ family: 'Zoe Lind' }], birthDate }, 0.4, 'possible'],
  ['a name alone is no match', { name }, 0.25, undefined],
  ['an identifier of somebody born on another day', { identifier, birthDate: '1981-02-02' }, 0.3, 'possible'],
  [
    'another identifier of the same system',
    { ...full, identifier: [{ system: 'urn:mrn', value: '9' }] },
    0.55,
    'probable',
  ],
  [
    'the same value in another system says nothing',
    { identifier: [{ system: 'urn:x', value: '123' }], name, birthDate },
    0.5,
    'probable',
  ],
  ['a twin', { name: [{ family: 'Zoe-Lind', given: ['Eve'] }], birthDate }, 0.25, undefined],
  ['nothing', {}, 0, undefined],
]

for (const [what, asked, score, grade] of cases)
  test(`FHIR R4 Patient-match: ${what}`, () => {
    assert.deepEqual(compare(asked), { score, grade })
  })

test('names are compared without case, accents and punctuation, numbers without their country code', () => {
  const asked = {
    name: [{ family: 'ZOE LIND', given: ['mary-ann'] }],
    telecom: [{ value: '02 2345 6789' }],
    address: [{ line: ['12, high street'], city: 'LEEDS' }],
  }
  assert.equal(compare(asked).score, 0.45)
})

test('members of a wrong shape say nothing', () => {
  assert.equal(
    compare({ name: 'Lind', identifier: {}, telecom: [5], address: [null], birthDate: 1980 }).score,
    0,
  )
})
