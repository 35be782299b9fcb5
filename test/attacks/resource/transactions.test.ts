/** All or nothing, and no entry more than it might do alone. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import { answersIn, bundle, type Entry, entry, named, statusesIn, urn } from './bundles.ts'
import { observation } from './records.ts'
import { base, callerWith, createWorld, type World } from './world.ts'

const app = callerWith('patient/*.cruds')
const clinician = callerWith('user/*.cruds', { patient: null })
const fine = () => entry('POST', 'Observation', observation('x', 'a', 'laboratory'))
const lab = (more: object = {}) => ({ ...observation('a-lab', 'a', 'laboratory'), ...more })

let world: World

beforeEach(async () => {
  world = await createWorld()
})

const send = (caller: typeof app, ...entries: Entry[]) =>
  world.ask(caller, '', bundle('transaction', ...entries))

describe('RSRC-08: any entry that may not be undoes all', () => {
  const failing: [string, Entry, number][] = [
    ['a create in another record', entry('POST', 'Observation', observation('x', 'b', 'laboratory')), 403],
    [
      'a move to another patient',
      entry('PUT', 'Observation/a-lab', lab({ subject: { reference: 'Patient/b' } })),
      403,
    ],
    [
      'a pull from another record',
      entry('PUT', 'Observation/b-lab', observation('b-lab', 'a', 'laboratory')),
      404,
    ],
    ['the end of another’s resource', entry('DELETE', 'Observation/b-lab'), 404],
    [
      'a free id of the caller’s choice',
      entry('PUT', 'Observation/zzzzz', observation('zzzzz', 'a', 'laboratory')),
      404,
    ],
    ['a read of what is hidden', entry('GET', 'Observation/b-lab'), 404],
    ['a read of what is not there', entry('GET', 'Observation/zzzzz'), 404],
    ['a stale version', entry('PUT', 'Observation/a-lab', lab(), { ifMatch: 'W/"7"' }), 412],
    ['an ambiguous condition', entry('DELETE', 'Observation?code=718-7'), 412],
    ['an invalid resource', entry('PUT', 'Observation/a-lab', lab({ status: 7 })), 422],
    ['a patch that does not fit', entry('PATCH', 'Observation/a-lab', { resourceType: 'Parameters' }), 400],
    ['a search that is none', entry('GET', 'Observation?date=x'), 400],
    ['what is not built', entry('GET', '$export'), 501],
    [
      'a transaction in a transaction',
      entry('POST', '', { resourceType: 'Bundle', type: 'transaction' }),
      400,
    ],
    [
      'a reference that names what is hidden',
      entry('POST', 'Observation', lab({ subject: { reference: 'Patient?_id=b' } })),
      412,
    ],
    [
      'a reference that names nothing',
      entry('POST', 'Observation', lab({ subject: { reference: 'Patient?_id=zz' } })),
      412,
    ],
  ]
  for (const [name, one, status] of failing)
    test(`${name}: ${status}, naming the entry`, async () => {
      const start = await world.repository.counts()
      const reply = await send(app, fine(), one)
      assert.equal(reply.status, status, reply.body)
      const outcome = JSON.parse(reply.body)
      assert.match(outcome.issue[0].expression[0], /^Bundle\.entry\[1\]/)
      assert.doesNotMatch(reply.body, /secret of b/)
      assert.deepEqual(await world.repository.counts(), start)
      assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
      assert.deepEqual(world.faults, [])
    })

  test('an app that may only read writes nothing by a transaction', async () => {
    assert.equal((await send(callerWith('patient/Observation.rs'), fine())).status, 403)
  })

  test('hidden and absent are told alike', async () => {
    for (const one of [
      (id: string) => entry('DELETE', `Observation/${id}`),
      (id: string) => entry('GET', `Observation/${id}`),
    ]) {
      const hidden = await send(app, one('b-lab'))
      const absent = await send(app, one('zzzzz'))
      assert.equal(hidden.body.replaceAll('b-lab', 'zzzzz'), absent.body)
    }
  })

  test('the entry that failed is on record, and so is the transaction', async () => {
    await send(app, fine(), entry('GET', 'Observation/b-lab'))
    const trail = await world.trail()
    assert.deepEqual(
      trail.map(({ event }) => [event.kind === 'fhir-access' && event.asked.interaction, event.outcome]),
      [
        ['read', 'refused'],
        ['transaction', 'refused'],
      ],
    )
  })

  test('nothing is stored when an entry cannot be put on record', async () => {
    world.breakAudit()
    assert.equal((await send(app, fine())).status, 503)
    assert.equal((await world.repository.counts()).Observation, 8)
  })
})

describe('SCOPE-20: references cannot be rewritten into another record', () => {
  const patientOf = (body: string) => answersIn(body).map(({ response }) => response.location)

  test('a name of the Bundle leads to what the entry is about, wherever it points', async () => {
    const through = (id: string) => {
      const patient = { resourceType: 'Patient', id, name: [{ family: 'x' }] }
      const using = entry('POST', 'Observation', lab({ subject: { reference: urn('1') } }))
      return send(app, named(urn('1'), entry('PUT', `Patient/${id}`, patient)), using)
    }
    const [hidden, absent] = [await through('b'), await through('z')]
    assert.deepEqual([hidden.status, hidden.body], [403, absent.body])
  })

  test('a new Patient and what refers to it are made by whoever may make both', async () => {
    const entries = [
      named(urn('1'), entry('POST', 'Patient', { resourceType: 'Patient', name: [{ family: 'New' }] })),
      entry('POST', 'Observation', lab({ subject: { reference: urn('1') } })),
    ]
    assert.equal((await send(app, ...entries)).status, 403)
    const reply = await send(clinician, ...entries)
    assert.deepEqual(statusesIn(reply.body), [201, 201])
    const [patient, made] = patientOf(reply.body).map(
      (place) => place?.slice(base.length + 1).split('/_history')[0],
    )
    const stored = await world.repository.read('Observation', made?.split('/')[1] ?? '')
    assert.deepEqual(stored?.resource.subject, { reference: patient })
  })

  test('a condition names within the Bundle and the store together', async () => {
    const identifier = [{ system: 'urn:x', value: '1' }]
    const doctor = entry('POST', 'Practitioner', { resourceType: 'Practitioner', identifier })
    const performer = [{ reference: 'Practitioner?identifier=urn:x|1' }]
    const using = entry('POST', 'Observation', lab({ performer }))
    assert.deepEqual(statusesIn((await send(clinician, using, doctor)).body), [201, 201])
    assert.equal((await send(clinician, using, doctor)).status, 412)
    assert.deepEqual(statusesIn((await send(clinician, using)).body), [201])
  })

  test('a condition in a reference needs the letter s on its type', async () => {
    const performer = [{ reference: 'Practitioner?_id=doctor' }]
    const reply = await send(
      callerWith('patient/Observation.c'),
      entry('POST', 'Observation', lab({ performer })),
    )
    assert.equal(reply.status, 403)
    assert.match(reply.headers['www-authenticate'] ?? '', /Practitioner\.s/)
  })

  test('text that merely looks like a name stays', async () => {
    const identifier = [{ system: 'urn:ietf:rfc:3986', value: urn('1') }]
    const more = {
      identifier,
      valueString: urn('1'),
      extension: [{ url: urn('1'), valueReference: { reference: urn('1') } }],
    }
    const reply = await send(app, named(urn('1'), entry('POST', 'Observation', lab(more))))
    assert.deepEqual(statusesIn(reply.body), [201])
    const stored = (await world.repository.read('Observation', 'new-1'))?.resource
    assert.deepEqual([stored?.identifier, stored?.valueString], [identifier, urn('1')])
    assert.deepEqual(stored?.extension, [
      { url: urn('1'), valueReference: { reference: 'Observation/new-1' } },
    ])
  })

  test('an entry’s own server is no name for ours, a version stays a version', async () => {
    const elsewhere = 'https://other.example.org/fhir'
    const reply = await send(
      clinician,
      named(`${elsewhere}/Patient/a`, entry('POST', 'Patient', { resourceType: 'Patient' })),
      named(
        `${elsewhere}/Observation/1`,
        entry('POST', 'Observation', lab({ subject: { reference: 'Patient/a' } })),
      ),
      entry('POST', 'Observation', lab({ subject: { reference: 'Patient/a/_history/1' } })),
    )
    assert.deepEqual(statusesIn(reply.body), [201, 201, 201])
    const subjects = await Promise.all(
      ['new-2', 'new-3'].map(
        async (id) => (await world.repository.read('Observation', id))?.resource.subject,
      ),
    )
    assert.deepEqual(subjects, [{ reference: 'Patient/new-1' }, { reference: 'Patient/a/_history/1' }])
  })
})

describe('FHIR R4 http: transaction', () => {
  test('deletions, then creations, then changes; reads see the result; answers keep the order', async () => {
    const reply = await send(
      app,
      entry('GET', 'Observation/a-lab'),
      entry('GET', 'Observation?_id=a-vital&_summary=count'),
      entry('PUT', 'Observation/a-lab', lab({ status: 'amended' })),
      entry('POST', 'Observation', observation('x', 'a', 'laboratory')),
      entry('DELETE', 'Observation/a-vital'),
      entry('GET', 'Observation/a-lab/_history'),
    )
    assert.deepEqual(statusesIn(reply.body), [200, 200, 200, 201, 204, 200], reply.body)
    assert.deepEqual(validate(JSON.parse(reply.body)), [])
    const answers = answersIn(reply.body)
    assert.equal(answers[0]?.resource?.status, 'amended')
    assert.equal(answers[1]?.resource?.total, 0)
    const past = answers[5]?.resource?.entry
    assert.equal(Array.isArray(past) && past.length, 2)
    const { response } = answers[2] ?? {}
    assert.deepEqual([response?.etag, response?.location], ['W/"2"', `${base}/Observation/a-lab/_history/2`])
    assert.match(response?.lastModified ?? '', /^2024-05-01T12:00:00/)
  })

  test('a read of what the transaction deletes fails it', async () => {
    const reply = await send(app, entry('DELETE', 'Observation/a-lab'), entry('GET', 'Observation/a-lab'))
    assert.equal(reply.status, 410)
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
  })

  const twice: [string, Entry[]][] = [
    ['two updates', [entry('PUT', 'Observation/a-lab', lab()), entry('PUT', 'Observation/a-lab', lab())]],
    [
      'an update and a deletion',
      [entry('PUT', 'Observation/a-lab', lab()), entry('DELETE', 'Observation/a-lab')],
    ],
    [
      'a condition and an id',
      [entry('PUT', 'Observation?_id=a-lab', lab()), entry('DELETE', 'Observation/a-lab')],
    ],
    [
      'two conditional creations of one thing',
      ['x', 'y'].map((id) =>
        entry('POST', 'Observation', observation(id, 'a', 'laboratory'), {
          ifNoneExist: 'identifier=urn:x|1',
        }),
      ),
    ],
    ['two entries of one name', [named(urn('1'), fine()), named(urn('1'), fine())]],
  ]
  for (const [name, entries] of twice)
    test(`${name} are refused`, async () => {
      const reply = await send(app, ...entries)
      assert.deepEqual([reply.status, JSON.parse(reply.body).issue[0].code], [400, 'invalid'])
      assert.equal((await world.repository.counts()).Observation, 8)
    })

  test('conditional entries take what they name, and others refer to it', async () => {
    const ifNoneExist = 'identifier=urn:x|1'
    const identifier = [{ system: 'urn:x', value: '1' }]
    const once = () =>
      send(
        app,
        named(
          urn('1'),
          entry(
            'POST',
            'Encounter',
            {
              resourceType: 'Encounter',
              identifier,
              status: 'finished',
              class: { code: 'AMB' },
              subject: { reference: 'Patient/a' },
            },
            { ifNoneExist },
          ),
        ),
        entry('POST', 'Observation', lab({ encounter: { reference: urn('1') } })),
      )
    assert.deepEqual(statusesIn((await once()).body), [201, 201])
    assert.deepEqual(statusesIn((await once()).body), [200, 201])
    const encounters = await world.ask(app, 'Observation?encounter=Encounter/new-1&_summary=count')
    assert.equal(JSON.parse(encounters.body).total, 2)
    const gone = await send(
      app,
      entry('DELETE', 'Observation?identifier=urn:none|1'),
      entry('DELETE', 'Encounter?identifier=urn:x|1'),
    )
    assert.deepEqual(statusesIn(gone.body), [204, 204])
  })

  test('a patch is made in both forms', async () => {
    const json = JSON.stringify([{ op: 'replace', path: '/status', value: 'amended' }])
    const binary = {
      resourceType: 'Binary',
      contentType: 'application/json-patch+json',
      data: Buffer.from(json).toString('base64'),
    }
    const part = [
      { name: 'type', valueCode: 'replace' },
      { name: 'path', valueString: 'Observation.status' },
      { name: 'value', valueCode: 'amended' },
    ]
    const parameters = { resourceType: 'Parameters', parameter: [{ name: 'operation', part }] }
    const reply = await send(
      app,
      entry('PATCH', 'Observation/a-lab', binary),
      entry('PATCH', 'Observation?_id=a-vital', parameters),
    )
    assert.deepEqual(statusesIn(reply.body), [200, 200], reply.body)
    const statuses = ['a-lab', 'a-vital'].map(
      async (id) => (await world.repository.read('Observation', id))?.resource.status,
    )
    assert.deepEqual(await Promise.all(statuses), ['amended', 'amended'])
  })

  test('a transaction judged on a version that is no longer current when it is written is kept in no part', async () => {
    const before = (await world.repository.counts()).Observation
    world.afterNextRecord(() => world.repository.update(lab({ valueString: 'somebody was faster' })))
    const reply = await send(app, fine(), entry('PUT', 'Observation/a-lab', lab({ valueString: 'mine' })))
    assert.equal(reply.status, 409)
    assert.equal((await world.repository.counts()).Observation, before)
  })
})
