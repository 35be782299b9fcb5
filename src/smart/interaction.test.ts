import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entriesOf, type InteractionRequest, lettersOf, parseInteraction } from './interaction.ts'

function kindOf(method: string, path: string, more: Partial<InteractionRequest> = {}): string | undefined {
  return parseInteraction({ method, path, ...more })?.kind
}

const bundle = (type: string) => ({ body: { resourceType: 'Bundle', type } })

const requests: readonly (readonly [string, string, string | undefined, Partial<InteractionRequest>?])[] = [
  ['GET', 'Patient/1', 'read'],
  ['GET', 'Patient/1/_history/2', 'vread'],
  ['GET', 'Patient/1/_history', 'history-instance'],
  ['GET', 'Patient/_history', 'history-type'],
  ['GET', '_history', 'history-system'],
  ['GET', 'Patient', 'search-type'],
  ['POST', 'Patient/_search', 'search-type'],
  ['GET', '', 'search-system'],
  ['POST', '_search', 'search-system'],
  ['GET', 'Patient/1/Observation', 'search-compartment'],
  ['GET', 'Patient/1/*', 'search-compartment'],
  ['POST', 'Patient/1/Observation/_search', 'search-compartment'],
  ['POST', 'Patient', 'create'],
  ['POST', 'Patient', 'create', { ifNoneExist: 'identifier=x' }],
  ['PUT', 'Patient/1', 'update'],
  ['PUT', 'Patient', 'conditional-update', { query: 'identifier=x' }],
  ['PATCH', 'Patient/1', 'patch'],
  ['PATCH', 'Patient', 'conditional-patch'],
  ['DELETE', 'Patient/1', 'delete'],
  ['DELETE', 'Patient', 'conditional-delete'],
  ['GET', 'metadata', 'capabilities'],
  ['POST', '', 'batch', bundle('batch')],
  ['POST', '', 'transaction', bundle('transaction')],
  ['GET', 'Patient/1/$everything', 'operation'],
  ['POST', 'Patient/$match', 'operation'],
  ['GET', '$export', 'operation'],
  // Not FHIR, however close.
  ['POST', '', undefined, bundle('collection')],
  ['POST', '', undefined],
  ['GET', 'patient/1', undefined],
  ['GET', 'Patients/1', undefined],
  ['GET', 'Patient//1', undefined],
  ['GET', '/Patient/1', undefined],
  ['GET', 'Patient/1/', undefined],
  ['GET', 'Patient/1%2F_history', undefined],
  ['GET', 'Patient%2F1', undefined],
  ['GET', 'Patient/%00', undefined],
  ['GET', 'Patient/%zz', undefined],
  ['GET', 'Patient/..', 'read'],
  ['GET', 'Patient/a b', undefined],
  ['GET', 'Patient/1/_history/2/3', undefined],
  ['GET', 'Observation/1/Patient', undefined],
  ['GET', 'Patient/_search', undefined],
  ['POST', 'Patient/1', undefined],
  ['DELETE', 'Patient/1/$everything', undefined],
  ['GET', 'Patient/1/$every thing', undefined],
  ['TRACE', 'Patient/1', undefined],
  ['get', 'Patient/1', undefined],
]

for (const [method, path, expected, more] of requests) {
  test(`EM-08: ${method} [base]/${path} is ${expected ?? 'no interaction'}`, () => {
    assert.equal(kindOf(method, path, more), expected)
  })
}

test('SCOPE-04, SCOPE-05, SCOPE-06, SCOPE-07, SCOPE-08: each interaction needs its letters; a conditional one also searches', () => {
  const needs = (method: string, path: string, more: Partial<InteractionRequest> = {}) => {
    const interaction = parseInteraction({ method, path, ...more })
    return interaction && lettersOf(interaction)?.join('')
  }
  assert.equal(needs('GET', 'Patient/1'), 'r')
  assert.equal(needs('GET', 'Patient/1/_history/1'), 'r')
  assert.equal(needs('GET', 'Patient/1/_history'), 'r')
  assert.equal(needs('GET', 'Patient/_history'), 's')
  assert.equal(needs('GET', '_history'), 's')
  assert.equal(needs('GET', 'Patient'), 's')
  assert.equal(needs('POST', 'Patient'), 'c')
  assert.equal(needs('POST', 'Patient', { ifNoneExist: 'a=b' }), 'cs')
  assert.equal(needs('PUT', 'Patient/1'), 'u')
  assert.equal(needs('PATCH', 'Patient/1'), 'u')
  assert.equal(needs('DELETE', 'Patient/1'), 'd')
  assert.equal(needs('DELETE', 'Patient'), 'ds')
})

test('RSRC-08: an operation needs the letters of what it shows; an unknown or misplaced one has none', () => {
  const needs = (path: string) => {
    const interaction = parseInteraction({ method: 'POST', path })
    return interaction && lettersOf(interaction)?.join('')
  }
  assert.equal(needs('Patient/1/$everything'), 'rs')
  assert.equal(needs('Patient/$everything'), 'rs')
  assert.equal(needs('Encounter/1/$everything'), 'rs')
  assert.equal(needs('Patient/$match'), 's')
  assert.equal(needs('Observation/$lastn'), 's')
  assert.equal(needs('DocumentReference/$docref'), 's')
  assert.equal(needs('Observation/1/$meta'), 'r')
  assert.equal(needs('$meta'), 's')
  assert.equal(needs('Observation/$validate'), '')
  assert.equal(needs('$access'), '')
  const refused =
    'Observation/$everything Encounter/$everything $everything Observation/$match Patient/1/$match'
  for (const path of `${refused} Patient/$access $validate $export $toString $constructor`.split(' '))
    assert.equal(needs(path), undefined, path)
})

test('RSRC-08: every entry of a batch is an interaction of its own; what is none stays none', () => {
  const entries = entriesOf({
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { request: { method: 'GET', url: 'Patient/1' } },
      { request: { method: 'GET', url: 'Observation?patient=1&code=a?b' } },
      {
        request: { method: 'POST', url: 'Patient', ifNoneExist: 'identifier=1' },
        resource: { resourceType: 'Patient' },
      },
      { request: { method: 'POST', url: '' }, resource: { resourceType: 'Bundle', type: 'batch' } },
      { request: { method: 'GET', url: 'https://other.example/fhir/Patient/1' } },
      { request: { method: 'GET' } },
      'nothing',
    ],
  })
  assert.deepEqual(
    entries.map(({ interaction }) => interaction?.kind),
    ['read', 'search-type', 'create', undefined, undefined, undefined, undefined],
  )
  const [, search] = entries
  assert.deepEqual(search?.interaction, {
    kind: 'search-type',
    type: 'Observation',
    query: 'patient=1&code=a?b',
  })
  assert.deepEqual(entriesOf({ resourceType: 'Bundle', entry: 'x' }), [])
})
