/** What every store of records must do, whichever database is behind it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isVersionConflict, type Repository, type SearchPage } from '../../src/resource/repository.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import type { Resource } from '../../src/smart/resource.ts'
import type { Reach } from '../../src/smart/slice.ts'
import { everything, observation, slice, ward } from './repository-fixtures.ts'
import { dates, numbers, type Question, references, strings, tokens } from './repository-questions.ts'

/** A repository on empty tables, at a clock that stands at `time.now` milliseconds. */
export interface Made {
  readonly repository: Repository
  readonly time: { now: number }
  close(): void
}

export const base = 'http://here.example/fhir'
export const start = Date.UTC(2024, 6, 1)

/** Searches with a query as it stands in a URL, but not percent-encoded. */
export function find(
  repository: Repository,
  query: string,
  reach: Reach = everything,
  cursor?: string,
): Promise<SearchPage> {
  const [type = '', rest = ''] = query.split('?')
  const parameters = rest
    .split('&')
    .filter(Boolean)
    .map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)] as const)
  const { plan } = planSearch({ type, parameters, reach, base, strict: false, ...(cursor && { cursor }) })
  return repository.search(plan)
}

const idsOf = (page: SearchPage) => page.matches.map(({ id }) => id)

/** Runs the contract on what `make` gives. */
export function repositoryContract(name: string, make: () => Made): void {
  const contract = (title: string, run: (made: Made) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const made = make()
      try {
        await run(made)
      } finally {
        made.close()
      }
    })
  const onWard = (title: string, run: (made: Made) => Promise<void>) =>
    contract(title, async (made) => {
      await made.repository.putAll(ward)
      await run(made)
    })
  versions(contract)
  searches(onWard)
  reaches(onWard)
  pages(onWard)
}

type Contract = (title: string, run: (made: Made) => Promise<void>) => void

