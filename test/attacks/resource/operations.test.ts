/** Operations as a way round: letters missing, other patients, filters, and what policy withholds. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import type { Slice } from '../../../src/smart/slice.ts'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, textOf, type World } from './world.ts'

const matchBody = (patient: object, ...more: object[]) => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'resource', resource: { resourceType: 'Patient', ...patient } }, ...more],
})
const matching = (patient: object, ...more: object[]): Ask => ({
  method: 'POST',
  body: matchBody(patient, ...more),
})
const familyB = matching({ name: [{ family: 'Family-b', given: ['Given-b'] }], birthDate: '1980-02-02' })

let world: World

before(async () => {
  world = await createWorld()
  await world.repository.putAll([
    ...['a', 'b'].map((id) => ({
      resourceType: 'Patient',
      id,
      meta: { tag: [{ system: 'urn:tags', code: `tag-${id}` }] },
      identifier: [{ system: 'urn:mrn', value: `mrn-${id}` }],
      name: [{ family: `Family-${id}`, given: [`Given-${id}`] }],
      birthDate: id === 'a' ? '1990-01-01' : '1980-02-02',
      generalPractitioner: [{ reference: 'Practitioner/doctor' }],
    })),
    ...['a', 'b'].map((patient) => ({
      resourceType: 'DocumentReference',
      id: `${patient}-letter`,
      status: 'current',
      description: `secret of ${patient}`,
      subject: { reference: `Patient/${patient}` },
      date: '2024-03-01T10:00:00Z',
      content: [{ attachment: { title: 'letter' } }],
      context: { period: { start: '2024-02-01', end: '2024-02-02' } },
    })),
    ...['a', 'b'].map((patient) => ({
      ...observation(`${patient}-hidden`, patient, 'laboratory'),
      meta: { security: [{ system: 'urn:label', code: 'R' }], tag: [{ system: 'urn:tags', code: 'hidden' }] },
      code: { coding: [{ system: 'http://loinc.org', code: '9999-9' }] },
      effectiveDateTime: '2024-04-01',
    })),
  ])
})

/** By operation: a call, the type and the letters it needs there. */
const calls: [target: string, type: string, letters: string, ask?: Ask][] = [
  ['Patient/a/$everything', 'Patient', 'rs'],
  ['Patient/a/$everything?_count=5', 'Patient', 'rs'],
  ['Patient/$everything', 'Patient', 'rs'],
  ['Encounter/a-visit/$everything', 'Encounter', 'rs'],
  ['Patient/$match', 'Patient', 's', familyB],
  ['Observation/$lastn?patient=a&category=laboratory', 'Observation', 's'],
  ['DocumentReference/$docref?patient=a', 'DocumentReference', 's'],
  ['DocumentReference/$docref?patient=a&start=2024-01-01', 'DocumentReference', 's'],
  ['Observation/a-lab/$meta', 'Observation', 'r'],
  ['Observation/$meta', 'Observation', 's'],
]

for (const [target, type, letters, ask] of calls) {
  for (const letter of letters)
    for (const level of ['patient', 'user', 'system'])
      test(`SCOPE-14, RSRC-03: ${target} with ${level}-level scopes but without ${letter} is refused`, async () => {
        const others = 'cruds'.replace(letter, '')
        const reply = await world.ask(callerWith(`${level}/${type}.${others}`), target, ask)
        assert.equal(reply.status, 403)
        assert.equal(reply.stream, undefined)
        assert.doesNotMatch(reply.body, /secret of/)
        const challenge = reply.headers['www-authenticate'] ?? ''
        assert.match(challenge, /error="insufficient_scope", scope="/)
        const enough = /scope="([^"]+)"/.exec(challenge)?.[1] ?? ''
        assert.ok((await world.ask(callerWith(enough), target, ask)).status < 400)
        assert.ok(JSON.parse(reply.body).issue[0].diagnostics.includes(enough))
      })

  test(`SCOPE-20: ${target} with the letters on another type is refused`, async () => {
    const reply = await world.ask(callerWith('patient/Condition.cruds user/Group.cruds'), target, ask)
    assert.equal(reply.status, 403)
  })

  test(`RSRC-08: ${target} with patient scopes but no patient is refused`, async () => {
    const reply = await world.ask(callerWith('patient/*.cruds', { patient: null }), target, ask)
    assert.equal(reply.status, 403)
  })

  test(`AUDIT: ${target} is not answered when it cannot be put on record`, async () => {
    const broken = await createWorld()
    broken.breakAudit()
    const reply = await broken.ask(callerWith('user/*.cruds'), target, ask)
    assert.equal(reply.status, 503)
    assert.equal(reply.stream, undefined)
  })
}

