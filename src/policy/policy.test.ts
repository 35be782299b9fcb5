import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { isSupportedFilter } from '../resource/search/filter.ts'
import { describePolicy } from './describe.ts'
import { parsePolicy } from './parse-policy.ts'
import { checkPolicy, openPolicyFile, PolicyError } from './policy-file.ts'

const least = `version: 1
rights:
  clinicians: care
consents:
  honour: false
withhold: []
`

/** The mistakes of a text, each with its line. */
const mistakesOf = (text: string) =>
  parsePolicy(text, isSupportedFilter).mistakes.map(({ line, text: said }) => `${line}: ${said}`)

function policyOf(text: string) {
  return checkPolicy('test', text, isSupportedFilter)
}

for (const name of ['sandbox', 'default'])
  test(`the policy ${name} that comes along has no mistake, and can be told in plain words`, async () => {
    const text = await readFile(new URL(`../../policies/${name}.yaml`, import.meta.url), 'utf8')
    const told = describePolicy(policyOf(text)).join('\n')
    assert.match(
      told,
      /unreleased-results: withheld from patients \(in their own record\) and people who act/,
    )
    assert.match(told, /Consent denies is withheld/)
  })

test('the policy in the guide is one', async () => {
  const guide = await readFile(new URL('../../docs/guides/privacy-policies.md', import.meta.url), 'utf8')
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(guide) ?? []
  assert.deepEqual(mistakesOf(text), [])
})

test('what a policy does not say is as documented', () => {
  const { care, majority, glassLasts, consents, release } = policyOf(least)
  const day = 86_400_000
  assert.deepEqual(care.by, ['care-team', 'encounter', 'appointment'])
  assert.deepEqual(
    [care.afterEncounter, care.beforeAppointment, care.afterAppointment],
    [30 * day, 7 * day, 7 * day],
  )
  assert.equal(majority.years, 18)
  assert.equal(glassLasts, 900_000)
  assert.equal(consents, undefined)
  assert.deepEqual(release, { tag: 'urn:chartkey:release|unreleased', by: [] })
})

test('a rule says what, from whom, unless, and why; without `from` it is for everybody', () => {
  const [rule] = policyOf(
    least.replace(
      'withhold: []',
      `withhold:
  - name: notes
    withhold: [DocumentReference, "Condition?_security=urn:x|PSY"]
    unless:
      - {role: [clinician, "urn:posts|chief"], purpose: TREAT}
      - break-glass: true
    because: So it was decided.`,
    ),
  ).withhold
  assert.equal(rule?.from.length, 5)
  assert.deepEqual(rule?.unless, [
    { roles: ['clinician', 'urn:posts|chief'], purposes: ['TREAT'] },
    { breakGlass: true },
  ])
  assert.deepEqual(rule?.what[1], {
    type: 'Condition',
    compartments: [],
    filter: [{ parameter: '_security', value: 'urn:x|PSY' }],
  })
})

const rule = (text: string) =>
  least.replace('withhold: []', `withhold:\n  - name: n\n    because: b\n${text}`)

