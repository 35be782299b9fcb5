/** US Core kit 6.1 to 8 and (g)(10), «Granular Scopes»: the searches of before once more with granular scopes give exactly what those cover. */
import assert from 'node:assert/strict'
import { askFhir, type Json, jsonOf } from './fixture/asked.ts'
import { type Check, group } from './fixture/group.ts'
import { launch } from './fixture/launching.ts'
import { physician, useSandbox } from './fixture/sandbox.ts'
import { granularGroups, usCoreScope } from './fixture/scopes.ts'
import { idsOf, type Searcher, searchAll } from './fixture/searching.ts'
import { registerTester } from './fixture/tester.ts'
import { queryOf, searchedTypes } from './fixture/us-core-searches.ts'

const house = useSandbox()

interface Compared {
  readonly granted: readonly string[]
  /** With whole types. */
  readonly before: Searcher
  /** With granular scopes. */
  readonly now: Searcher
}

async function authorized(scope: string): Promise<Searcher & { scope: string }> {
  const base = house().baseUrl
  const tester = await registerTester(base, 'public', scope)
  const { tokens, fhir } = await launch(base, tester, physician(base))
  return { fhir, accessToken: tokens.access_token, scope: tokens.scope }
}

/** Whether one of the scopes of its type covers a record, by its category. */
function isCovered(scopes: readonly string[], { resourceType, category = [] }: Json): boolean {
  return scopes
    .filter((scope) => scope.startsWith(`patient/${resourceType}.`))
    .map((scope) => scope.slice(scope.indexOf('=') + 1).split('|'))
    .some(([system, code]) =>
      category.some(({ coding }: Json) =>
        coding.some((one: Json) => one.system === system && one.code === code),
      ),
    )
}

function checksOf(scopes: readonly string[]): Check<Compared>[] {
  const types = searchedTypes.filter(({ type }) => type === 'Condition' || type === 'Observation')
  return [
    [
      'us_core_granted_granular_scopes',
      'they are granted, and nothing broader of their types',
      ({ granted }) => {
        assert.deepEqual(
          scopes.filter((scope) => !granted.includes(scope)),
          [],
        )
        assert.deepEqual(
          granted.filter((scope) => /\/(\*|Condition|Observation)\.[a-z*]+$/.test(scope)),
          [],
        )
      },
    ],
    ...types.flatMap((one) =>
      // Searched by the categories of all records, too.
      [...one.searches, ...[...categories].map((category) => ['patient', category])].flatMap((names) =>
        (['GET', 'POST'] as const).map((method): Check<Compared> => {
          const [patient = '', category = ''] = names
          const query = categories.has(category)
            ? { ...queryOf(one, [patient]), category }
            : queryOf(one, names)
          return [
            `${one.type}?${names.join('&')}, ${method}`,
            'gives exactly what the scopes cover',
            async ({ before, now }) => {
              const all = await searchAll(before, one.type, query, method)
              const covered = all.filter((found) => isCovered(scopes, found))
              assert.deepEqual(
                idsOf(await searchAll(now, one.type, query, method), one.type),
                idsOf(covered, one.type),
              )
            },
          ]
        }),
      ),
    ),
    ...types.map(
      ({ type, values }): Check<Compared> => [
        `${type} read`,
        'what is covered is read, and nothing else',
        async ({ before, now }) => {
          const all = await searchAll(before, type, { patient: values.patient ?? '' })
          assert.ok(
            all.some((found) => isCovered(scopes, found)) && all.some((found) => !isCovered(scopes, found)),
          )
          for (const found of all) {
            const reply = await askFhir(`${now.fhir}/${type}/${found.id}`, now.accessToken)
            if (isCovered(scopes, found)) assert.equal(jsonOf(reply).id, found.id)
            else assert.equal(jsonOf(reply, [403, 404]).resourceType, 'OperationOutcome')
          }
        },
      ],
    ),
  ]
}

const categories = new Set([
  'encounter-diagnosis',
  'health-concern',
  'problem-list-item',
  'laboratory',
  'social-history',
  'vital-signs',
  'survey',
  'sdoh',
])

for (const [index, scopes] of granularGroups.entries())
  group<Compared>(
    `us_core_v700_smart_granular_scopes_${index + 1}`,
    async () => {
      const before = await authorized(usCoreScope)
      const now = await authorized(['launch/patient openid fhirUser offline_access', ...scopes].join(' '))
      return { before, now, granted: now.scope.split(' ') }
    },
    checksOf(scopes),
  )
