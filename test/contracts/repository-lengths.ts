/** Values of any length and of any characters are kept, found and told apart. */
import assert from 'node:assert/strict'
import type { Resource } from '../../src/smart/resource.ts'
import { type Contract, find, idsOf } from './repository-setting.ts'

/** Text that no index can make much smaller. */
function noise(length: number, seed: number): string {
  let state = seed
  const letter = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return String.fromCharCode(97 + (state % 26))
  }
  return Array.from({ length }, letter).join('')
}

const long = noise(6000, 1)
const longer = `${long}x`

const patient = (id: string, text: string, rest: object = {}): Resource => ({
  resourceType: 'Patient',
  id,
  name: [{ family: text }],
  identifier: [{ system: `urn:${text}`, value: text }],
  managingOrganization: { reference: `https://else.example/${text}` },
  text: {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml">${text} ${noise(9000, 2)}</div>`,
  },
  ...rest,
})

/** Long values, and the character that no text of PostgreSQL holds. */
export function lengths(contract: Contract): void {
  contract('long values are found, and told from those that only begin like them', async ({ repository }) => {
    await repository.putAll([patient('a', long), patient('b', longer)])
    for (const [text, id] of [
      [long, 'a'],
      [longer, 'b'],
    ] as const) {
      for (const query of [
        `identifier=${text}`,
        `identifier=urn:${text}|${text}`,
        `family:exact=${text}`,
        `organization=https://else.example/${text}`,
      ])
        assert.deepEqual(idsOf(await find(repository, `Patient?${query}`)), [id], query.slice(0, 20))
    }
    assert.deepEqual(idsOf(await find(repository, `Patient?family=${long}`)), ['a', 'b'])
    assert.deepEqual(idsOf(await find(repository, `Patient?family=${longer}`)), ['b'])
    assert.deepEqual(idsOf(await find(repository, `Patient?family=${long.slice(0, 150)}`)), ['a', 'b'])
    assert.deepEqual(idsOf(await find(repository, `Patient?family:contains=${longer.slice(-20)}`)), ['b'])
    assert.deepEqual(idsOf(await find(repository, `Patient?identifier=${long.slice(0, 300)}`)), [])
  })

  contract('a character 0 and half a character harm nothing', async ({ repository }) => {
    for (const [at, text] of ['nul\0', 'half\uD800', '\0'].entries()) {
      const { stored } = await repository.update(patient(`p${at}`, text))
      assert.equal((await repository.read('Patient', `p${at}`))?.json, stored.json)
      for (const query of [`family=${text}`, `identifier=${text}`, `identifier=urn:${text}|`, `_id=${text}`])
        await find(repository, `Patient?${query}`)
    }
  })
}
