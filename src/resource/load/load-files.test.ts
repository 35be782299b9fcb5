import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundle, doctor, entry, loadWorkbench, patient, uuid } from '../../../test/fixtures/load-workbench.ts'
import { exitCodeOf } from './index.ts'

test('single resources, Bundles of four types and NDJSON are told apart by content, packed or not', async (t) => {
  const { load, counts } = await loadWorkbench(t)
  const report = await load({
    'one.json': patient('a'),
    'transaction.txt': bundle('transaction', entry('POST', 'Patient', patient('b'))),
    'batch.json': bundle('batch', entry('PUT', 'Patient/c', patient('c'))),
    'collection.gz': gzipSync(JSON.stringify(bundle('collection', { resource: patient('d') }))),
    'searchset.json': bundle(
      'searchset',
      { resource: patient('e') },
      { search: { mode: 'outcome' }, resource: { resourceType: 'OperationOutcome' } },
    ),
    'lines.json': `${JSON.stringify(patient('f'))}\r\n\n${JSON.stringify(patient('g'))}\n`,
    'lines.gz': gzipSync(
      `${JSON.stringify(bundle('collection', { resource: patient('h') }))}\n${JSON.stringify(patient('i'))}`,
    ),
    'pretty.json': `\ufeff${JSON.stringify(patient('j'), null, 2)}`,
  })
  assert.deepEqual(report.refused, [])
  assert.deepEqual(await counts(), { Patient: 10 })
  assert.deepEqual(report.types, { Patient: { created: 10, updated: 0, unchanged: 0 } })
  assert.deepEqual([report.loaded, report.resources, exitCodeOf(report)], [8, 10, 0])
})

test('a resource comes back as it came, but for version and time', async (t) => {
  const { load, json } = await loadWorkbench(t)
  const quirky = patient('a', {
    meta: { profile: ['urn:x'], versionId: '77' },
    name: [{ given: ['Zoë', '小美'] }],
    shoeSize: 41.5,
    _birthDate: { id: 'q' },
  })
  await load({ 'a.json': quirky })
  const { meta, ...rest } = (await json('Patient', 'a')) ?? assert.fail()
  const { meta: _, ...sent } = quirky as unknown as Record<string, unknown>
  assert.deepEqual(rest, sent)
  assert.deepEqual(meta, { profile: ['urn:x'], versionId: '1', lastUpdated: '2023-11-14T22:13:20.000Z' })
})

test('what a Bundle calls its resources becomes Type/id, wherever it is referred to', async (t) => {
  const { load, json } = await loadWorkbench(t)
  const me = `urn:uuid:${uuid('a')}`
  const note = `urn:uuid:${uuid('b')}`
  const observation = {
    resourceType: 'Observation',
    id: 'o',
    subject: { reference: me },
    performer: [
      { reference: 'http://elsewhere/fhir/Practitioner/p' },
      { reference: 'http://elsewhere/fhir/Practitioner/p/_history/3' },
      { reference: '#in' },
    ],
    contained: [{ resourceType: 'Device', id: 'in', patient: { reference: me } }],
    extension: [{ url: note, valueReference: { reference: me } }],
    identifier: [{ system: 'urn:ietf:rfc:3986', value: me }],
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${me}">me</a> ${me}</div>`,
    },
  }
  const document = {
    resourceType: 'DocumentReference',
    content: [{ attachment: { url: note } }],
    related: { reference: `urn:uuid:${uuid('f')}` },
  }
  const report = await load({
    'bundle.json': bundle(
      'transaction',
      { fullUrl: me, ...entry('PUT', 'Patient/85', { resourceType: 'Patient' }) },
      { fullUrl: note, ...entry('POST', 'Binary', { resourceType: 'Binary', contentType: 'text/plain' }) },
      {
        fullUrl: 'http://elsewhere/fhir/Practitioner/p',
        ...entry('POST', 'Practitioner', { resourceType: 'Practitioner' }),
      },
      entry('POST', 'Observation', observation),
      { fullUrl: `urn:uuid:${uuid('c')}`, ...entry('POST', 'DocumentReference', document) },
    ),
  })
  assert.deepEqual(report.refused, [])
  const stored = (await json('Observation', 'o')) ?? assert.fail()
  assert.deepEqual(stored.subject, { reference: 'Patient/85' })
  assert.deepEqual(stored.performer, [
    { reference: 'Practitioner/p' },
    { reference: 'Practitioner/p' },
    { reference: '#in' },
  ])
  assert.deepEqual(stored.contained, [
    { resourceType: 'Device', id: 'in', patient: { reference: 'Patient/85' } },
  ])
  assert.deepEqual(stored.extension, [{ url: note, valueReference: { reference: 'Patient/85' } }])
  assert.deepEqual(stored.identifier, observation.identifier)
  assert.match(JSON.stringify(stored.text), /href=\\"Patient\/85\\">me<\/a> urn:uuid:a/)
  assert.deepEqual((await json('DocumentReference', uuid('c')))?.content, [
    { attachment: { url: `Binary/${uuid('b')}` } },
  ])
  assert.equal(report.dangling, 1)
})

