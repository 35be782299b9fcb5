/** What a policy withholds from apps that act for themselves is withheld from a backend service with every scope there is. SEED-25, SEED-34, BKND-23. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backendToken } from './backend-token.ts'
import { useHospital } from './hospital.ts'

const filter = [{ parameter: 'status', value: 'superseded' }]
const hospital = useHospital({
  withhold: [
    {
      name: 'superseded',
      what: [{ type: 'DocumentReference', compartments: [], filter }],
      from: ['system'],
      unless: [],
      because: 'These tests.',
    },
  ],
})

test('BKND-23, SEED-25: what is withheld from apps without a person is absent for them, on every path', async () => {
  const token = await backendToken(hospital(), 'system/*.cruds')
  const read = (target: string) => hospital().ask(token, target)
  for (const target of ['DocumentReference/a-draft', 'DocumentReference/a-draft/_history/1'])
    assert.equal((await read(target)).status, 404, target)
  const lists = [
    'DocumentReference?_count=500',
    'DocumentReference/_history?_count=500',
    'Patient/a/$everything',
    'Patient?_id=a&_revinclude=DocumentReference:subject',
    '?_type=DocumentReference&_count=500',
  ]
  for (const target of lists) {
    const { status, body } = await read(target)
    assert.equal(status, 200, target)
    assert.doesNotMatch(body, /superseded/, target)
  }
  assert.equal((await read('DocumentReference/a-letter')).status, 200)
  const changed = { resourceType: 'DocumentReference', id: 'a-draft', status: 'current' }
  const { status } = await hospital().ask(token, 'DocumentReference/a-draft', {
    method: 'PUT',
    body: changed,
  })
  assert.notEqual(status, 200)
})

test('SEED-25: it is not withheld from a clinician', async () => {
  const token = await hospital().authorize('user/*.rs launch/patient', 'clinician')
  assert.equal((await hospital().ask(token, 'DocumentReference/a-draft')).status, 200)
})