function versions(contract: Contract): void {
  const mei: Resource = { resourceType: 'Patient', id: 'mei', gender: 'female' }

  contract('a created resource has an id, a version and an instant', async ({ repository }) => {
    const stored = await repository.create({ resourceType: 'Patient', meta: { tag: [{ code: 'a' }] } })
    assert.match(stored.id, /^[0-9a-f-]{36}$/)
    assert.equal(stored.version, '1')
    assert.equal(stored.lastUpdated, '2024-07-01T00:00:00.000Z')
    const expected = { tag: [{ code: 'a' }], versionId: '1', lastUpdated: stored.lastUpdated }
    assert.deepEqual(stored.resource, { resourceType: 'Patient', id: stored.id, meta: expected })
    assert.deepEqual(JSON.parse(stored.json), stored.resource)
    assert.deepEqual((await repository.read('Patient', stored.id))?.json, stored.json)
    assert.deepEqual(await repository.counts(), { Patient: 1 })
  })

  contract('create refuses an id that is taken', async ({ repository }) => {
    await repository.create(mei)
    await assert.rejects(repository.create(mei), isVersionConflict)
  })

  contract('every version stays readable', async ({ repository, time }) => {
    assert.equal((await repository.update(mei)).created, true)
    time.now += 1000
    const { stored, created } = await repository.update({ ...mei, gender: 'other' })
    assert.deepEqual([stored.version, stored.lastUpdated, created], ['2', '2024-07-01T00:00:01.000Z', false])
    assert.equal((await repository.vread('Patient', 'mei', '1'))?.resource.gender, 'female')
    assert.equal((await repository.vread('Patient', 'mei', '2'))?.resource.gender, 'other')
    for (const version of ['3', '0', 'x', '1.0', '99999999999999999999']) {
      assert.equal(await repository.vread('Patient', 'mei', version), undefined)
    }
    assert.deepEqual(
      (await repository.history('Patient', 'mei')).map(({ version }) => version),
      ['2', '1'],
    )
  })

  contract(
    'the same content makes no version, whatever meta says of versions',
    async ({ repository, time }) => {
      const first = await repository.update({ ...mei, meta: { versionId: '9', source: 'urn:a' } })
      time.now += 1000
      const again = await repository.update({
        id: 'mei',
        meta: { source: 'urn:a' },
        gender: 'female',
        resourceType: 'Patient',
      })
      assert.deepEqual([again.unchanged, again.created, again.stored.json], [true, false, first.stored.json])
      assert.deepEqual(await repository.putAll([{ ...mei, meta: { source: 'urn:a' } }]), {
        created: 0,
        updated: 0,
        unchanged: 1,
      })
      assert.equal((await repository.history('Patient', 'mei')).length, 1)
    },
  )

  contract('a writer that expected another version is refused', async ({ repository }) => {
    await assert.rejects(repository.update(mei, { ifMatch: '1' }), isVersionConflict)
    await repository.update(mei, { ifAbsent: true })
    await assert.rejects(repository.update(mei, { ifAbsent: true }), isVersionConflict)
    await repository.update({ ...mei, gender: 'other' }, { ifMatch: '1' })
    await assert.rejects(
      repository.update({ ...mei, gender: 'male' }, { ifMatch: '1' }),
      (error) => isVersionConflict(error) && error.current === '2',
    )
    assert.equal((await repository.read('Patient', 'mei'))?.resource.gender, 'other')
  })

  contract(
    'a deleted resource is a version without content, and is found no more',
    async ({ repository }) => {
      await repository.create(mei)
      const ended = await repository.delete('Patient', 'mei')
      assert.deepEqual([ended?.deleted, ended?.version, ended?.json], [true, '2', ''])
      assert.equal(await repository.delete('Patient', 'mei'), undefined)
      assert.equal((await repository.read('Patient', 'mei'))?.deleted, true)
      assert.deepEqual(await repository.readMany([{ type: 'Patient', id: 'mei' }]), [])
      assert.deepEqual(await find(repository, 'Patient'), { matches: [], total: 0 })
      assert.deepEqual(await find(repository, 'Patient?gender=female'), { matches: [], total: 0 })
      assert.deepEqual(await repository.counts(), {})
      const back = await repository.update(mei)
      assert.deepEqual([back.created, back.stored.version], [true, '3'])
      assert.deepEqual(idsOf(await find(repository, 'Patient?gender=female')), ['mei'])
    },
  )

  contract('putAll writes all or nothing', async ({ repository }) => {
    const unwritable = { resourceType: 'Patient', id: 'bad', size: 1n } as Resource
    await assert.rejects(
      repository.putAll([{ ...mei, meta: { tag: [{ system: 'urn:new', code: 'x' }] } }, unwritable]),
    )
    assert.equal(await repository.read('Patient', 'mei'), undefined)
    // Numbers that were given to parameters and systems in the lost transaction must not be used again as if they held.
    await repository.putAll([{ ...mei, meta: { tag: [{ system: 'urn:new', code: 'x' }] } }])
    assert.deepEqual(idsOf(await find(repository, 'Patient?_tag=urn:new|x')), ['mei'])
  })

  contract('an update moves a resource in every index', async ({ repository }) => {
    const seen = { patient: 'mei', category: 'laboratory', code: 'a', at: '2024', value: 1 }
    await repository.update(observation('o', seen))
    await repository.update(observation('o', { ...seen, patient: 'tom', code: 'b', at: '2025', value: 2 }))
    for (const gone of ['patient=mei', 'code=a', 'date=2024', 'value-quantity=1']) {
      assert.deepEqual(idsOf(await find(repository, `Observation?${gone}`)), [], gone)
    }
    const inCompartment = (id: string) => ({ within: [slice('*', [`Patient/${id}`])], without: [] })
    assert.deepEqual(idsOf(await find(repository, 'Observation', inCompartment('mei'))), [])
    assert.deepEqual(idsOf(await find(repository, 'Observation?code=b', inCompartment('tom'))), ['o'])
  })
}

function searches(onWard: Contract): void {
  const ask = (title: string, questions: readonly Question[]) =>
    onWard(title, async ({ repository }) => {
      for (const [query, ids] of questions) {
        const page = await find(repository, query)
        assert.equal(idsOf(page).sort().join(' '), ids, query)
        assert.equal(page.total, ids === '' ? 0 : ids.split(' ').length, `total of ${query}`)
      }
    })
  ask('tokens', tokens)
  ask('strings and uris', strings)
  ask('dates', dates)
  ask('numbers and quantities', numbers)
  ask('references', references)

  onWard('_lastUpdated', async ({ repository, time }) => {
    time.now += 60_000
    await repository.update({ resourceType: 'Patient', id: 'mei', active: true })
    assert.deepEqual(idsOf(await find(repository, 'Patient?_lastUpdated=gt2024-07-01T00:00:30Z')), ['mei'])
    assert.deepEqual(idsOf(await find(repository, 'Patient?_lastUpdated=2024-07-01T00:00:00.000Z')), [
      'tom',
      'no-name',
    ])
    assert.deepEqual(idsOf(await find(repository, 'Patient?_sort=-_lastUpdated&_count=1')), ['mei'])
  })

  onWard('readMany gives each that exists once, in the order asked', async ({ repository }) => {
    const asked = ['tom', 'nobody', 'mei', 'tom'].map((id) => ({ type: 'Patient', id }))
    assert.deepEqual(
      (await repository.readMany(asked)).map(({ id }) => id),
      ['tom', 'mei'],
    )
  })

  onWard('long lists of alternatives', async ({ repository }) => {
    const many = (make: (at: number) => string) => Array.from({ length: 1500 }, (_, at) => make(at)).join(',')
    const queries = [
      `Observation?patient=mei,${many((at) => `Patient/p${at}`)}`,
      `Observation?patient=mei&code=8302-2,2339-0,5221-7,${many((at) => `urn:s|${at}`)}`,
      `Observation?patient=mei&date=2023,2024,${many((at) => String(3000 + at))}`,
    ]
    for (const query of queries) {
      assert.deepEqual(idsOf(await find(repository, query)).sort(), [
        'glucose',
        'height-1',
        'height-2',
        'secret',
      ])
    }
    assert.deepEqual(idsOf(await find(repository, `Patient?_id=mei,${many((at) => `p${at}`)}`)), ['mei'])
  })
}

