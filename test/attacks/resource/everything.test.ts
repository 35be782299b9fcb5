/** `$everything` as a whole: what belongs to a record, pages that others try, and replies that break off. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { observation } from './records.ts'
import { base, callerWith, createWorld, found, nextOf, textOf, type World } from './world.ts'

const app = callerWith('patient/*.rs')
const whole = [
  'DiagnosticReport/a-report',
  'Encounter/a-visit',
  'Medication/pill',
  'MedicationRequest/a-order',
  'Observation/a-lab',
  'Observation/a-lab-draft',
  'Observation/a-vital',
  'Observation/a-vital-draft',
  'Patient/a',
  'Practitioner/doctor',
  'Provenance/a-source',
]

let world: World

before(async () => {
  world = await createWorld()
})

async function namesOf(target: string, caller = app): Promise<string[]> {
  const reply = await world.ask(caller, target)
  assert.equal(reply.status, 200, reply.body)
  const body = await textOf(reply)
  const { entries } = found({ ...reply, body })
  assert.equal(new Set(entries).size, entries.length, 'each once')
  return entries.toSorted()
}

describe('what belongs to a record', () => {
  test('a patient’s whole record with the reference data it points to, as a valid Bundle', async () => {
    for (const target of [
      'Patient/a/$everything',
      'Patient/$everything',
      'Patient/a/$everything?_count=1000',
    ])
      assert.deepEqual(await namesOf(target), whole)
    const text = await textOf(await world.ask(app, 'Patient/a/$everything'))
    const bundle = JSON.parse(text)
    assert.deepEqual(validate(bundle), [])
    assert.equal(bundle.entry[0].fullUrl, `${base}/Patient/a`)
    const modes = new Map(
      bundle.entry.map((one: { resource: Resource; search: { mode: string } }) => [
        one.resource.resourceType,
        one.search.mode,
      ]),
    )
    assert.deepEqual([modes.get('Observation'), modes.get('Practitioner')], ['match', 'include'])
  })

  test('indented, it is the same', async () => {
    const [dense, pretty] = await Promise.all(
      ['', '?_pretty=true'].map(async (query) =>
        textOf(await world.ask(app, `Patient/a/$everything${query}`)),
      ),
    )
    assert.match(pretty ?? '', /\n {2}"entry": \[\n {4}\{\n {6}"fullUrl"/)
    assert.deepEqual(JSON.parse(pretty ?? ''), JSON.parse(dense ?? ''))
  })

  test('an encounter with what names it and its patient', async () => {
    assert.deepEqual(await namesOf('Encounter/a-visit/$everything'), [
      'Encounter/a-visit',
      'Medication/pill',
      'MedicationRequest/a-order',
      'Patient/a',
      'Practitioner/doctor',
    ])
  })

  test('types can be chosen, by several parameters or one; without entries there is no empty list', async () => {
    assert.deepEqual(await namesOf('Patient/a/$everything?_type=Encounter,Practitioner'), [
      'Encounter/a-visit',
    ])
    assert.deepEqual(await namesOf('Patient/a/$everything?_type=Encounter&_type=Provenance,Practitioner'), [
      'Encounter/a-visit',
      'Practitioner/doctor',
      'Provenance/a-source',
    ])
    const none = await textOf(await world.ask(app, 'Patient/a/$everything?_type=Goal'))
    assert.equal('entry' in JSON.parse(none), false)
  })

  test('a range of care has what is in it, and what has no time', async () => {
    const later = await namesOf('Patient/a/$everything?start=2024-03-02')
    assert.deepEqual(
      later.filter((name) => /^(Observation|Provenance)/.test(name)),
      [],
    )
    for (const kept of ['Patient/a', 'Encounter/a-visit']) assert.ok(later.includes(kept))
    assert.deepEqual(await namesOf('Patient/a/$everything?start=2024-03-01&end=2024-03-01'), whole)
  })

  test('what was changed since a time', async () => {
    const fresh = await createWorld()
    await fresh.ask(callerWith('user/*.cruds'), 'Observation/a-lab', {
      method: 'PUT',
      body: observation('a-lab', 'a', 'laboratory', 'amended'),
    })
    // The last that was stored before.
    const { lastUpdated } = (await fresh.repository.read('Organization', 'clinic')) ?? {}
    const reply = await fresh.ask(app, `Patient/a/$everything?_since=${lastUpdated}&_count=100`)
    assert.deepEqual(found(reply).entries, ['Observation/a-lab'])
  })

  test('types without reach are left out, without a word', async () => {
    const caller = callerWith(
      'patient/Patient.rs patient/Observation.r patient/Encounter.s patient/Practitioner.r',
    )
    assert.deepEqual(await namesOf('Patient/a/$everything', caller), ['Patient/a'])
  })

  test('parameters come by POST as well', async () => {
    const body = { resourceType: 'Parameters', parameter: [{ name: '_type', valueCode: 'Encounter' }] }
    const reply = await world.ask(app, 'Patient/a/$everything', { method: 'POST', body })
    assert.match(await textOf(reply), /Encounter\/a-visit/)
  })
})

describe('pages', () => {
  test('go through the record, each once, and end', async () => {
    const seen: string[] = []
    let pages = 0
    for (
      let next: string | undefined = 'Patient/a/$everything?_count=3&_type=Observation,Encounter,Patient';
      next;
    ) {
      const page = await world.ask(app, next)
      assert.ok(found(page).entries.length <= 3)
      seen.push(...found(page).entries)
      next = nextOf(page)
      pages++
    }
    assert.deepEqual(
      seen.toSorted(),
      whole.filter((name) => /^(Observation|Encounter|Patient)\//.test(name)),
    )
    assert.ok(pages >= 2)
  })

  test('RSRC-03: a link is good for its grant and its address only', async () => {
    const next = nextOf(await world.ask(app, 'Patient/a/$everything?_count=2')) ?? ''
    assert.match(next, /^Patient\/a\/\$everything\?_page=/)
    assert.equal((await world.ask(app, next)).status, 200)
    const others = [
      callerWith('patient/*.rs', { grantId: 'other' }),
      callerWith('user/*.rs', { grantId: 'b' }),
    ]
    for (const other of others) assert.equal((await world.ask(other, next)).status, 404)
    for (const place of ['Patient/$everything', 'Encounter/a-visit/$everything'])
      assert.equal((await world.ask(app, next.replace('Patient/a/$everything', place))).status, 404)
    assert.equal(
      (
        await world.ask(
          app,
          next.replace(/(?<=_page=.{20})./, (one) => (one === 'A' ? 'B' : 'A')),
        )
      ).status,
      404,
    )
  })

  test('rights are asked anew for each page', async () => {
    const next = nextOf(await world.ask(app, 'Patient/a/$everything?_count=2')) ?? ''
    assert.equal((await world.ask(callerWith('patient/*.rs', { rights: [] }), next)).status, 403)
  })
})

describe('the record of it', () => {
  test('says whose record was told, and how much of what, before the first byte', async () => {
    const start = (await world.trail()).length
    const reply = await world.ask(app, 'Patient/a/$everything?_type=Observation,Encounter')
    const [record] = (await world.trail()).slice(start)
    assert.ok(record?.event.kind === 'fhir-access')
    assert.deepEqual(record.event.asked, {
      interaction: 'operation',
      operation: 'everything',
      type: 'Patient',
      id: 'a',
      query: '_type=Observation%2CEncounter',
    })
    assert.deepEqual(
      [record.event.patients, record.event.resources, record.event.counts],
      [['a'], ['Patient/a'], { Encounter: 1, Observation: 4 }],
    )
    assert.ok(reply.stream)
  })

  test('names each resource of a page', async () => {
    const start = (await world.trail()).length
    await world.ask(app, 'Patient/a/$everything?_type=Encounter&_count=5')
    const [record] = (await world.trail()).slice(start)
    assert.deepEqual(record?.event.kind === 'fhir-access' && record.event.resources, ['Encounter/a-visit'])
  })
})

test('who cannot take it in pieces gets the same text whole, or a refusal, never a part', async () => {
  const inOnePiece = { inOnePiece: true } as const
  const reply = await world.ask(app, 'Patient/a/$everything', inOnePiece)
  assert.equal(reply.stream, undefined)
  assert.equal(reply.body, await textOf(await world.ask(app, 'Patient/a/$everything')))
  const long = await createWorld()
  const note = [{ text: 'x'.repeat(1024 * 1024) }]
  await long.repository.putAll(
    Array.from({ length: 17 }, (_, n) => ({ ...observation(`long-${n}`, 'a', 'laboratory'), note })),
  )
  const refused = await long.ask(app, 'Patient/a/$everything', inOnePiece)
  assert.equal(refused.status, 422)
  assert.equal(JSON.parse(refused.body).issue[0].code, 'too-costly')
  assert.equal((await long.trail()).at(-1)?.event.outcome, 'failed')
})

test('HEAD is answered like GET, without a body', async () => {
  const reply = await world.ask(app, 'Patient/a/$everything', { method: 'HEAD' })
  assert.deepEqual([reply.status, reply.body, reply.stream], [200, '', undefined])
  assert.equal((await world.ask(app, 'Patient/b/$everything', { method: 'HEAD' })).status, 404)
})

test('a store that finds too much is noticed: what is out of reach is dropped before it leaves', async () => {
  const leaky = await createWorld()
  const search = leaky.repository.search
  const unlimited = { within: [{ type: '*', patients: [], clauses: [] }], without: [] }
  Object.assign(leaky.repository, {
    search: (plan: Parameters<typeof search>[0]) => search({ ...plan, reach: unlimited }),
  })
  for (const target of ['Patient/a/$everything', 'Patient/a/$everything?_count=1000']) {
    const text = await textOf(await leaky.ask(app, target))
    assert.doesNotMatch(text, /secret of b|Family-b/)
  }
  assert.ok(leaky.faults.length > 0)
})
