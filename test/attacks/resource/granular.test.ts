/** Granular scopes on every path: what the filter leaves out stays closed, whichever way it is approached. */
import assert from 'node:assert/strict'
import { before, beforeEach, describe, test } from 'node:test'
import { admitted, labs, searchesForAll, vainSearches } from './laboratory.ts'
import { observation } from './records.ts'
import { callerWith, createWorld, found, nextOf, type World } from './world.ts'

const form = 'application/x-www-form-urlencoded'

let world: World

before(async () => {
  world = await createWorld()
})

describe('SCOPE-17: laboratory results only', () => {
  const caller = callerWith(labs)

  test('a result is read, a vital sign is told like nothing', async () => {
    assert.equal((await world.ask(caller, 'Observation/a-lab')).status, 200)
    for (const target of ['Observation/a-vital', 'Observation/a-vital/_history/1'])
      assert.equal((await world.ask(caller, target)).status, 404)
  })

  for (const target of searchesForAll)
    test(`${target} finds and counts results only`, async () => {
      const reply = found(await world.ask(caller, target))
      assert.deepEqual(reply.entries.toSorted(), admitted)
      assert.equal(reply.total, admitted.length)
    })

  for (const target of vainSearches)
    test(`${target} finds nothing`, async () => {
      assert.deepEqual(found(await world.ask(caller, target)), { entries: [], total: 0 })
    })

  test('a search by form is narrowed in the same way', async () => {
    const reply = await world.ask(caller, 'Observation/_search', {
      method: 'POST',
      body: 'patient=a',
      contentType: form,
    })
    assert.deepEqual(found(reply), { entries: admitted, total: 2 })
  })

  test('a count tells of results only', async () => {
    for (const query of ['_summary=count', '_count=0', '_summary=count&category=vital-signs,laboratory'])
      assert.equal(found(await world.ask(caller, `Observation?${query}`)).total, 2)
    assert.equal(found(await world.ask(caller, 'Observation?category=vital-signs&_summary=count')).total, 0)
  })

  test('pages go through results only, each once, with the same total', async () => {
    const first = await world.ask(caller, 'Observation?_count=1')
    const second = await world.ask(caller, nextOf(first) ?? '')
    assert.deepEqual([...found(first).entries, ...found(second).entries], admitted)
    assert.deepEqual([found(first).total, found(second).total], [2, 2])
    assert.equal(nextOf(second), undefined)
  })

  test('sending members only does not take the check away', async () => {
    assert.equal((await world.ask(caller, 'Observation/a-vital?_elements=id')).status, 404)
    assert.deepEqual(found(await world.ask(caller, 'Observation?_elements=code')).entries, admitted)
    assert.deepEqual(
      found(await world.ask(caller, 'Observation?_elements=category&_summary=text')).entries,
      admitted,
    )
  })

  test('an inclusion of what the filter leaves out is left out', async () => {
    const both = callerWith(`patient/DiagnosticReport.rs patient/Observation.rs?category=vital-signs`)
    const reply = await world.ask(both, 'DiagnosticReport?_include=DiagnosticReport:result')
    assert.deepEqual(found(reply), { entries: ['DiagnosticReport/a-report'], total: 1 })
  })

  test('an inclusion needs r, a reverse inclusion s, on the type that is included', async () => {
    const searchOnly = callerWith('patient/DiagnosticReport.rs patient/Observation.s')
    const included = await world.ask(searchOnly, 'DiagnosticReport?_include=DiagnosticReport:result')
    assert.deepEqual(found(included).entries, ['DiagnosticReport/a-report'])
    const readOnly = callerWith('patient/Observation.rs patient/DiagnosticReport.r')
    const reverse = await world.ask(readOnly, 'Observation?_id=a-lab&_revinclude=DiagnosticReport:result')
    assert.deepEqual(found(reverse).entries, ['Observation/a-lab'])
  })

  test('a reverse inclusion is narrowed by the filter of its own type', async () => {
    const scopes = 'patient/Patient.rs patient/Observation.rs?category=vital-signs&status=final'
    const reply = await world.ask(callerWith(scopes), 'Patient?_revinclude=Observation:subject')
    assert.deepEqual(found(reply).entries, ['Patient/a', 'Observation/a-vital'])
  })
})

describe('SCOPE-17: two filtered scopes are two slices, never their cross product', () => {
  const scopes = ['category=laboratory&status=final', 'category=vital-signs&status=preliminary']
  const caller = callerWith(scopes.map((filter) => `patient/Observation.rs?${filter}`).join(' '))

  test('search and count', async () => {
    const reply = found(await world.ask(caller, 'Observation'))
    assert.deepEqual(reply, { entries: ['Observation/a-lab', 'Observation/a-vital-draft'], total: 2 })
  })

  for (const [id, status] of [
    ['a-lab', 200],
    ['a-vital-draft', 200],
    ['a-lab-draft', 404],
    ['a-vital', 404],
  ] as const)
    test(`${id} answers ${status}`, async () => {
      assert.equal((await world.ask(caller, `Observation/${id}`)).status, status)
    })

  test('letters do not cross either', async () => {
    const mixed = callerWith('patient/Observation.r?status=final patient/Observation.s?status=preliminary')
    assert.equal((await world.ask(mixed, 'Observation/a-lab')).status, 200)
    assert.equal((await world.ask(mixed, 'Observation/a-lab-draft')).status, 404)
    const { entries } = found(await world.ask(mixed, 'Observation'))
    assert.deepEqual(entries, ['Observation/a-lab-draft', 'Observation/a-vital-draft'])
  })
})

