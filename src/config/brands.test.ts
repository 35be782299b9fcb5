import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brandsSection } from './brands.ts'

const bundle = 'https://hospital.example/brands.json'
const identifier = { system: 'urn:ietf:rfc:3986', value: 'https://hospital.example' }

test('DISC-21: nothing is said of brands, or where they are published, with or without the primary one', () => {
  assert.equal(brandsSection.parse(undefined), undefined)
  for (const said of [{ bundle }, { bundle, identifier }, { bundle, identifier: { value: 'x' } }])
    assert.deepEqual(brandsSection.parse(said), said)
})

test('BRND-20, AMB-51: an identifier without value, or of no system that could be, is refused, and so is a bundle that is nowhere', () => {
  for (const wrong of [
    {},
    { identifier },
    { bundle: '/brands.json' },
    { bundle: 'http://hospital.example/brands.json' },
    { bundle: 'https://hospital.example/brands .json' },
    { bundle: 'https://user:secret@hospital.example/brands.json' },
    { bundle: 'javascript:alert(1)' },
    { bundle, identifier: {} },
    { bundle, identifier: { system: identifier.system } },
    { bundle, identifier: { ...identifier, value: '' } },
    { bundle, identifier: { ...identifier, system: 'urn:ietf:rfc: 3986' } },
    { bundle, identifier: { ...identifier, system: 'hospital' } },
    { bundle, identifier: { ...identifier, use: 'official' } },
    { bundle, name: 'Hospital' },
  ])
    assert.equal(brandsSection.safeParse(wrong).success, false, JSON.stringify(wrong))
})
