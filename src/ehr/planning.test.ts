import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Params } from '../http/params.ts'
import { canEmbed, launchable, originsOf } from './app-origins.ts'
import type { SandboxAccount } from './deps.ts'
import { appOf, parsePlan, planQuery, problemOf } from './launch-plan.ts'
import { firstPaths } from './patient-search.ts'
import type { AppSummary } from './ports.ts'

const app: AppSummary = {
  clientId: 'growth',
  name: 'Growth',
  launchUrl: 'http://localhost:9000/launch',
  redirectUris: [
    'http://localhost:9000/app',
    'https://cdn.example/app',
    'javascript:alert(1)',
    'my-app://cb',
  ],
}
const accounts: SandboxAccount[] = [
  { username: 'dr.lin', name: 'Dr Lin', role: 'physician', records: [] },
  { username: 'patient.amara', name: 'Amara', role: 'patient', records: [] },
]
const plan = (query: string) => parsePlan(Params.parse(query))
const problem = (query: string) => problemOf(plan(query), appOf(plan(query), [app]), accounts)

test('patient search: birth dates in the ways people write them', () => {
  for (const text of ['1987-04-23', '1987/4/23', ' 19870423 '])
    assert.deepEqual(firstPaths(text), ['Patient?birthdate=1987-04-23&_sort=family&_count=20'])
  assert.match(firstPaths('1987-02-30')[0] ?? '', /identifier=1987-02-30/)
})

test('patient search: every word of a name; a number may be a record number or part of a name', () => {
  assert.deepEqual(firstPaths('Lin, Mei'), ['Patient?name=Lin&name=Mei&_sort=family&_count=20'])
  assert.deepEqual(
    firstPaths('MRN-7').map((path) => path.split('&')[0]),
    ['Patient?identifier=MRN-7', 'Patient?name=MRN-7'],
  )
  assert.deepEqual(firstPaths('  '), ['Patient?_sort=-_lastUpdated&_count=20'])
})

test('patient search: what is typed stays a value', () => {
  const query = new URLSearchParams(firstPaths('a|1&_id=9')[0]?.split('?')[1])
  assert.equal(query.get('identifier'), 'a\\|1&_id=9')
  assert.equal(query.get('_id'), null)
})

test('LNCH-01: only the origins an app registered may be framed or reached, and never a script', () => {
  assert.deepEqual(originsOf(app), ['http://localhost:9000', 'https://cdn.example', 'my-app:'])
  assert.deepEqual(launchable([{ clientId: 'x', name: 'X', redirectUris: [] }, app]), [app])
})

test('an app is embedded at our own host only, whatever its port', () => {
  assert.equal(canEmbed(app, 'http://localhost:8080'), true)
  assert.equal(canEmbed(app, 'http://127.0.0.1:8080'), false)
  assert.equal(canEmbed(app, 'https://localhost'), false)
  assert.equal(canEmbed({ ...app, launchUrl: 'nonsense' }, 'http://localhost'), false)
})

test('LNCH-10: a plan is a registered app, launched by somebody who can', () => {
  assert.equal(problem('kind=ehr'), 'no-app')
  assert.equal(problem('client=other'), 'unknown-app')
  assert.equal(problem('launch_url=http://localhost:9000/launch2'), 'unknown-app')
  assert.equal(problem('launch_url=http://localhost:9000/launch'), undefined)
  assert.equal(problem('client=growth&kind=ehr&user=patient.amara'), 'wrong-user')
  assert.equal(problem('client=growth&kind=portal&user=patient.amara'), undefined)
  assert.equal(problem('client=growth&encounter=e1'), 'no-patient')
})

test('LNCH-10: an app without launch address is only for a standalone launch', () => {
  const { launchUrl: _, ...rest } = app
  assert.equal(problemOf(plan('client=growth'), rest, accounts), 'no-launch-address')
  assert.equal(problemOf(plan('client=growth&kind=standalone'), rest, accounts), undefined)
})

test('a shared link carries the whole plan', () => {
  const query = 'client=growth&kind=ehr&user=dr.lin&patient=1&encounter=e%201&intent=a%26b&banner=true'
  assert.deepEqual(plan(planQuery(plan(query), 'growth').toString()), plan(query))
})