describe('AMB-25: writes within a filter', () => {
  const caller = callerWith(labs)

  beforeEach(async () => {
    world = await createWorld()
  })

  const refused: [string, string, string, object, number][] = [
    [
      'what the filter leaves out cannot be created',
      'POST',
      'Observation',
      observation('x', 'a', 'vital-signs'),
      403,
    ],
    [
      'a result cannot be made a vital sign',
      'PUT',
      'Observation/a-lab',
      observation('a-lab', 'a', 'vital-signs'),
      403,
    ],
    [
      'a vital sign cannot be made a result',
      'PUT',
      'Observation/a-vital',
      observation('a-vital', 'a', 'laboratory'),
      404,
    ],
    [
      'a result cannot lose its category',
      'PUT',
      'Observation/a-lab',
      { ...observation('a-lab', 'a', 'x'), category: [] },
      403,
    ],
  ]
  for (const [name, method, target, body, status] of refused)
    test(name, async () => {
      const start = await world.repository.counts()
      assert.equal((await world.ask(caller, target, { method, body })).status, status)
      assert.deepEqual(await world.repository.counts(), start)
      assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
      assert.equal((await world.repository.read('Observation', 'a-vital'))?.version, '1')
    })

  test('a result may be created and changed', async () => {
    const body = observation('a-lab', 'a', 'laboratory', 'amended')
    assert.equal((await world.ask(caller, 'Observation', { method: 'POST', body })).status, 201)
    assert.equal((await world.ask(caller, 'Observation/a-lab', { method: 'PUT', body })).status, 200)
  })
})

describe('SCOPE-17: a filter that cannot be told admits nothing', () => {
  const filters = [
    'nonsense=1',
    'category:in=http://example.org/set',
    'patient.birthdate=1990',
    '_filter=status eq final',
    '_has:Provenance:target:agent=x',
    'status=final&nonsense=1',
  ]
  for (const filter of filters.map((text) => text.replaceAll(' ', '%20')))
    test(filter, async () => {
      const caller = callerWith(`patient/Observation.rs?${filter}`)
      const search = await world.ask(caller, 'Observation')
      if (search.status === 200) assert.deepEqual(found(search), { entries: [], total: 0 })
      assert.ok([403, 404].includes((await world.ask(caller, 'Observation/a-lab')).status))
    })

  test('and when it withholds, it withholds all', async () => {
    const withheld = [
      { type: 'Observation', compartments: [], filter: [{ parameter: 'nonsense', value: '1' }] },
    ]
    const caller = callerWith('patient/*.rs', { withheld })
    assert.equal((await world.ask(caller, 'Observation/a-lab')).status, 404)
    assert.deepEqual(found(await world.ask(caller, 'Observation')), { entries: [], total: 0 })
  })
})

describe('RSRC-09: the user’s rights and withheld slices hold whatever the scope says', () => {
  before(async () => {
    world = await createWorld()
  })

  const own = [
    { letters: ['r', 's'], slice: { type: '*', compartments: ['Patient/a'], filter: [] } },
  ] as const

  test('a user scope reaches no further than its user', async () => {
    const caller = callerWith('user/*.cruds', { rights: own, patient: null })
    assert.equal((await world.ask(caller, 'Observation/a-lab')).status, 200)
    assert.equal((await world.ask(caller, 'Observation/b-lab')).status, 404)
    assert.deepEqual(found(await world.ask(caller, 'Patient')), { entries: ['Patient/a'], total: 1 })
    const written = await world.ask(caller, 'Observation', {
      method: 'POST',
      body: observation('x', 'a', 'laboratory'),
    })
    assert.equal(written.status, 403)
  })

  test('what is withheld is not read, found, counted or included', async () => {
    const filter = [{ parameter: 'status', value: 'preliminary' }]
    const withheld = [{ type: 'Observation', compartments: [], filter }]
    const caller = callerWith('patient/*.rs', { withheld })
    assert.equal((await world.ask(caller, 'Observation/a-lab-draft')).status, 404)
    const { entries, total } = found(await world.ask(caller, 'Observation'))
    assert.deepEqual([entries, total], [['Observation/a-lab', 'Observation/a-vital'], 2])
    const reverse = await world.ask(caller, 'Patient?_revinclude=Observation:subject')
    assert.equal(found(reverse).entries.includes('Observation/a-lab-draft'), false)
  })
})
