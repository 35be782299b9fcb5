/** Each interaction with its letter missing, with the letter on another type, and with a scope of another patient’s app. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { letterOrder } from '../../../src/smart/scope.ts'
import { interactions } from './interactions.ts'
import { callerWith, createWorld, type World } from './world.ts'

let world: World

before(async () => {
  world = await createWorld()
})

async function versions(): Promise<string> {
  const stored = await world.repository.history('Observation', 'a-lab')
  return JSON.stringify([await world.repository.counts(), stored.map(({ version }) => version)])
}

for (const [letter, name, target, ask] of interactions) {
  const others = letterOrder.filter((other) => other !== letter).join('')
  const scopes = [
    `patient/Observation.${others}`,
    `user/*.${others}`,
    `patient/Condition.cruds patient/Patient.cruds`,
  ]
  for (const scope of scopes)
    test(`SCOPE-04, SCOPE-05, SCOPE-06, SCOPE-07, SCOPE-08, SCOPE-14: ${name} with ${scope} is refused`, async () => {
      const start = await versions()
      const reply = await world.ask(callerWith(scope), target, ask)
      assert.equal(reply.status, 403)
      assert.equal(await versions(), start)
      assert.match(reply.headers['www-authenticate'] ?? '', /error="insufficient_scope"/)
      assert.doesNotMatch(reply.body, /secret of/)
    })

  test(`RFC-17: the refusal of ${name} names a scope, and that scope is enough`, async () => {
    const refusal = await world.ask(callerWith(`patient/Observation.${others}`), target, ask)
    const enough = /scope="([^"]+)"/.exec(refusal.headers['www-authenticate'] ?? '')?.[1] ?? ''
    const reply = await (await createWorld()).ask(callerWith(enough), target, ask)
    // A free id cannot be taken by anybody who may not update the whole type, whatever the letters.
    if (name === 'update-as-create') assert.equal(reply.status, 404)
    else assert.ok(reply.status < 400, reply.body)
  })
}

const unbuilt: [string, string, (object | string)?][] = [
  ['GET', 'Observation/a-lab/$everything'],
  ['GET', 'Encounter/$everything'],
  ['GET', '$everything'],
  ['GET', '$export'],
  ['POST', 'Patient/a/$match', {}],
  ['POST', 'Observation/a-lab/$graph', {}],
]

for (const [method, target, body] of unbuilt)
  for (const scope of ['user/*.cruds', 'patient/*.cruds'])
    test(`RSRC-08: what is not built is closed, not open: ${method} «${target}» with ${scope}`, async () => {
      const start = await versions()
      const reply = await world.ask(callerWith(scope), target, {
        method,
        ...(body !== undefined && { body }),
      })
      assert.equal(reply.status, 501)
      assert.equal(JSON.parse(reply.body).issue[0].code, 'not-supported')
      assert.equal(await versions(), start)
      assert.doesNotMatch(reply.body, /secret of/)
    })

test('what is not built is absent from the CapabilityStatement', async () => {
  const statement = JSON.parse((await world.ask(callerWith(''), 'metadata')).body)
  const codes = new Set(
    statement.rest[0].resource.flatMap((one: { interaction: { code: string }[] }) =>
      one.interaction.map(({ code }) => code),
    ),
  )
  const built =
    'create delete history-instance history-type patch read search-type update vread transaction batch search-system history-system'
  const ofServer = statement.rest[0].interaction.map(({ code }: { code: string }) => code)
  assert.deepEqual([...codes, ...ofServer].sort(), built.split(' ').sort())
  assert.deepEqual(
    statement.rest[0].operation.map((one: { name: string }) => one.name),
    ['meta', 'access'],
  )
})