function reaches(onWard: Contract): void {
  const cases: readonly [title: string, reach: Reach, query: string, ids: string][] = [
    ['no slice, nothing', { within: [], without: [] }, 'Patient', ''],
    ['another type, nothing', { within: [slice('Encounter')], without: [] }, 'Patient', ''],
    [
      'a compartment',
      { within: [slice('*', ['Patient/mei'])], without: [] },
      'Observation',
      'by-mei glucose height-1 height-2 secret',
    ],
    [
      'a compartment and a query',
      { within: [slice('*', ['Patient/tom'])], without: [] },
      'Observation?code=2339-0',
      'toms',
    ],
    [
      'a compartment against the query',
      { within: [slice('*', ['Patient/tom'])], without: [] },
      'Observation?patient=mei',
      '',
    ],
    [
      'a patient, and those linked to one',
      { within: [slice('*', ['Patient/mei'])], without: [] },
      'Patient',
      'mei tom',
    ],
    [
      'several compartments',
      { within: [slice('*', ['Patient/mei']), slice('*', ['Patient/tom'])], without: [] },
      'Observation?category=laboratory',
      'glucose secret toms',
    ],
    [
      'two compartments at once',
      { within: [slice('*', ['Patient/mei', 'Patient/tom'])], without: [] },
      'Observation',
      'by-mei',
    ],
    [
      'a compartment that is no patient',
      { within: [slice('*', ['Practitioner/ida'])], without: [] },
      'Observation',
      '',
    ],
    [
      'a filter',
      { within: [slice('Observation', [], 'category=laboratory')], without: [] },
      'Observation',
      'glucose secret toms',
    ],
    [
      'a filter in a compartment',
      { within: [slice('Observation', ['Patient/mei'], 'category=laboratory')], without: [] },
      'Observation',
      'glucose secret',
    ],
    [
      'a filter of two items',
      { within: [slice('Observation', [], 'category=laboratory', 'code=2339-0')], without: [] },
      'Observation?patient=mei',
      'glucose',
    ],
    [
      'filters add up',
      {
        within: [
          slice('Observation', ['Patient/tom'], 'category=survey'),
          slice('Observation', ['Patient/mei'], 'category=vital-signs'),
        ],
        without: [],
      },
      'Observation',
      'by-mei height-1 height-2',
    ],
    [
      'without a filter',
      { within: [slice('*', ['Patient/mei'])], without: [slice('*', [], '_security=R')] },
      'Observation',
      'by-mei glucose height-1 height-2',
    ],
    [
      'without a compartment',
      { within: [slice('*')], without: [slice('Observation', ['Patient/mei'])] },
      'Observation',
      'bare toms',
    ],
    [
      'an unknown filter opens nothing',
      { within: [slice('Observation', [], 'colour=red')], without: [] },
      'Observation',
      '',
    ],
    [
      'a bad filter value opens nothing',
      { within: [slice('Observation', [], 'date=soon')], without: [] },
      'Observation',
      '',
    ],
    [
      'a chain in a filter opens nothing',
      { within: [slice('Observation', [], 'patient.name=mei')], without: [] },
      'Observation',
      '',
    ],
    [
      'an unknown filter holds all back',
      { within: [slice('*')], without: [slice('Observation', [], 'colour=red')] },
      'Observation',
      '',
    ],
    [
      'an unknown filter holds a compartment back',
      { within: [slice('*')], without: [slice('*', ['Patient/mei'], 'colour=red')] },
      'Observation',
      'bare toms',
    ],
    [
      'an unknown filter of another type',
      { within: [slice('*')], without: [slice('Encounter', [], 'colour=red')] },
      'Patient',
      'mei no-name tom',
    ],
    [
      'across types',
      { within: [slice('*', ['Patient/mei']), slice('Device', [], 'patient=Patient/mei')], without: [] },
      '*',
      'by-mei glucose height-1 height-2 mei pump risk secret tom visit',
    ],
    [
      'across types by a filter that few have',
      { within: [slice('*', [], 'category=laboratory')], without: [] },
      '*',
      'glucose secret toms',
    ],
    [
      'across types, held back by a filter that few have',
      { within: [slice('*', ['Patient/mei'])], without: [slice('*', [], 'category=laboratory')] },
      '*',
      'by-mei height-1 height-2',
    ],
    ['across types with a query', { within: [slice('*')], without: [] }, '*?_tag=vip', 'mei'],
  ]
  for (const [title, reach, query, ids] of cases) {
    onWard(`reach: ${title}`, async ({ repository }) => {
      const page = await find(repository, query, reach)
      assert.equal(idsOf(page).sort().join(' '), ids)
      assert.equal(page.total, ids === '' ? 0 : ids.split(' ').length)
      const [counted] = [await find(repository, `${query}${query.includes('?') ? '&' : '?'}_count=0`, reach)]
      assert.deepEqual(counted, { matches: [], total: page.total })
    })
  }
}

