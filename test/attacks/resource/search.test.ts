/** Searches that try to find more than there is to see, and page links in the wrong hands. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Caller } from '../../../src/resource/request.ts'
import { observation } from './records.ts'
import { callerWith, createWorld, found, nextOf, type World } from './world.ts'

const attacker = callerWith('patient/*.rs')
const form = 'application/x-www-form-urlencoded'

let world: World

before(async () => {
  world = await createWorld()
})

function post(caller: Caller, target: string, body: string, contentType = form) {
  return world.ask(caller, target, { method: 'POST', body, contentType })
}

const ownObservations = ['a-lab', 'a-lab-draft', 'a-vital', 'a-vital-draft'].map((id) => `Observation/${id}`)

describe('SCOPE-20: nothing in a query widens it', () => {
  const queries = [
    '_nonsense=1',
    'patient=a&_compartment=Patient/b',
    '_sort=-_lastUpdated&_count=1000',
    'subject:Patient=a',
    'patient=a,b',
    'patient=a&_sort:asc=date',
    '_summary=false&_total=estimate',
    'status:not=entered-in-error',
    '_id:missing=false',
    '_lastUpdated=ge2000',
    'access_token=other&_format=json',
    'code=718-7&',
    '_elements=id&_elements=subject',
    '__proto__=1&constructor=2',
  ]
  for (const query of queries)
    test(query, async () => {
      const reply = await world.ask(attacker, `Observation?${query}`)
      assert.equal(reply.status, 200, reply.body)
      assert.deepEqual(found(reply).entries.toSorted(), ownObservations)
      assert.equal(found(reply).total, 4)
      assert.doesNotMatch(reply.body, /secret of b/)
    })

  const refused = [
    '_filter=subject eq Patient/b',
    '_content=secret',
    '_text=secret',
    '_list=b',
    '_query=all',
    'patient:above=b',
    'date=yesterday',
    '_count=-1',
    '_total=all',
    'patient=',
  ]
  for (const query of refused)
    test(`${query} is refused, not passed over`, async () => {
      const reply = await world.ask(attacker, `Observation?${query}`)
      assert.equal(reply.status, 400)
      assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome')
    })

  const many = (count: number, text: string) => Array.from({ length: count }, () => text)
  const endless: Record<string, string> = {
    'sort keys in one list': `_sort=${many(3000, 'date')}`,
    'sort keys one by one': many(1000, '_sort=date').join('&'),
    inclusions: many(2000, '_include=Observation:subject').join('&'),
    'reverse inclusions': many(2000, '_revinclude=Observation:has-member').join('&'),
    'unknown parameters': many(20_000, 'x=1').join('&'),
    'alternatives of dates': many(10, `date=${many(2000, 'ge1999')}`).join('&'),
    'alternatives of quantities': many(3, `value-quantity=${many(1900, 'ge1||mg')}`).join('&'),
  }
  for (const [what, body] of Object.entries(endless))
    test(`more ${what} than anybody could mean are refused`, async () => {
      const reply = await post(attacker, 'Observation/_search', body)
      assert.equal(reply.status, 400, reply.body.slice(0, 200))
    })

  test('a form of millions of parameters is refused unread', async () => {
    const reply = await post(attacker, 'Observation/_search', 'x=1&'.repeat(1_000_000))
    assert.equal(reply.status, 413)
  })

  test('large inclusions end early, and it is told', async () => {
    const own = await createWorld()
    const note = [{ text: 'x'.repeat(7 * 1024 * 1024) }]
    const parts = [1, 2, 3].map((at) => ({ ...observation(`part-${at}`, 'a', 'laboratory'), note }))
    const hasMember = parts.map(({ id }) => ({ reference: `Observation/${id}` }))
    await own.repository.putAll([...parts, { ...observation('panel', 'a', 'laboratory'), hasMember }])
    const reply = await own.ask(attacker, 'Observation?_id=panel&_include=Observation:has-member')
    assert.deepEqual(found(reply).entries, ['Observation/panel', 'Observation/part-1', 'Observation/part-2'])
    assert.match(reply.body, /Only 2 included resources/)
  })

  test('an unknown parameter is reported, and is no part of the self link', async () => {
    const reply = JSON.parse((await world.ask(attacker, 'Observation?nonsense=1&status=final')).body)
    const outcomes = reply.entry.filter(
      ({ search }: { search: { mode: string } }) => search.mode === 'outcome',
    )
    assert.equal(outcomes.length, 1)
    assert.match(outcomes[0].resource.issue[0].diagnostics, /nonsense/)
    assert.match(reply.link[0].url, /Observation\?status=final$/)
  })

  test('an unknown parameter is an error when strictness is asked for', async () => {
    const headers = { prefer: 'handling=strict' }
    assert.equal((await world.ask(attacker, 'Observation?nonsense=1', { headers })).status, 400)
  })

  test('nothing is reported when nothing was ignored', async () => {
    assert.doesNotMatch((await world.ask(attacker, 'Observation?status=final')).body, /OperationOutcome/)
  })
})

describe('parameters in URL and form', () => {
  test('both hold: neither replaces the other', async () => {
    assert.deepEqual(found(await post(attacker, 'Observation/_search?patient=a', 'patient=b')).entries, [])
    const both = await post(attacker, 'Observation/_search?status=final', 'category=laboratory')
    assert.deepEqual(found(both).entries, ['Observation/a-lab'])
  })

  for (const type of ['application/json', 'text/plain', 'multipart/form-data', ''])
    test(`a form sent as «${type}» is refused, not dropped`, async () => {
      assert.equal((await post(attacker, 'Observation/_search', 'category=vital-signs', type)).status, 415)
    })

  test('the body of a GET is not looked at', async () => {
    const reply = await world.ask(attacker, 'Observation?status=final', {
      body: 'status=preliminary',
      contentType: form,
    })
    assert.deepEqual(found(reply).entries, ['Observation/a-lab', 'Observation/a-vital'])
  })

  test('a form at the address of a create is no search and no create', async () => {
    const writer = callerWith('patient/*.cruds')
    assert.equal((await post(writer, 'Observation', 'category=vital-signs')).status, 415)
  })
})

describe('page links', () => {
  const first = (caller: Caller) => world.ask(caller, 'Observation?_count=2')

  test('work for the same grant after a refresh, and after a search by form', async () => {
    const refreshed = { ...attacker, tokenId: 'token-2' }
    const pages = [await first(attacker), await post(attacker, 'Observation/_search', '_count=2')]
    for (const page of pages) {
      const next = await world.ask(refreshed, nextOf(page) ?? '')
      assert.deepEqual([...found(page).entries, ...found(next).entries].toSorted(), ownObservations)
      assert.deepEqual([found(page).total, found(next).total], [4, 4])
    }
  })

  const thieves: [string, Caller][] = [
    ['another grant of the same user', callerWith('patient/*.rs', { grantId: 'grant-2' })],
    ['another app', { ...attacker, clientId: 'app-2' }],
    ['another user', { ...attacker, user: 'user-2' }],
    ['another patient’s app', callerWith('patient/*.rs', { patient: 'b', grantId: 'grant-b' })],
  ]
  for (const [name, thief] of thieves)
    test(`are useless to ${name}`, async () => {
      const link = nextOf(await first(attacker)) ?? ''
      const reply = await world.ask(thief, link)
      assert.equal(reply.status, 404)
      assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome')
    })

  test('are decided anew: a grant that was narrowed sees no more than it may now', async () => {
    const link = nextOf(await first(attacker)) ?? ''
    assert.equal((await world.ask(callerWith('patient/Condition.rs'), link)).status, 403)
    const moved = await world.ask(callerWith('patient/*.rs', { patient: 'b' }), link)
    assert.doesNotMatch(moved.body, /secret of a/)
  })

  test('serve the search they were made for and no other type', async () => {
    const link = nextOf(await first(attacker)) ?? ''
    for (const target of ['Condition', 'Patient/a/Observation'])
      assert.equal((await world.ask(attacker, link.replace('Observation', target))).status, 404)
  })

  test('take no parameters beside them', async () => {
    const link = nextOf(await world.ask(attacker, 'Observation?status=final&_count=1')) ?? ''
    const reply = await world.ask(attacker, `${link}&status=preliminary&_include=Observation:subject`)
    assert.deepEqual(found(reply).entries, ['Observation/a-vital'])
  })

  for (const forged of ['', 'AAAA', 'eyJvZiI6Ik9ic2VydmF0aW9uIn0', 'x'.repeat(5000)])
    test(`that are forged are told so: «${forged.slice(0, 30)}»`, async () => {
      assert.equal((await world.ask(attacker, `Observation?_page=${forged}`)).status, 404)
    })

  test('show nothing of the search', async () => {
    const link = nextOf(await world.ask(attacker, 'Observation?code=718-7&_count=1')) ?? ''
    assert.doesNotMatch(link, /718|count|row/)
  })
})

describe('inclusions', () => {
  const targets: [string, string, string, string[]][] = [
    [
      'reference data that a scope names',
      'patient/MedicationRequest.rs patient/Medication.r',
      'MedicationRequest?_include=MedicationRequest:medication',
      ['MedicationRequest/a-order', 'Medication/pill'],
    ],
    [
      'not what no scope names',
      'patient/MedicationRequest.rs',
      'MedicationRequest?_include=MedicationRequest:medication',
      ['MedicationRequest/a-order'],
    ],
    [
      'each once, however often it is asked',
      'patient/*.rs',
      'MedicationRequest?_include=MedicationRequest:medication&_include=MedicationRequest:medication&_include=MedicationRequest:patient',
      ['MedicationRequest/a-order', 'Medication/pill', 'Patient/a'],
    ],
    [
      'only of the wanted type',
      'patient/*.rs',
      'Provenance?_include=Provenance:target:Patient',
      ['Provenance/a-source', 'Patient/a'],
    ],
    [
      'what points to a match',
      'patient/*.rs',
      'Observation?_id=a-lab&_revinclude=Provenance:target',
      ['Observation/a-lab', 'Provenance/a-source'],
    ],
    [
      'no match a second time',
      'patient/*.rs',
      'Patient?_include=Patient:link&_revinclude=Provenance:target',
      ['Patient/a', 'Provenance/a-source'],
    ],
  ]
  for (const [name, scopes, target, expected] of targets)
    test(`have ${name}`, async () => {
      assert.deepEqual(found(await world.ask(callerWith(scopes), target)).entries, expected)
    })

  const wide: [string, string, string[]][] = [
    ['patient/*.rs', '_include=*', ['Patient/a']],
    ['patient/*.rs', '_include=Observation:*', ['Patient/a']],
    ['patient/*.rs', '_include:iterate=Observation:subject', ['Patient/a']],
    ['patient/*.rs', '_revinclude=*', ['DiagnosticReport/a-report', 'Provenance/a-source']],
    ['patient/*.rs', '_revinclude=Provenance:*', ['Provenance/a-source']],
    [
      'patient/*.rs',
      '_include:iterate=*&_include:iterate=Patient:general-practitioner',
      ['Patient/a', 'Practitioner/doctor'],
    ],
    ['patient/*.rs', '_include=*&_include=Patient:general-practitioner', ['Patient/a']],
    // What is not shown leads nowhere.
    ['patient/Observation.rs patient/Practitioner.rs', '_include:iterate=*', []],
    ['patient/Observation.rs patient/DiagnosticReport.r', '_revinclude=*', []],
    [
      'patient/Observation.rs patient/DiagnosticReport.rs',
      '_revinclude:iterate=*&_include:iterate=*',
      ['DiagnosticReport/a-report'],
    ],
  ]
  for (const [scopes, query, included] of wide)
    test(`${query} with ${scopes} has what is in reach, and nothing of the other record`, async () => {
      const reply = await world.ask(callerWith(scopes), `Observation?_id=a-lab&${query}`)
      assert.deepEqual(found(reply).entries.toSorted(), [...included, 'Observation/a-lab'].toSorted())
      assert.doesNotMatch(reply.body, /secret of b|Family-b/)
    })

  test('do not count into the total', async () => {
    const reply = await world.ask(
      attacker,
      'Observation?_include=Observation:subject&_revinclude=Provenance:target',
    )
    assert.equal(found(reply).total, 4)
  })
})

test('the query alone had narrowed everything: no check after it ever dropped a match', () => {
  assert.deepEqual(world.faults, [])
})
