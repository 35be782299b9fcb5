/** Each interaction with its letter missing, with the letter on another type, and with a scope of another patient’s app. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { letterOrder } from '../../../src/smart/scope.ts'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, type World } from './world.ts'

const mine = observation('a-lab', 'a', 'laboratory', 'amended')

const jsonPatch: Ask = {
  method: 'PATCH',
  body: '[{"op":"replace","path":"/status","value":"amended"}]',
  contentType: 'application/json-patch+json',
}

const interactions: [letter: string, name: string, target: string, ask?: Ask][] = [
  ['r', 'read', 'Observation/a-lab'],
  ['r', 'HEAD', 'Observation/a-lab', { method: 'HEAD' }],
  ['r', 'conditional read', 'Observation/a-lab', { headers: { 'if-none-match': 'W/"1"' } }],
  ['r', 'vread', 'Observation/a-lab/_history/1'],
  ['s', 'search', 'Observation?code=718-7'],
  ['s', 'counting search', 'Observation?_summary=count'],
  [
    's',
    'search by form',
    'Observation/_search',
    { method: 'POST', body: 'code=718-7', contentType: 'application/x-www-form-urlencoded' },
  ],
  ['s', 'compartment search', 'Patient/a/Observation'],
  ['c', 'create', 'Observation', { method: 'POST', body: mine }],
  ['u', 'update', 'Observation/a-lab', { method: 'PUT', body: mine }],
  ['u', 'update-as-create', 'Observation/fresh', { method: 'PUT', body: { ...mine, id: 'fresh' } }],
  ['r', 'history of a resource', 'Observation/a-lab/_history'],
  ['s', 'history of a type', 'Observation/_history'],
  ['d', 'delete', 'Observation/a-lab', { method: 'DELETE' }],
  ['u', 'patch', 'Observation/a-lab', jsonPatch],
  ...conditional('c', 'conditional create', {
    method: 'POST',
    headers: { 'if-none-exist': '_id=a-lab' },
    body: mine,
  }),
  ...conditional('u', 'conditional update', { method: 'PUT', body: mine }),
  ...conditional('u', 'conditional patch', jsonPatch),
  ...conditional('d', 'conditional delete', { method: 'DELETE' }),
]

/** With the letter of the change missing, and with that of the search. */
function conditional(letter: string, name: string, ask: Ask): [string, string, string, Ask][] {
  const target = ask.method === 'POST' ? 'Observation' : 'Observation?_id=a-lab'
  return [
    [letter, name, target, ask],
    ['s', `search of a ${name}`, target, ask],
  ]
}

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
    test(`SCOPE-04 … SCOPE-08, SCOPE-14: ${name} with ${scope} is refused`, async () => {
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
  ['POST', 'Observation/a-lab/$meta-add', {}],
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