test('importing the same files again makes no version, also where no id was given', async (t) => {
  const { load, json, counts } = await loadWorkbench(t)
  const files = {
    'a.json': bundle(
      'transaction',
      entry('POST', 'Patient', { resourceType: 'Patient', active: true }),
      entry('POST', 'Basic', { resourceType: 'Basic', code: { text: 'x' } }),
    ),
    'b.ndjson': `${JSON.stringify(patient('z'))}\n${JSON.stringify({ resourceType: 'Patient', gender: 'other' })}`,
    'c.json': bundle(
      'batch',
      entry('POST', 'Practitioner', doctor('d', '1'), { ifNoneExist: 'identifier=urn:npi|1' }),
    ),
  }
  const first = await load(files)
  assert.deepEqual(first.types.Patient, { created: 3, updated: 0, unchanged: 0 })
  const before = await counts()
  const second = await load(files)
  assert.deepEqual(second.types, {
    Patient: { created: 0, updated: 0, unchanged: 3 },
    Basic: { created: 0, updated: 0, unchanged: 1 },
    Practitioner: { created: 0, updated: 0, unchanged: 1 },
  })
  assert.deepEqual(await counts(), before)
  assert.equal((await json('Patient', 'z'))?.meta?.versionId, '1')
})

test('a changed resource is updated', async (t) => {
  const { load, json } = await loadWorkbench(t)
  await load({ 'a.json': patient('a') })
  const report = await load({ 'a.json': patient('a', { active: false }) })
  assert.deepEqual(report.types, { Patient: { created: 0, updated: 1, unchanged: 0 } })
  assert.equal((await json('Patient', 'a'))?.meta?.versionId, '2')
})

test('ifNoneExist: what is there already is used, unchanged, and references go to it', async (t) => {
  const { load, json, counts } = await loadWorkbench(t)
  await load({ 'a.json': doctor('known', '7') })
  const report = await load({
    'b.json': bundle(
      'batch',
      {
        fullUrl: `urn:uuid:${uuid('a')}`,
        ...entry(
          'POST',
          'Practitioner',
          { ...doctor('other', '7'), active: false },
          { ifNoneExist: 'identifier=urn:npi|7' },
        ),
      },
      {
        fullUrl: `urn:uuid:${uuid('b')}`,
        ...entry('POST', 'Practitioner', doctor('new', '8'), { ifNoneExist: 'identifier=urn:npi%7C8' }),
      },
      {
        fullUrl: `urn:uuid:${uuid('c')}`,
        ...entry('POST', 'Practitioner', doctor('twin', '8'), { ifNoneExist: 'identifier=urn:npi%7C8' }),
      },
      entry(
        'POST',
        'Patient',
        patient('p', {
          generalPractitioner: [uuid('a'), uuid('b'), uuid('c')].map((one) => ({
            reference: `urn:uuid:${one}`,
          })),
        }),
      ),
    ),
  })
  assert.deepEqual(report.refused, [])
  assert.deepEqual(await counts(), { Patient: 1, Practitioner: 2 })
  assert.deepEqual(report.types.Practitioner, { created: 1, updated: 0, unchanged: 2 })
  assert.equal((await json('Practitioner', 'known'))?.active, undefined)
  assert.deepEqual(
    (await json('Patient', 'p'))?.generalPractitioner,
    ['known', 'new', 'new'].map((id) => ({ reference: `Practitioner/${id}` })),
  )
})

