import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bundle, entry, loadWorkbench, patient } from '../../../test/fixtures/load-workbench.ts'

const good = entry('POST', 'Patient', patient('ghost'))
const packed = gzipSync(JSON.stringify(patient('ghost')))
const ghost = JSON.stringify(patient('ghost'))
const deep = JSON.parse(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`)
const cases: Record<string, [content: unknown, place: object, reason: RegExp]> = {
  'missing.json': [undefined, {}, /there is no such file/],
  'empty.json': ['  \n', {}, /empty/],
  'half.json': [
    '{\n "resourceType": "Patient",\n "id": "ghost"',
    { line: 3, column: 15 },
    /not JSON: the text ends too early/,
  ],
  'half.json.gz': [packed.subarray(0, packed.length - 12), {}, /damaged gzip/],
  'latin.json': [Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x7d]), {}, /not UTF-8/],
  'line.ndjson': [`${ghost}\n${ghost}\n{"resourceType":"Patient",}\n`, { line: 3, column: 27 }, /not JSON/],
  'type.ndjson': [`${ghost}\n{"resourceType":"Hat"}\n`, { line: 2 }, /no resource type Hat/],
  'twice.ndjson': [
    `${ghost}\n${JSON.stringify(patient('ghost', { active: true }))}\n`,
    { line: 2 },
    /Patient\/ghost is there twice/,
  ],
  'list.json': ['[]', {}, /not FHIR/],
  'other.json': [{ hello: 'world' }, {}, /resourceType is missing/],
  'history.json': [bundle('history', good), {}, /Bundle.type must be/],
  'entries.json': [{ resourceType: 'Bundle', type: 'collection', entry: {} }, {}, /no list/],
  'unknown.json': [
    bundle('transaction', good, entry('POST', 'Hat', { resourceType: 'Hat' })),
    { entry: 2 },
    /no resource type/,
  ],
  'constructor.json': [
    bundle('collection', { resource: { resourceType: 'constructor' } }),
    { entry: 1 },
    /no resource type/,
  ],
  'null.json': [
    bundle('collection', good, { fullUrl: 'urn:x' }),
    { entry: 2 },
    /a resource is a JSON object/,
  ],
  'marked.json': [
    bundle(
      'collection',
      { resource: patient('ghost') },
      { resource: patient('p', { meta: { tag: { system: ' URN:chartkey:kept', code: 'x' } } }) },
    ),
    { entry: 2 },
    /the tag urn:chartkey:kept is this server’s own/,
  ],
  'odd-id.json': [{ resourceType: 'Patient', id: { toString: 0 } }, {}, /\{"toString":0\} is no id/],
  'id.json': [
    bundle('transaction', good, entry('POST', 'Patient', { resourceType: 'Patient', id: '../x' })),
    { entry: 2 },
    /is no id/,
  ],
  'delete.json': [
    bundle('transaction', good, entry('DELETE', 'Patient/ghost', patient('ghost'))),
    { entry: 2 },
    /POST or PUT/,
  ],
  'url.json': [
    bundle('transaction', good, entry('PUT', 'Patient/other', patient('ghost'))),
    { entry: 2 },
    /carries the id ghost/,
  ],
  'crossed.json': [
    bundle('transaction', good, entry('POST', 'Basic', patient('ghost'))),
    { entry: 2 },
    /a Patient is sent to Basic/,
  ],
  'norequest.json': [
    bundle('transaction', good, { resource: patient('ghost2') }),
    { entry: 2 },
    /request is missing/,
  ],
  'differing.json': [
    bundle('collection', good, { resource: patient('ghost', { active: true }) }),
    { entry: 2 },
    /different content/,
  ],
  'deep.json': [{ resourceType: 'Patient', id: 'ghost', ...deep }, {}, /nested deeper/],
}

test('a broken file is refused by its line or entry, leaves nothing behind, and the others still load', async (t) => {
  const { load, counts } = await loadWorkbench(t)
  const report = await load({
    'before.json': patient('a'),
    ...Object.fromEntries(Object.entries(cases).map(([name, [content]]) => [name, content])),
    'after.json': patient('b'),
  })
  assert.deepEqual(
    report.refused.map((one) => one.file),
    Object.keys(cases),
  )
  for (const { file, reason, ...place } of report.refused) {
    const [, expected, text] = cases[file] ?? assert.fail(file)
    assert.match(reason, text, file)
    assert.deepEqual(place, expected, file)
  }
  assert.deepEqual(await counts(), { Patient: 2 })
  assert.equal(report.loaded, 2)
})