const mistakes: readonly (readonly [string, string, RegExp])[] = [
  ['nothing', '', /^1: the file is empty/],
  ['a text', 'hello', /^1: a map is expected/],
  ['no YAML', 'version: 1\nrights: [', /^\d+: /],
  ['a key twice', `${least}version: 1\n`, /^7: Map keys must be unique/],
  ['an unknown key', `${least}withold: []\n`, /^7: there is no key "withold"/],
  ['half a file', least.slice(0, least.indexOf('withhold')), /^1: the key "withhold" is missing/],
  ['nothing behind a key', least.replace('withhold: []', 'withhold:'), /^6: a map is expected/],
  ['another version', least.replace('1', '2'), /^1: the version/],
  ['an alias', `${least}release: &a {}\nbreak-glass: *a\n`, /^8: an alias/],
  ['a rule without slices', rule('    withhold: []'), /^9: at least one item/],
  ['a slice that is none', rule('    withhold: observation?code=1'), /^9: .* is not written as/],
  ['an unknown parameter', rule('    withhold: Observation?colour=red'), /^9: .* could not be enforced/],
  [
    'a parameter of few types for all',
    rule('    withhold: "*?category=laboratory"'),
    /^9: .* not be enforced/,
  ],
  [
    'an unknown role',
    rule('    withhold: Observation\n    from: [doctors]'),
    /^10: one of these is expected/,
  ],
  ['from nobody', rule('    withhold: Observation\n    from: []'), /^10: at least one item/],
  [
    'an exception without condition',
    rule('    withhold: Observation\n    unless: {}'),
    /^10: .* always hold/,
  ],
  [
    'glass that is whole',
    rule('    withhold: Observation\n    unless: {break-glass: false}'),
    /^10: break-glass/,
  ],
  ['a duration without unit', `${least}break-glass: {lasts: 15}`, /^7: a number and a unit/],
  ['glass that is broken for days', `${least}break-glass: {lasts: 3 days}`, /^7: this is too long/],
  [
    'two rules of one name',
    rule('    withhold: Observation\n  - {name: n, because: b, withhold: Condition}'),
    /^1: two rules/,
  ],
]

for (const [name, text, expected] of mistakes)
  test(`a policy with ${name} is none, and the mistake is named with its line`, () => {
    assert.equal(parsePolicy(text, isSupportedFilter).policy, undefined)
    assert.match(mistakesOf(text).join('\n'), expected)
  })

test('every mistake is told, not only the first', () => {
  const said = mistakesOf('version: 2\nrights: {clinicians: all}\nwithhold: [{name: x}]')
  assert.deepEqual(
    said.map((one) => one.split(':')[0]),
    ['1', '1', '2', '3', '3'],
  )
})

test('an endless or deep file is refused', () => {
  assert.match(mistakesOf(`${least}# ${'x'.repeat(300_000)}`).join(), /longer than/)
  assert.ok(mistakesOf(`version: ${'['.repeat(50_000)}`).length > 0)
  const many = `${least.replace('withhold: []', 'withhold:')}${'  - {name: a, withhold: Condition, because: b}\n'.repeat(300)}`
  assert.match(mistakesOf(many).join('\n'), /more than 200 items/)
})

/** A file in hand: what it says, and what the log was told. */
async function openInHand(first = least) {
  let text: string | Error = first
  const told: string[] = []
  const file = await openPolicyFile({
    name: 'policy.yaml',
    read: async () => {
      if (text instanceof Error) throw text
      return text
    },
    supports: isSupportedFilter,
    log: { info: (_detail, said) => told.push(said), error: (_detail, said) => told.push(`error: ${said}`) },
  })
  return {
    file,
    told,
    write: (next: string | Error) => {
      text = next
    },
  }
}

const changed = least.replace('care', 'everyone')

test('a policy file with mistakes does not open', async () => {
  await assert.rejects(openInHand('version: 1'), (error) => {
    assert.ok(error instanceof PolicyError)
    assert.match(error.message, /^policy.yaml:1: the key "rights" is missing\n/)
    return true
  })
})

test('a changed file comes into force when it is found the same twice, not while it is being written', async () => {
  const { file, told, write } = await openInHand()
  write(least.replace('care', 'every'))
  await file.look()
  write(changed)
  await file.look()
  assert.equal(file.current().clinicians, 'care')
  await file.look()
  assert.equal(file.current().clinicians, 'everyone')
  assert.deepEqual(told, ['a new policy is in force'])
})

test('a file that becomes wrong, empty or unreadable leaves the old policy in force, and is told once', async () => {
  for (const bad of ['version: 1\nwithhold: []', '', new Error('no such file')]) {
    const { file, told, write } = await openInHand()
    const before = file.current()
    write(bad)
    for (let looks = 0; looks < 4; looks++) await file.look()
    assert.equal(file.current(), before)
    assert.equal(told.length, 1)
    assert.match(told[0] ?? '', /^error: .* the old policy stays$/)
    write(changed)
    await file.look()
    await file.look()
    assert.equal(file.current().clinicians, 'everyone')
  }
})