describe('SCOPE-20: another patient’s record', () => {
  const attacker = callerWith('patient/*.cruds')

  for (const [hidden, absent] of [
    ['Patient/b/$everything', 'Patient/none/$everything'],
    ['Patient/b/$everything?_count=2', 'Patient/none/$everything?_count=2'],
    ['Patient/b/$everything?_type=Practitioner', 'Patient/none/$everything?_type=Practitioner'],
    ['Encounter/b-visit/$everything', 'Encounter/none/$everything'],
    ['Observation/b-lab/$meta', 'Observation/none/$meta'],
    ['Patient/b/$meta', 'Patient/none/$meta'],
  ] as const)
    test(`${hidden} is told like what does not exist`, async () => {
      const [one, other] = [await world.ask(attacker, hidden), await world.ask(attacker, absent)]
      assert.deepEqual([one.status, other.status], [404, 404])
      assert.deepEqual(one.headers, other.headers)
      assert.equal(one.body.replace(/\/b\b[a-z-]*/, '/none'), other.body)
    })

  for (const [hidden, absent] of [
    [
      'Observation/$lastn?patient=b&category=laboratory',
      'Observation/$lastn?patient=none&category=laboratory',
    ],
    ['DocumentReference/$docref?patient=b', 'DocumentReference/$docref?patient=none'],
    ['DocumentReference/$docref?patient=b&start=2024', 'DocumentReference/$docref?patient=none&start=2024'],
  ] as const)
    test(`${hidden} finds nothing, as of nobody`, async () => {
      const [one, other] = [await world.ask(attacker, hidden), await world.ask(attacker, absent)]
      assert.deepEqual([one.status, other.status], [200, 200])
      assert.equal(
        one.body.replaceAll(/=b\b|%2Fb\b/g, (text) => text.replace('b', 'none')),
        other.body,
      )
    })

  test('$match finds nobody out of reach, and gives the same answer as if there were nobody', async () => {
    const nobody = matching({ name: [{ family: 'Family-x', given: ['Given-x'] }], birthDate: '1980-02-02' })
    const [one, other] = [
      await world.ask(attacker, 'Patient/$match', familyB),
      await world.ask(attacker, 'Patient/$match', nobody),
    ]
    assert.equal(one.body, other.body)
    assert.equal(JSON.parse(one.body).total, 0)
  })

  test('$everything has nothing of the other record, but the references into it stay', async () => {
    const text = await textOf(await world.ask(attacker, 'Patient/a/$everything'))
    assert.doesNotMatch(text, /secret of b|Family-b/)
    assert.match(text, /"reference":"Observation\/b-lab"/)
  })

  for (const target of ['Observation/$meta', 'Patient/$meta', '$meta'])
    test(`${target} has no label that only the other record has`, async () => {
      assert.doesNotMatch((await world.ask(attacker, target)).body, /tag-b/)
    })
})

describe('SCOPE-17: granular scopes', () => {
  const category = 'http://terminology.hl7.org/CodeSystem/observation-category'
  const labs = callerWith(`patient/Observation.rs?category=${category}|laboratory patient/Patient.rs`)

  for (const target of ['Patient/a/$everything', 'Patient/a/$everything?_count=100'])
    test(`${target} has what the filter lets through`, async () => {
      const text = await textOf(await world.ask(labs, target))
      assert.deepEqual(namesIn(text), [
        'Observation/a-hidden',
        'Observation/a-lab',
        'Observation/a-lab-draft',
        'Patient/a',
      ])
    })

  test('$everything holds the filter of r, also where s has none', async () => {
    const caller = callerWith(
      `patient/Observation.r?category=${category}|laboratory patient/Observation.s patient/Patient.rs`,
    )
    const text = await textOf(await world.ask(caller, 'Patient/a/$everything?_type=Observation'))
    assert.deepEqual(namesIn(text), ['Observation/a-hidden', 'Observation/a-lab', 'Observation/a-lab-draft'])
  })

  test('$lastn does not go round the filter', async () => {
    const reply = await world.ask(labs, 'Observation/$lastn?patient=a&category=vital-signs&max=9')
    assert.deepEqual(namesIn(reply.body), [])
  })

  test('$access counts what the filter lets through', async () => {
    assert.deepEqual(countsIn((await world.ask(labs, '$access')).body), { Observation: 3, Patient: 1 })
  })
})

