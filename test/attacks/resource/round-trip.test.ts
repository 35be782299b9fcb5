/** What is sent in a transaction or batch is what is kept: nothing is lost, added or rewritten but `meta`, ids and names of the Bundle. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../../../src/smart/resource.ts'
import { generate } from '../../../src/synthetic/index.ts'
import { answersIn, bundle, type Entry, entry, named } from './bundles.ts'
import { callerWith, createWorld, type World } from './world.ts'

const loader = callerWith('user/*.cruds', { patient: null })
const households = [...generate({ patients: 6, seed: 7, asOf: '2024-05-01' })]

async function storedOf(world: World, { resourceType, id = '' }: Resource): Promise<Resource | undefined> {
  return (await world.repository.read(resourceType, id))?.resource
}

/** Without what the server writes itself. */
function content({ meta, ...rest }: Resource) {
  const { versionId: _v, lastUpdated: _l, ...kept } = meta ?? {}
  return Object.keys(kept).length > 0 ? { ...rest, meta: kept } : rest
}

for (const type of ['transaction', 'batch'])
  test(`by PUT in a ${type} every resource is kept as it was sent`, async () => {
    const world = await createWorld()
    for (const household of households) {
      const entries = household.map((one) => entry('PUT', `${one.resourceType}/${one.id}`, one))
      const reply = await world.ask(loader, '', bundle(type, ...entries))
      assert.equal(reply.status, 200, reply.body)
      for (const one of household) {
        const stored = await storedOf(world, one)
        assert.deepEqual(stored && content(stored), content(one))
      }
    }
  })

test('by POST every resource is kept, and refers to what its neighbours are called now', async () => {
  const world = await createWorld()
  const [clinic = [], ...homes] = households
  const shared = clinic.map((one) => entry('PUT', `${one.resourceType}/${one.id}`, one))
  assert.equal((await world.ask(loader, '', bundle('transaction', ...shared))).status, 200)
  for (const home of homes) {
    const names = new Map(home.map(({ resourceType, id }, at) => [`${resourceType}/${id}`, `urn:uuid:${at}`]))
    const entries = home.map((one) => asPost(one, names))
    const reply = await world.ask(loader, '', bundle('transaction', ...entries))
    assert.equal(reply.status, 200, reply.body)
    const places = answersIn(reply.body).map(
      ({ response }) => response.location?.split('/').slice(-4, -2) ?? [],
    )
    const back = new Map(
      home.map(({ resourceType, id }, at) => [places[at]?.join('/') ?? '', `${resourceType}/${id}`]),
    )
    for (const [at, one] of home.entries()) {
      const stored = await storedOf(world, { resourceType: one.resourceType, id: places[at]?.[1] ?? '' })
      assert.ok(stored)
      assert.deepEqual(
        content({ ...rename(stored, back), ...(one.id !== undefined && { id: one.id }) }),
        content(one),
      )
    }
  }
})

function asPost(resource: Resource, names: ReadonlyMap<string, string>): Entry {
  const { id: _, ...body } = rename(resource, names)
  const own = names.get(`${resource.resourceType}/${resource.id}`) ?? ''
  return named(own, entry('POST', resource.resourceType, body))
}

/** The resource with the targets of its references renamed. */
function rename(resource: Resource, names: ReadonlyMap<string, string>): Resource {
  const renamed = (name: string, value: unknown) =>
    name === 'reference' && typeof value === 'string' ? (names.get(value) ?? value) : value
  return JSON.parse(JSON.stringify(resource, renamed))
}
