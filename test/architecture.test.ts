/** The laws of the house, each its own test, and the proof that each can fail. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { test } from 'node:test'
import { codeRules } from './architecture/code.ts'
import { cycleRule } from './architecture/cycles.ts'
import { dependencyRules } from './architecture/dependencies.ts'
import { sizeReport, sizeRules } from './architecture/sizes.ts'
import { parseSources, readProject } from './architecture/source.ts'
import { startRules } from './architecture/start.ts'

const project = readProject()

for (const rule of [...dependencyRules, ...codeRules, cycleRule, ...startRules, ...sizeRules]) {
  test(rule.name, () => {
    assert.deepEqual(rule.check(project), [])
  })

  test(`${rule.name}: a breach is noticed`, () => {
    for (const texts of rule.planted) {
      assert.notDeepEqual(
        rule.check(parseSources(texts)),
        [],
        `unnoticed: ${JSON.stringify(texts).slice(0, 200)}`,
      )
    }
  })
}

test('smart is type-checked without the types of Node and of the DOM', () => {
  const { compilerOptions } = JSON.parse(readFileSync('src/smart/tsconfig.json', 'utf8'))
  assert.deepEqual(compilerOptions.types, [])
  assert.deepEqual(compilerOptions.lib, ['es2024'])
})

test('every file runs as it is: its types can be stripped and leave JavaScript', () => {
  for (const { path, text } of project.filter(({ path }) => path.endsWith('.ts'))) {
    assert.doesNotThrow(() => stripTypeScriptTypes(text), `${path} holds TypeScript that is more than types`)
  }
  assert.throws(() => stripTypeScriptTypes('enum Colour { Red }'))
})

test('the sizes of files and functions', (t) => {
  for (const line of sizeReport(project)) t.diagnostic(line)
  assert.ok(project.length > 0)
})
