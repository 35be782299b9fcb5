import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCodeOf, formatReport, type LoadReport } from './report.ts'

const report: LoadReport = {
  loaded: 2,
  refused: [],
  types: {
    Patient: { created: 1, updated: 0, unchanged: 0 },
    Observation: { created: 1_200, updated: 3, unchanged: 40 },
  },
  resources: 1_244,
  dangling: 0,
  seconds: 0.5,
}

test('the report counts by type, in alphabetical order, and tells the speed', () => {
  assert.equal(
    formatReport(report),
    [
      '              created   updated unchanged',
      'Observation     1,200         3        40',
      'Patient             1         0         0',
      '1,244 resources from 2 files in 0.5 s (2,488/s)',
      '',
    ].join('\n'),
  )
  assert.equal(exitCodeOf(report), 0)
})

test('the report names what was refused, where and why', () => {
  const refused = [
    { file: 'a.json', line: 3, column: 7, reason: 'not JSON: unexpected x' },
    { file: 'b.json', entry: 12, reason: 'R4 has no resource type Hat' },
    { file: 'c.ndjson', line: 2, reason: 'not FHIR' },
  ]
  const text = formatReport({ ...report, refused, dangling: 1 })
  assert.match(text, /^1 link to nothing/m)
  assert.match(text, /^3 files refused/m)
  assert.match(text, /^ {2}a\.json:3:7: not JSON: unexpected x$/m)
  assert.match(text, /^ {2}b\.json: entry 12: R4 has no resource type Hat$/m)
  assert.match(text, /^ {2}c\.ndjson:2: not FHIR$/m)
  assert.equal(exitCodeOf({ ...report, refused }), 1)
})