describe('what a policy withholds', () => {
  const withheld: Slice[] = [
    { type: '*', compartments: [], filter: [{ parameter: '_security', value: 'urn:label|R' }] },
  ]
  const caller = callerWith('patient/*.cruds', { withheld })
  const targets = [
    'Patient/a/$everything',
    'Patient/a/$everything?_count=1000',
    'Observation/$lastn?patient=a&category=laboratory&max=10',
    'Observation/$lastn?patient=a&code=9999-9',
    'Observation/$meta',
    '$meta',
    'Observation/a-hidden/$meta',
  ]
  for (const target of targets)
    test(`${target} shows nothing of it`, async () => {
      const seen = await textOf(await world.ask(callerWith('patient/*.cruds'), target))
      assert.match(seen, /hidden/)
      const text = await textOf(await world.ask(caller, target))
      assert.doesNotMatch(text.replaceAll('Observation/a-hidden', ''), /hidden|"code":"9999-9"/)
    })

  test('$access does not count it, and says the same words with and without a policy', async () => {
    const [one, other] = [
      (await world.ask(caller, '$access?_type=Observation')).body,
      (await world.ask(callerWith('patient/*.cruds'), '$access?_type=Observation')).body,
    ]
    assert.deepEqual([countsIn(one), countsIn(other)], [{ Observation: 4 }, { Observation: 5 }])
    assert.equal(one.replace('"valueUnsignedInt":4', '"valueUnsignedInt":5'), other)
  })
})

describe('$access tells no more than the token gives', () => {
  test('a type that may be read but not searched is not counted', async () => {
    const reply = await world.ask(callerWith('patient/Observation.r patient/Patient.s'), '$access')
    assert.deepEqual(countsIn(reply.body), { Patient: 1 })
    assert.match(reply.body, /May read Observation in the record of Patient\/a/)
  })

  test('every count is what a search counts', async () => {
    const caller = callerWith('patient/*.rs')
    const counts = countsIn((await world.ask(caller, '$access')).body)
    assert.ok(Object.keys(counts).length > 50)
    for (const [type, count] of Object.entries(counts))
      assert.equal(JSON.parse((await world.ask(caller, `${type}?_summary=count`)).body).total, count)
  })

  test('without any scope it is empty, and it is valid FHIR', async () => {
    for (const scopes of ['', 'patient/*.cruds']) {
      const reply = await world.ask(callerWith(scopes), '$access')
      assert.equal(reply.status, 200)
      assert.deepEqual(validate(JSON.parse(reply.body)), [])
    }
    assert.deepEqual(countsIn((await world.ask(callerWith(''), '$access')).body), {})
  })
})

function namesIn(text: string): string[] {
  const { entry = [] } = JSON.parse(text)
  return entry
    .map(
      ({ resource }: { resource: { resourceType: string; id: string } }) =>
        `${resource.resourceType}/${resource.id}`,
    )
    .sort()
}

function countsIn(body: string): Record<string, number> {
  const { parameter } = JSON.parse(body) as { parameter: { name: string; part: Record<string, unknown>[] }[] }
  const counts = parameter
    .filter(({ name }) => name === 'access')
    .map(({ part }) => [
      part.find(({ name }) => name === 'type')?.valueCode,
      part.find(({ name }) => name === 'count')?.valueUnsignedInt,
    ])
    .filter(([, count]) => count !== undefined)
  return Object.fromEntries(counts)
}
