/** Every search parameter and every combination that a US Core server answers, by number and by comparison of dates. */
import assert from 'node:assert/strict'
import { type Contract, find, idsOf } from './repository-setting.ts'
import { type UsCoreType, usCoreTypes } from './us-core-fixtures.ts'

/** Each finds the resource it is about, and with any one value changed does not. */
export function usCoreSearches(contract: Contract): void {
  contract('US Core: every parameter and combination', async ({ repository }) => {
    await repository.putAll(usCoreTypes.map(({ resource }) => resource))
    for (const one of usCoreTypes) {
      for (const names of combinationsOf(one)) {
        assert.deepEqual(
          idsOf(await find(repository, queryOf(one, names))),
          [one.resource.id],
          queryOf(one, names),
        )
        for (const wrong of names) {
          const query = queryOf(one, names, wrong)
          assert.deepEqual(idsOf(await find(repository, query)), [], query)
        }
      }
    }
  })

  contract('US Core: comparisons of dates and instants', async ({ repository }) => {
    await repository.putAll(usCoreTypes.map(({ resource }) => resource))
    for (const { resource, values } of usCoreTypes)
      for (const [name, [hit]] of Object.entries(values).filter(([, [value]]) => value === '2024-03-05')) {
        const found = async (value: string) =>
          idsOf(await find(repository, `${resource.resourceType}?${name}=${value}`)).includes(
            resource.id ?? '',
          )
        const title = `${resource.resourceType}?${name}`
        for (const value of [
          'gt2024-03-04',
          'ge2024-03-04T10:00:00Z',
          'lt2024-03-06',
          'le2024-03-06T10:00:00-05:00',
        ])
          assert.equal(await found(value), true, `${title}=${value}`)
        for (const value of ['gt2024-03-06', 'lt2024-03-04T10:00:00Z', `ne${hit}`])
          assert.equal(await found(value), false, `${title}=${value}`)
      }
  })
}

function combinationsOf({ values, combinations }: UsCoreType): string[][] {
  const combined = combinations.split(' ').filter(Boolean)
  return [...Object.keys(values), ...combined].map((names) => names.split('+'))
}

function queryOf({ resource, values }: UsCoreType, names: readonly string[], wrong?: string): string {
  const items = names.map((name) => {
    const [hit, miss] = values[name] ?? ['', '']
    return `${name}=${name === wrong ? miss : hit}`
  })
  return `${resource.resourceType}?${items.join('&')}`
}