function pages(onWard: Contract): void {
  async function walk(repository: Repository, query: string, between?: (page: number) => Promise<unknown>) {
    const ids: string[] = []
    let page = await find(repository, query)
    for (let number = 1; ; number++) {
      ids.push(...idsOf(page))
      if (!page.next) return ids
      await between?.(number)
      page = await find(repository, query, everything, page.next)
    }
  }

  onWard('sorting, with resources that lack the value at the end', async ({ repository }) => {
    const sorted = async (sort: string) =>
      idsOf(await find(repository, `Observation?_sort=${sort}`)).join(' ')
    assert.equal(await sorted('date'), 'by-mei height-1 toms bare glucose height-2 secret')
    assert.equal(await sorted('-date'), 'secret height-2 glucose bare toms height-1 by-mei')
    assert.equal(await sorted('-value-quantity'), 'height-2 height-1 glucose toms secret by-mei bare')
    assert.equal(await sorted('value-quantity'), 'toms glucose height-1 height-2 secret by-mei bare')
    assert.equal(await sorted('status,-date'), 'toms secret height-2 glucose height-1 by-mei bare')
    assert.equal(await sorted('-_id'), 'toms secret height-2 height-1 glucose by-mei bare')
  })

  onWard('pages join without gap or repetition, in any order', async ({ repository }) => {
    for (const sort of [
      '',
      '&_sort=date',
      '&_sort=-date',
      '&_sort=-value-quantity',
      '&_sort=value-quantity,_id',
      '&_sort=-_lastUpdated',
      '&_sort=category,-code',
    ]) {
      const whole = idsOf(await find(repository, `Observation?_count=100${sort}`))
      for (const count of [1, 2, 3, 6, 7]) {
        assert.deepEqual(
          await walk(repository, `Observation?_count=${count}${sort}`),
          whole,
          `${sort} by ${count}`,
        )
      }
    }
  })

  onWard('pages stay in step while others write', async ({ repository }) => {
    const seen = { patient: 'tom', category: 'survey', code: 'x', at: '2000' }
    const insert = (page: number) =>
      repository.create(observation(`early-${page}`, { ...seen, at: `19${10 + page}` }))
    const before = idsOf(await find(repository, 'Observation?_sort=date'))
    assert.deepEqual(await walk(repository, 'Observation?_sort=date&_count=2', insert), before)
    const removeSeen = (page: number) => repository.delete('Observation', `early-${page}`)
    const now = idsOf(await find(repository, 'Observation?_sort=date'))
    assert.deepEqual(await walk(repository, 'Observation?_sort=date&_count=2', removeSeen), now)
  })

  onWard('a total is given on the first page, and when it is asked for', async ({ repository }) => {
    const first = await find(repository, 'Observation?_count=2')
    assert.deepEqual([first.total, first.matches.length], [7, 2])
    const next = async (query: string) => (await find(repository, query, everything, first.next)).total
    assert.equal(await next('Observation?_count=2'), undefined)
    assert.equal(await next('Observation?_count=2&_total=accurate'), 7)
    assert.equal((await find(repository, 'Observation?_count=2&_total=none')).total, undefined)
    assert.deepEqual(await find(repository, 'Observation?_summary=count'), { matches: [], total: 7 })
  })

  onWard('a page link gives nothing beyond a reach', async ({ repository }) => {
    const { next } = await find(repository, 'Observation?_count=1')
    const narrow: Reach = { within: [slice('*', ['Patient/tom'])], without: [] }
    const { matches } = await find(repository, 'Observation', narrow, next)
    assert.deepEqual(
      matches.map(({ id }) => id),
      ['toms', 'by-mei'],
    )
  })
}
