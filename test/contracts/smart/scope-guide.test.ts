/** The guide for scopes says what is so: each of its sentences that an app could rely on is held against the running server. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isSupportedFilter } from '../../../src/resource/search/filter.ts'
import { messages } from '../../../src/ui/messages.ts'
import { openAdminWorld } from '../../attacks/authorization/admin-world.ts'
import { unescapeHtml } from '../../attacks/authorization/visit.ts'
import { useHospital } from '../../attacks/http/hospital.ts'

const hospital = useHospital()
const guideOf = (name: string) => readFileSync(`docs/guides/${name}.md`, 'utf8')
const guide = guideOf('scopes')

interface Statement {
  readonly rest: readonly [{ readonly resource: readonly Listed[] }]
}

interface Listed {
  readonly type: string
  readonly interaction: readonly { readonly code: string }[]
  readonly searchParam?: readonly { readonly name: string; readonly type: string }[]
}

async function listed(): Promise<readonly Listed[]> {
  const { body } = await hospital().ask('', 'metadata')
  return (JSON.parse(body) as Statement).rest[0].resource
}

const values: Readonly<Record<string, string>> = {
  token: 'x',
  reference: 'Patient/1',
  date: '2024',
  string: 'x',
  quantity: '1',
  number: '1',
  uri: 'urn:x',
}

test('SCOPE-18: every search parameter that is published may limit a scope of its type, as the guide says', async () => {
  assert.match(guide, /Every search parameter that `GET \/fhir\/metadata` lists for the type/)
  let count = 0
  for (const { type, searchParam = [] } of await listed())
    for (const { name: parameter, type: kind } of searchParam) {
      const value = values[kind]
      // A composite takes values of its own kinds, a special one has a form of its own.
      if (value === undefined) continue
      assert.ok(isSupportedFilter(type, [{ parameter, value }]), `${type}?${parameter}`)
      count++
    }
  assert.ok(count > 2_000, String(count))
  for (const parameter of ['_id', '_lastUpdated', '_tag', '_security'])
    assert.ok(
      isSupportedFilter('*', [{ parameter, value: '2024' }]) && guide.includes(`\`${parameter}\``),
      parameter,
    )
})

test('SCOPE-18, SCOPE-19: of modifiers and chains the guide names those that are taken, and those that are not', () => {
  const [, taken = '', others = ''] =
    /can be used([\s\S]*?)\*\*Not used\*\*([\s\S]*?)Whether/.exec(guide) ?? []
  const codes = (text: string) => [...text.matchAll(/`(:[a-z-]+)`/g)].map(([, code = '']) => code)
  const samples: Readonly<Record<string, readonly [type: string, parameter: string, value: string]>> = {
    ':not': ['Observation', 'category:not', 'x'],
    ':missing': ['Observation', 'date:missing', 'true'],
    ':text': ['Observation', 'code:text', 'x'],
    ':exact': ['Patient', 'name:exact', 'x'],
    ':contains': ['Patient', 'name:contains', 'x'],
    ':identifier': ['Observation', 'subject:identifier', 'urn:x|y'],
    ':in': ['Observation', 'code:in', 'http://v.example'],
    ':not-in': ['Observation', 'code:not-in', 'http://v.example'],
    ':above': ['Observation', 'code:above', 'http://loinc.org|1'],
    ':below': ['Observation', 'code:below', 'http://loinc.org|1'],
  }
  assert.deepEqual([...codes(taken), ...codes(others)].sort(), Object.keys(samples).sort())
  for (const [code, [type, parameter, value]] of Object.entries(samples))
    assert.equal(isSupportedFilter(type, [{ parameter, value }]), codes(taken).includes(code), code)
  for (const parameter of ['encounter.id', '_has:Provenance:target:agent', '_filter', '_text', '_content'])
    assert.equal(isSupportedFilter('Observation', [{ parameter, value: 'x' }]), false, parameter)
})

test('SCOPE-25: user/*.rs and patient/*.rs read and find every type that is published, by name', async () => {
  for (const scope of ['user/*.rs', 'patient/*.rs']) {
    const token = await hospital().authorize(`launch/patient ${scope}`)
    for (const { type, interaction } of await listed()) {
      assert.equal((await hospital().ask(token, `${type}/none`)).status, 404, type)
      if (interaction.some(({ code }) => code === 'search-type'))
        assert.equal((await hospital().ask(token, `${type}?_count=0`)).status, 200, type)
    }
  }
})

test('SCOPE-21: the guide tells how linked patients are treated, and so they are', async () => {
  assert.match(
    guide,
    /\*\*Linked patients\*\* \(`Patient\.link`\): a Patient resource that links to the patient in context/,
  )
  assert.match(guide, /Links are not followed any further/)
  const { records } = hospital().stores
  const other = { reference: 'Patient/a' }
  await records.update({ resourceType: 'Patient', id: 'linked', link: [{ other, type: 'seealso' }] })
  const subject = { reference: 'Patient/linked' }
  await records.update({ resourceType: 'Basic', id: 'of-linked', code: { text: 'x' }, subject })
  const token = await hospital().authorize('launch/patient patient/*.rs')
  const status = async (target: string) => (await hospital().ask(token, target)).status
  assert.deepEqual([await status('Patient/linked'), await status('Basic/of-linked')], [200, 404])
  const linked = await hospital().authorize('launch/patient patient/*.rs', 'clinician', 'linked')
  assert.equal((await hospital().ask(linked, 'Patient/a')).status, 404)
})

test('CAUTH-14: where keys are handed over, the app is reminded to send an update when they change', async () => {
  assert.match(guideOf('client-authentication'), /Whenever it changes, the registration has to be updated/)
  const admin = await (await openAdminWorld()).signIn('admin')
  const { body } = await admin.get('/admin/apps/new')
  const hint = messages('en').admin.form.jwksHint
  assert.match(hint, /send an update when a key changes/)
  assert.ok(unescapeHtml(body).includes(hint))
})
