/** Every row that binds a server or an EHR has a test that cites it, and the page says so. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseSources } from './architecture/source.ts'
import { citationsIn, idsOf } from './conformance/citations.ts'
import { readEvidence } from './conformance/evidence.ts'
import { isOurs } from './conformance/requirements.ts'
import { renderPage, unproved } from './conformance/table.ts'

const evidence = readEvidence()
const { requirements, citations, waived, pending } = evidence
const byId = new Map(requirements.map((row) => [row.id, row]))

test('every requirement that binds a server or an EHR is proved by a test that cites it', () => {
  assert.deepEqual(unproved(evidence), [])
})

test('a requirement without a proof is noticed', () => {
  const [id = ''] = requirements.filter((row) => isOurs(row) && citations.has(row.id)).map((row) => row.id)
  const fewer = new Map([...citations].filter(([key]) => key !== id))
  assert.deepEqual(unproved({ ...evidence, citations: fewer }), [id])
})

test('what is still to come has no proof yet: the list only shrinks', () => {
  assert.deepEqual(
    [...pending].filter((id) => citations.has(id) || waived.has(id)),
    [],
    'run npm run conformance',
  )
  assert.deepEqual(
    [...pending].filter((id) => !byId.has(id)),
    [],
  )
})

test('what was left out on purpose is an option, and has no proof', () => {
  for (const [id, reason] of waived) {
    assert.ok(reason.length > 20, `${id} says why`)
    assert.ok(isOption(id, reason), `${id} is no option, nor part of one that was left out`)
    assert.ok(!citations.has(id), `${id} has a proof`)
  }
})

/** An option, or what only an option that was left out asks for: its reason then begins with `Only with` and that id. */
function isOption(id: string, reason: string): boolean {
  const [, other = ''] = /^Only with ([A-Z]+-\d\d)\b/.exec(reason) ?? []
  return waived.has(other) || !(byId.get(id)?.level ?? 'SHALL').includes('SHALL')
}

test('no title cites a row that does not exist', () => {
  const foreign = [...citations.keys()].filter((id) => !byId.has(id) && !/^(?:A|AMB|EM)-/.test(id))
  assert.deepEqual(foreign, [])
})

test('the page is what the files say', () => {
  const isSame = readFileSync('docs/conformance.md', 'utf8') === renderPage(evidence)
  assert.ok(isSame, 'docs/conformance.md is behind the tests: run npm run conformance')
})

test('there are 516 requirements and 88 statements of the seeds, each once', () => {
  assert.equal(byId.size, 604)
  assert.equal(requirements.length, 604)
})

test('a title cites the ids it begins with, one by one, and no range', () => {
  assert.deepEqual(idsOf('RFC-05, AMB-10: of two'), ['RFC-05', 'AMB-10'])
  assert.deepEqual(idsOf('RFC-05 TOK-12: of two'), ['RFC-05', 'TOK-12'])
  assert.deepEqual(idsOf('RFC-05'), ['RFC-05'])
  for (const title of ['REFR-05 to REFR-20: all', 'CAP-04..07: sets', 'SCOPE-04 … SCOPE-08: x', 'see RFC-05'])
    assert.deepEqual(idsOf(title), [], title)
  const rows = parseSources({
    'test/a.test.ts':
      "test('TOK-01: a', () => {})\nconst row = ['TOK-02: b']\n// TOK-03: c\nconst x = `TOK-04: e`",
  })
  assert.deepEqual([...citationsIn(rows).keys()], ['TOK-01', 'TOK-02', 'TOK-04'])
})
