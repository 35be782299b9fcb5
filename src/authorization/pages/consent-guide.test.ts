/** The guide for app developers says what the page says: nothing on the page is missing from it, or other there. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { consent } from '../../ui/messages.en/consent.ts'
import { categories, wildcardClasses } from '../authorize/scope-parts.ts'

const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guides/consent.md'), 'utf8')

test('CONS-06: the guide has every class of data, scope and limit in the words of the page', () => {
  const { launchOther: _rest, __introspect: _ours, ...scopes } = consent.scopes
  for (const [name, words] of Object.entries({ ...consent.classes, ...scopes, ...consent.limits }))
    assert.ok(guide.includes(`| \`${name}\` | ${words} |`), `${name}: ${words}`)
})

test('CONS-03, CONS-06: the guide has the long descriptions of the page', () => {
  const { join: _join, ...details } = consent.details
  for (const sentence of Object.values(details)) assert.ok(guide.includes(`| ${sentence} |`), sentence)
})

test('CONS-06: the guide has everything that a broad scope can be narrowed to', () => {
  const row = (type: string) => guide.split('\n').filter((line) => line.startsWith(`| \`${type}\` | \``))
  for (const [type, values] of Object.entries(categories)) {
    for (const value of values)
      assert.ok(
        row(type).some((line) => line.includes(`category=${value}`)),
        value,
      )
  }
  for (const type of wildcardClasses) {
    assert.ok(
      row('*').some((line) => line.includes(`\`${type}\``)),
      type,
    )
    assert.ok(type in consent.classes, type)
  }
})

test('CONS-06: the guide shows the page', () => {
  const [, picture = ''] = /!\[[^\]]+\]\(\.\.\/(pictures\/[^)]+)\)/.exec(guide) ?? []
  const file = readFileSync(resolve(import.meta.dirname, '../../../docs', picture))
  assert.equal(file.subarray(1, 4).toString(), 'PNG')
})

test('CONS-06: every part that can be ticked has words of its own', () => {
  for (const value of Object.values(categories).flat()) {
    const code = value.slice(value.lastIndexOf('|') + 1)
    assert.ok(`category=${code}` in consent.limits, value)
  }
})
