/** `chartkey import` is killed at random moments; each file is there whole or not at all, and importing again mends what is missing. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generate } from '../../src/synthetic/index.ts'
import { run } from '../fixtures/process.ts'
import { createChance } from './chance.ts'
import { integrity, makeFolder, queryDatabase } from './folder.ts'

const ROUNDS = 7
const PATIENTS = 40
const HOUSEHOLDS_PER_FILE = 1

interface File {
  readonly path: string
  /** `Type/id` of every resource in it. */
  readonly references: readonly string[]
}

test('a kill during an import leaves each file whole or absent, keeps what was acknowledged, and needs no repair', async (t) => {
  const chance = createChance()
  t.diagnostic(`seed ${chance.seed}`)
  const folder = makeFolder(t)
  const files = writeFiles(join(folder, 'files'))
  const [first, ...rest] = files
  assert.ok(first !== undefined && rest.length > 5)

  const whole = join(folder, 'whole')
  const { ms } = await importFiles(whole, files)
  const expected = stored(whole)
  assert.deepEqual(expected, files.flatMap(({ references }) => references).sort())

  let [killed, partly] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const data = join(folder, `round-${round}`)
    await importFiles(data, [first])
    const { code } = await run(command(data, files), chance.below(ms))
    if (code === null) killed++
    assert.deepEqual(integrity(data), ['ok'])
    const there = new Set(stored(data))
    for (const { path, references } of files) {
      const found = references.filter((reference) => there.has(reference)).length
      assert.ok(found === 0 || found === references.length, `${path}: ${found} of ${references.length}`)
    }
    assert.ok(
      first.references.every((reference) => there.has(reference)),
      'what was acknowledged before is lost',
    )
    if (there.size > first.references.length && there.size < expected.length) partly++
    await importFiles(data, files)
    assert.deepEqual(stored(data), expected)
    assert.equal(latestVersion(data), 1, 'importing again made a second version')
  }
  t.diagnostic(`${killed} of ${ROUNDS} imports were killed, ${partly} between two files`)
  assert.ok(killed > 0, 'no import was killed: nothing was tried')
})

function writeFiles(folder: string): File[] {
  mkdirSync(folder)
  const households = [...generate({ patients: PATIENTS, seed: 3, asOf: '2026-01-01' })]
  const files: File[] = []
  while (households.length > 0) {
    const resources = households.splice(0, HOUSEHOLDS_PER_FILE).flat()
    const path = join(folder, `${files.length}.json`)
    const entry = resources.map((resource) => ({ resource }))
    writeFileSync(path, JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }))
    files.push({ path, references: resources.map(({ resourceType, id }) => `${resourceType}/${id}`) })
  }
  return files
}

function command(data: string, files: readonly File[]): string[] {
  return ['import', '--data', data, ...files.map(({ path }) => path)]
}

async function importFiles(data: string, files: readonly File[]) {
  const ended = await run(command(data, files))
  assert.equal(ended.code, 0, ended.said)
  return ended
}

function stored(data: string): string[] {
  const rows = queryDatabase<{ reference: string }>(
    data,
    "SELECT type || '/' || id AS reference FROM resources",
  )
  return rows.map(({ reference }) => reference).sort()
}

/** The highest version number of any resource. */
function latestVersion(data: string): number | undefined {
  return queryDatabase<{ latest: number }>(data, 'SELECT max(version) AS latest FROM resources')[0]?.latest
}