test('a conditional PUT updates what it names', async (t) => {
  const { load, json, counts } = await loadWorkbench(t)
  await load({ 'a.json': doctor('known', '7') })
  await load({
    'b.json': bundle(
      'transaction',
      entry('PUT', 'Practitioner?identifier=urn:npi|7', { ...doctor(undefined, '7'), active: true }),
    ),
  })
  assert.deepEqual(await counts(), { Practitioner: 1 })
  assert.equal((await json('Practitioner', 'known'))?.active, true)
})

const referring = (id: string, number: string) =>
  bundle(
    'transaction',
    entry(
      'POST',
      'Patient',
      patient(id, { generalPractitioner: [{ reference: `Practitioner?identifier=urn:npi|${number}` }] }),
    ),
  )
const practitionerOf = (resource: Record<string, unknown> | undefined) =>
  (resource?.generalPractitioner as { reference: string }[] | undefined)?.[0]?.reference

test('a conditional reference finds its target in the same Bundle, in the store, and in a file that comes later', async (t) => {
  const { load, json } = await loadWorkbench(t)
  await load({ 'store.json': doctor('stored', '1') })
  const own = referring('c', '3')
  const report = await load({
    'stored.json': referring('a', '1'),
    'early.json': referring('b', '2'),
    'own.json': { ...own, entry: [...own.entry, entry('POST', 'Practitioner', doctor('within', '3'))] },
    'late.json': doctor('later', '2'),
  })
  assert.deepEqual(report.refused, [])
  assert.equal(practitionerOf(await json('Patient', 'a')), 'Practitioner/stored')
  assert.equal(practitionerOf(await json('Patient', 'b')), 'Practitioner/later')
  assert.equal(practitionerOf(await json('Patient', 'c')), 'Practitioner/within')
})

test('a conditional reference to nothing, to several, or by a parameter that is none refuses its Bundle whole', async (t) => {
  const { load, counts } = await loadWorkbench(t)
  await load({
    'a.json': bundle('collection', { resource: doctor('x', '1') }, { resource: doctor('y', '1') }),
  })
  const odd = bundle(
    'transaction',
    entry('POST', 'Basic', { resourceType: 'Basic', subject: { reference: 'Patient?shoe-size=41' } }),
  )
  const report = await load({
    'several.json': referring('a', '1'),
    'none.json': referring('b', '2'),
    'odd.json': odd,
    'good.json': patient('c'),
  })
  assert.deepEqual(
    report.refused.map(({ file, entry: at, reason }) => [file, at, reason]),
    [
      ['several.json', 1, 'Practitioner?identifier=urn:npi|1 names several resources'],
      ['odd.json', 1, 'Patient?shoe-size=41: Patient has no such search parameter'],
      ['none.json', 1, 'Practitioner?identifier=urn:npi|2 names nothing in the Bundle or the store'],
    ],
  )
  assert.equal(exitCodeOf({ ...report }), 1)
  assert.deepEqual(await counts(), { Patient: 1, Practitioner: 2 })
})

test('progress is told before each file and at the end', async (t) => {
  const { load, seen } = await loadWorkbench(t)
  await load({ 'a.json': patient('a'), 'b.json': '{', 'c.json': patient('c') })
  assert.deepEqual(
    seen.map(({ done, files, resources, refused }) => [done, files, resources, refused]),
    [
      [0, 3, 0, 0],
      [1, 3, 1, 0],
      [2, 3, 1, 1],
      [3, 3, 2, 1],
    ],
  )
})
