/** The threat model is no more than what is attacked. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { rateLimits } from '../../../src/config/rate-limits.ts'

const page = readFileSync('docs/threat-model.md', 'utf8')

test('SEC-09: every threat of the model, and each of the OAuth security best current practice in it, has attacks that are there', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:threat|---| )/.test(line))
  const threats = rows.filter((line) => line.includes('](../'))
  assert.ok(threats.length > 30)
  for (const row of threats)
    for (const [, path = ''] of row.matchAll(/\]\(\.\.\/([^)]+)\)/g)) {
      assert.ok(existsSync(join('.', path)), `${path} in ${row}`)
      assert.match(path, /\.test\.ts$/)
    }
  for (const section of ['§4.1', '§4.4', '§4.5', '§4.7', '§4.8.2', '§4.11', '§4.14', '§4.16'])
    assert.ok(page.includes(section), section)
})

test('the limits of the operations page are the defaults', () => {
  const operations = readFileSync('docs/operations.md', 'utf8')
  const { exempt, ...places } = rateLimits.parse(undefined)
  for (const [name, { perAddress, perClient, perAccount }] of Object.entries(places)) {
    const [row = ''] = operations.split('\n').filter((line) => line.startsWith(`| \`${name}\` |`))
    const told = row
      .split('|')
      .slice(3, 6)
      .map((cell) => cell.trim() || 'off')
    assert.deepEqual(told, [perAddress, perClient, perAccount].map(String), name)
  }
  for (const network of exempt) assert.ok(operations.includes(network), network)
})
