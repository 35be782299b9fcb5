/** What public SMART apps and US Core clients ask, as they ask it, answered over the whole resource server. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { FhirReply } from '../../src/resource/request.ts'
import { base, callerWith, createWorld, found, nextOf, type World } from '../attacks/resource/world.ts'
import { usCoreIncludes, usCoreTypes } from './us-core-fixtures.ts'

const caller = callerWith('user/*.rs', { patient: null })
const form = 'application/x-www-form-urlencoded'
const linked = usCoreTypes.filter(({ values }) => 'patient' in values)

let world: World

before(async () => {
  world = await createWorld()
  await world.repository.putAll([
    ...usCoreTypes.map(({ resource }) => resource),
    ...linked.map(({ resource: { resourceType, id } }) => ({
      resourceType: 'Provenance',
      id: `of-${id}`,
      target: [{ reference: `${resourceType}/${id}` }],
      recorded: '2024-03-05T10:00:00Z',
      agent: [{ who: { reference: 'Practitioner/ida' } }],
    })),
    { resourceType: 'Endpoint', id: 'direct', status: 'active' },
    {
      resourceType: 'Questionnaire',
      id: 'phq-9',
      status: 'active',
      url: 'http://example.org/Questionnaire/phq-9',
      version: '1.0',
      title: 'Patient Health Questionnaire',
      date: '2023-01-01',
    },
    {
      resourceType: 'FamilyMemberHistory',
      id: 'mother',
      status: 'completed',
      patient: { reference: 'Patient/mei' },
    },
  ])
})

const get = (query: string) => world.ask(caller, query)

function checkClean(reply: FhirReply, query: string): void {
  assert.equal(reply.status, 200, `${query}: ${reply.body}`)
  assert.doesNotMatch(reply.body, /OperationOutcome/, query)
}

describe('queries of apps', () => {
  const queries: [query: string, entries: string][] = [
    ['Observation?patient=mei&code=http://loinc.org|2339-0,http://loinc.org|39156-5', 'Observation/result'],
    ['Observation?patient=mei&code=2339-0&_sort=-date&_count=1', 'Observation/result'],
    ['Observation?subject=mei&_count=3000', 'Observation/result'],
    [`Observation?subject=${base}/Patient/mei`, 'Observation/result'],
    ['Observation?patient=Patient/mei&category=laboratory,vital-signs&date=gt2020', 'Observation/result'],
    ['Observation?combo-code=2339-0&patient=mei', 'Observation/result'],
    ['Observation?code:text=nothing', ''],
    ['MedicationRequest?patient=mei&status=active', 'MedicationRequest/order'],
    ['MedicationRequest?patient=mei&authoredon=gt2020-01-01', 'MedicationRequest/order'],
    ['MedicationStatement?patient=mei&status=active&_include=MedicationStatement:medication', ''],
    ['AllergyIntolerance?patient=mei&_lastUpdated=gt2000-01-01', 'AllergyIntolerance/allergy'],
    ['DiagnosticReport?patient=mei&issued=ge2000', ''],
    ['ServiceRequest?patient=mei&authored=gt2020', 'ServiceRequest/referral'],
    ['DocumentReference?patient=mei&date=gt2020&category=clinical-note', 'DocumentReference/note'],
    ['Encounter?patient=mei&date=gt2020-01-01', 'Encounter/visit'],
    ['Immunization?patient=mei&status=completed', 'Immunization/shot'],
    [
      'Condition?patient=mei&category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item',
      'Condition/problem',
    ],
    ['Condition?encounter=Encounter/visit', 'Condition/problem'],
    ['Patient?identifier=urn:mrn|', 'Patient/mei'],
    ['Patient?name=mei&name=shaw', 'Patient/mei'],
    ['Patient?birthdate=ge2014-01-01&birthdate=le2014-12-31&deceased=true', 'Patient/mei'],
    ['Patient?family:exact=Shaw&given:contains=in', 'Patient/mei'],
    ['Patient?_id=mei,nobody&_sort=family,-birthdate,_lastUpdated', 'Patient/mei'],
    ['Patient?_has:Observation:patient:code=2339-0', 'Patient/mei'],
    ['Patient?_tag=urn:tags|x', ''],
    ['Questionnaire?url=http://example.org/Questionnaire/phq-9&version=1.0', 'Questionnaire/phq-9'],
    ['Questionnaire?title:contains=health&_sort=-date', 'Questionnaire/phq-9'],
    ['Questionnaire?title=patient&_sort=-_lastUpdated', 'Questionnaire/phq-9'],
    [
      'QuestionnaireResponse?questionnaire=http://example.org/Questionnaire/phq-9&_sort=-authored&_count=1',
      'QuestionnaireResponse/answers',
    ],
    ['QuestionnaireResponse?subject=Patient/mei', 'QuestionnaireResponse/answers'],
    ['PractitionerRole?practitioner=ida&_count=10', 'PractitionerRole/role'],
    ['FamilyMemberHistory?patient=mei', 'FamilyMemberHistory/mother'],
    ['Observation?patient=mei&', 'Observation/result'],
    ['Observation?patient=nobody', ''],
  ]
  for (const [query, entries] of queries)
    test(query, async () => {
      const reply = await get(query)
      checkClean(reply, query)
      assert.equal(found(reply).entries.join(' '), entries)
      assert.equal(found(reply).total, entries === '' ? 0 : 1)
      // No match is a Bundle without the member `entry`, and the same by form.
      assert.equal('entry' in JSON.parse(reply.body), entries !== '')
      const [type, search] = query.split('?')
      const posted = await world.ask(caller, `${type}/_search`, {
        method: 'POST',
        body: search ?? '',
        contentType: form,
      })
      assert.deepEqual(JSON.parse(posted.body).entry, JSON.parse(reply.body).entry)
    })

  test('the sort order of older versions is taken, other unknown things are told', async () => {
    checkClean(await get('Patient?_id=mei&_sort:asc=family'), '_sort:asc')
    assert.match((await get('Patient?_id=mei&_sort:asc=nonsense')).body, /OperationOutcome/)
  })

  test('_elements and summaries leave out and say so', async () => {
    const only = async (query: string) =>
      JSON.parse((await get(`Condition?_id=problem&${query}`)).body).entry[0].resource
    for (const [query, left, gone] of [
      ['_elements=code', 'code', 'subject'],
      ['_summary=true', 'code', 'category'],
      ['_summary=text', 'subject', 'code'],
      ['_summary=data', 'code', 'text'],
    ] as const) {
      const resource = await only(query)
      assert.ok(left in resource && !(gone in resource), query)
      assert.equal(resource.meta.tag.at(-1).code, 'SUBSETTED', query)
    }
    assert.equal((await only('_summary=false')).meta.tag, undefined)
    const counted = JSON.parse((await get('Condition?patient=mei&_summary=count')).body)
    assert.deepEqual([counted.total, counted.entry], [1, undefined])
  })
})

describe('US Core', () => {
  for (const { resource } of linked)
    test(`_revinclude=Provenance:target of ${resource.resourceType}`, async () => {
      const query = `${resource.resourceType}?patient=mei&_revinclude=Provenance:target`
      const reply = await get(query)
      checkClean(reply, query)
      assert.deepEqual(found(reply).entries, [
        `${resource.resourceType}/${resource.id}`,
        `Provenance/of-${resource.id}`,
      ])
      assert.equal(found(reply).total, 1)
    })

  test('inclusions', async () => {
    const included: Record<string, string> = {
      'CareTeam:participant:Practitioner': 'Practitioner/ida',
      'MedicationDispense:medication': 'Medication/pill',
      'MedicationRequest:medication': 'Medication/pill',
      'PractitionerRole:endpoint': 'Endpoint/direct',
      'PractitionerRole:practitioner': 'Practitioner/ida',
    }
    for (const include of usCoreIncludes) {
      const [type = ''] = include.split(':')
      const own = usCoreTypes.find(({ resource }) => resource.resourceType === type)?.resource
      const query = `${type}?_id=${own?.id}&_include=${include}`
      const reply = await get(query)
      checkClean(reply, query)
      const expected = [`${type}/${own?.id}`, ...(included[include] ? [included[include]] : [])]
      assert.deepEqual(found(reply).entries, expected, query)
    }
  })

  test('every parameter, inclusion and reverse inclusion of the CapabilityStatement is one that works', async () => {
    const statement = JSON.parse((await world.ask(callerWith(''), 'metadata')).body)
    const resources: {
      type: string
      searchParam?: { name: string; type: string }[]
      searchInclude?: string[]
      searchRevInclude?: string[]
    }[] = statement.rest[0].resource
    const headers = { prefer: 'handling=strict' }
    for (const { type, searchParam = [], searchInclude = [], searchRevInclude = [] } of resources) {
      const parameters = searchParam.map(({ name }) => `${name}:missing=true`)
      for (let at = 0; at < parameters.length; at += 50) {
        const query = `${type}?_count=0&${parameters.slice(at, at + 50).join('&')}`
        assert.equal((await world.ask(caller, query, { headers })).status, 200, query)
      }
      const inclusions = [
        ...searchInclude.map((value) => `_include=${value}`),
        ...searchRevInclude.map((value) => `_revinclude=${value}`),
      ]
      for (let at = 0; at < inclusions.length; at += 50) {
        const query = `${type}?_id=none&${inclusions.slice(at, at + 50).join('&')}`
        assert.equal((await world.ask(caller, query, { headers })).status, 200, query)
      }
    }
  })

  test('pages hold the whole result and nothing twice', async () => {
    const all = found(await get('Provenance?_sort=-recorded,_id&_count=1000')).entries
    const walked: string[] = []
    for (let next: string | undefined = 'Provenance?_sort=-recorded,_id&_count=5'; next; ) {
      const reply = await get(next)
      walked.push(...found(reply).entries)
      next = nextOf(reply)
    }
    assert.deepEqual(walked, all)
  })
})
