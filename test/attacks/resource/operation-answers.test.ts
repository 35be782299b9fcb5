/** The other side of the attacks on operations: whoever may ask gets the answer that FHIR and US Core describe. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import { resourceTypes } from '../../../src/smart/compartment.r4.ts'
import { operationUses } from '../../../src/smart/operations.ts'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, found, nextOf, type World } from './world.ts'

const clinician = callerWith('user/*.cruds', { patient: null })

let world: World

before(async () => {
  world = await createWorld()
  const person = (id: string, given: string, birthDate: string) => ({
    resourceType: 'Patient',
    id,
    identifier: [{ system: 'urn:mrn', value: id }],
    name: [{ family: 'Möller', given: [given] }],
    birthDate,
  })
  const dated = (id: string, code: string, effectiveDateTime: string) => ({
    ...observation(id, 'p1', 'vital-signs'),
    code: { coding: [{ system: 'http://loinc.org', code }] },
    effectiveDateTime,
  })
  const letter = (id: string, start: string, date: string, code: string) => ({
    resourceType: 'DocumentReference',
    id,
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code }] },
    subject: { reference: 'Patient/p1' },
    date,
    content: [{ attachment: { title: id } }],
    context: { period: { start, end: start } },
  })
  await world.repository.putAll([
    person('p1', 'Anna', '1980-02-02'),
    person('p2', 'Anna', '1985-05-05'),
    person('p3', 'Bert', '1980-02-02'),
    dated('w1', 'weight', '2024-01-01'),
    dated('w2', 'weight', '2024-03-01'),
    dated('w3', 'weight', '2024-02-01'),
    dated('h1', 'height', '2023-01-01'),
    dated('h2', 'height', '2023-02-01'),
    letter('old', '2020-01-01', '2020-01-02T00:00:00Z', '34133-9'),
    letter('new', '2024-01-01', '2024-01-02T00:00:00Z', '11488-4'),
    letter('middle', '2022-01-01', '2022-01-02T00:00:00Z', '34133-9'),
  ])
})

describe('Patient/$match', () => {
  const ask = (patient: object, ...more: object[]): Ask => ({
    method: 'POST',
    body: {
      resourceType: 'Parameters',
      parameter: [{ name: 'resource', resource: { resourceType: 'Patient', ...patient } }, ...more],
    },
  })
  const anna = { name: [{ family: 'moller', given: ['ANNA'] }], birthDate: '1980-02-02' }
  const only = { name: 'onlyCertainMatches', valueBoolean: true }

  test('the likeliest comes first, with score and grade, in a valid Bundle', async () => {
    const reply = await world.ask(clinician, 'Patient/$match', ask(anna))
    const bundle = JSON.parse(reply.body)
    assert.deepEqual(validate(bundle), [])
    assert.deepEqual(found(reply), { entries: ['Patient/p1'], total: 1 })
    assert.deepEqual(bundle.entry[0].search, {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/match-grade', valueCode: 'probable' }],
      mode: 'match',
      score: 0.5,
    })
    const better = { ...anna, identifier: [{ system: 'urn:mrn', value: 'p3' }] }
    const both = await world.ask(clinician, 'Patient/$match', ask(better))
    assert.deepEqual(found(both).entries, ['Patient/p3', 'Patient/p1'])
  })

  test('certainty is asked for, and count', async () => {
    assert.deepEqual(found(await world.ask(clinician, 'Patient/$match', ask(anna, only))).entries, [])
    const sure = { ...anna, identifier: [{ system: 'urn:mrn', value: 'p1' }] }
    assert.deepEqual(found(await world.ask(clinician, 'Patient/$match', ask(sure, only))).entries, [
      'Patient/p1',
    ])
    const better = { ...anna, identifier: [{ system: 'urn:mrn', value: 'p3' }] }
    const one = ask(better, { name: 'count', valueInteger: 1 })
    assert.deepEqual(found(await world.ask(clinician, 'Patient/$match', one)).entries, ['Patient/p3'])
  })

  test('two that are certain are none, with a remark', async () => {
    const torn = { ...anna, identifier: ['p1', 'p3'].map((value) => ({ system: 'urn:mrn', value })) }
    const twin = await createWorld()
    await twin.repository.putAll(
      ['p1', 'p3'].map((id) => ({
        resourceType: 'Patient',
        id,
        ...anna,
        identifier: [{ system: 'urn:mrn', value: id }],
      })),
    )
    const reply = await twin.ask(clinician, 'Patient/$match', ask(torn, only))
    assert.deepEqual(found(reply), { entries: [], total: 0 })
    assert.deepEqual(validate(JSON.parse(reply.body)), [])
    assert.match(reply.body, /multiple-matches/)
  })

  test('text that search would part or read otherwise is one value', async () => {
    for (const text of ['Möller,Anna', 'a|b', 'a$b', 'a\\', 'ge2024', "x' OR 1=1 --", '%a'])
      assert.equal(
        (await world.ask(clinician, 'Patient/$match', ask({ name: [{ family: text, given: [text, 'x'] }] })))
          .status,
        200,
      )
    assert.deepEqual(world.faults, [])
  })
})

describe('Observation/$lastn', () => {
  const ask = async (query: string) =>
    found(await world.ask(clinician, `Observation/$lastn?patient=p1&${query}`)).entries
  const names = (...ids: string[]) => ids.map((id) => `Observation/${id}`)

  test('the newest of each kind, or the newest few', async () => {
    assert.deepEqual(await ask('category=vital-signs'), names('w2', 'h2'))
    assert.deepEqual(await ask('category=vital-signs&max=2'), names('w2', 'w3', 'h2', 'h1'))
    assert.deepEqual(await ask('code=http://loinc.org|weight&max=5'), names('w2', 'w3', 'w1'))
    assert.deepEqual(await ask('code=weight,height&date=lt2024-02-15'), names('w3', 'h2'))
  })

  test('as a valid Bundle, by POST as well', async () => {
    const body = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'subject', valueReference: { reference: 'Patient/p1' } },
        { name: 'code', valueCoding: { system: 'http://loinc.org', code: 'height' } },
      ],
    }
    const reply = await world.ask(clinician, 'Observation/$lastn', { method: 'POST', body })
    assert.deepEqual(validate(JSON.parse(reply.body)), [])
    assert.deepEqual(found(reply).entries, names('h2'))
  })
})

describe('US Core: DocumentReference/$docref', () => {
  const ask = (query: string) => world.ask(clinician, `DocumentReference/$docref?patient=p1${query}`)
  const names = (...ids: string[]) => ids.map((id) => `DocumentReference/${id}`)

  test('without a time the most recent document, and no way to more', async () => {
    const reply = await ask('')
    assert.deepEqual(found(reply).entries, names('new'))
    assert.equal(nextOf(reply), undefined)
    assert.deepEqual(found(await ask('&type=http://loinc.org|34133-9')).entries, names('middle'))
  })

  test('within a time all that tell of care in it', async () => {
    assert.deepEqual(found(await ask('&start=2021')).entries.toSorted(), names('middle', 'new'))
    assert.deepEqual(found(await ask('&start=2019&end=2020-12-31')).entries, names('old'))
    assert.deepEqual(found(await ask('&end=2023&type=11488-4')).entries, [])
    const reply = await ask('&start=2019&on-demand=false')
    assert.deepEqual(validate(JSON.parse(reply.body)), [])
  })

  test('type as a CodeableConcept', async () => {
    const type = { coding: [{ system: 'http://loinc.org', code: '34133-9' }] }
    const body = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'patient', valueId: 'p1' },
        { name: 'type', valueCodeableConcept: type },
      ],
    }
    const reply = await world.ask(clinician, 'DocumentReference/$docref', { method: 'POST', body })
    assert.deepEqual(found(reply).entries, names('middle'))
  })
})

describe('$meta', () => {
  test('of a resource, of a type, of the server', async () => {
    const app = callerWith('patient/*.rs')
    await world.repository.putAll([
      {
        ...observation('labelled', 'a', 'laboratory'),
        meta: { profile: ['urn:p'], tag: [{ system: 's', code: 't' }] },
      },
    ])
    const metaAt = async (target: string) => {
      const reply = await world.ask(app, target)
      assert.deepEqual(validate(JSON.parse(reply.body)), [])
      return JSON.parse(reply.body).parameter?.[0].valueMeta
    }
    assert.equal((await metaAt('Observation/labelled/$meta')).versionId, '1')
    const summary = { profile: ['urn:p'], tag: [{ system: 's', code: 't' }] }
    assert.deepEqual(await metaAt('Observation/$meta'), summary)
    assert.deepEqual(await metaAt('$meta'), summary)
    assert.equal(await metaAt('Condition/$meta'), undefined)
  })
})

test('the CapabilityStatement lists the operations that are built, where they are, and no others', async () => {
  const statement = JSON.parse((await world.ask(callerWith(''), 'metadata')).body)
  assert.deepEqual(validate(statement), [])
  const [rest] = statement.rest
  type Listed = { name: string; definition: string }
  const of = (type: string): string[] =>
    rest.resource
      .find((one: { type: string }) => one.type === type)
      .operation.map(({ name }: Listed) => name)
      .toSorted()
  assert.deepEqual(of('Patient'), ['everything', 'match', 'meta', 'meta-add', 'meta-delete', 'validate'])
  assert.deepEqual(of('Encounter'), ['everything', 'meta', 'meta-add', 'meta-delete', 'validate'])
  assert.deepEqual(of('Observation'), ['lastn', 'meta', 'meta-add', 'meta-delete', 'validate'])
  assert.deepEqual(of('DocumentReference'), ['docref', 'meta', 'meta-add', 'meta-delete', 'validate'])
  for (const type of resourceTypes) for (const name of of(type)) assert.ok(Object.hasOwn(operationUses, name))
  const everything = rest.resource
    .flatMap(({ operation }: { operation: Listed[] }) => operation)
    .filter(({ name }: Listed) => name === 'everything')
    .map(({ definition }: Listed) => definition)
  assert.deepEqual(everything.toSorted(), [
    'http://hl7.org/fhir/OperationDefinition/Encounter-everything',
    'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  ])
})
