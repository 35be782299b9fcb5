/** What scopes mean, where the specification leaves room, and how that room is used here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSupportedFilter } from '../../../src/resource/search/filter.ts'
import { resourceTypes } from '../../../src/smart/compartment.r4.ts'
import { decide, type Right } from '../../../src/smart/decision.ts'
import { parseGrant, resourceScopes } from '../../../src/smart/grant.ts'
import { parseInteraction } from '../../../src/smart/interaction.ts'
import { letterOrder, parseScope } from '../../../src/smart/scope.ts'
import {
  ask,
  authorizeParameters,
  Browser,
  basic,
  claimsOf,
  obtain,
  query,
  unescapeHtml,
} from '../../attacks/authorization/visit.ts'
import {
  callback,
  confidentialApp,
  createWorld,
  publicApp,
  secret,
  users,
  verifier,
} from '../../attacks/authorization/world.ts'

const anybody: Right[] = [{ letters: letterOrder, slice: { type: '*', compartments: [], filter: [] } }]

function outcomeOf(scope: string, method: string, path: string): string {
  const interaction = parseInteraction({ method, path })
  assert.ok(interaction, path)
  const authority = { scopes: resourceScopes(parseGrant(scope)), patient: '1', rights: anybody, withheld: [] }
  return decide(authority, interaction).outcome
}

test('SCOPE-25: a wildcard stands for every type that there is, also for those that nobody asked about by name', () => {
  for (const type of resourceTypes.filter((one) => one !== 'Binary')) {
    assert.notEqual(outcomeOf('user/*.rs', 'GET', `${type}/1`), 'deny', type)
    assert.notEqual(outcomeOf('user/*.rs', 'GET', type), 'deny', type)
  }
})

test('SCOPE-29: what begins with launch is a context scope, and nothing else is', () => {
  for (const token of ['launch', 'launch/patient', 'launch/imagingstudy?role=x'])
    assert.equal(parseScope(token)?.kind, 'context', token)
  for (const token of [
    'patient/Patient.r',
    'openid',
    'offline_access',
    '__launch',
    'https://x.example/launch',
  ])
    assert.notEqual(parseScope(token)?.kind, 'context', token)
  for (const token of ['patient/launch', 'Launch', 'launch/', 'launch/nothing', 'launch.patient'])
    assert.equal(parseScope(token), undefined, token)
})

test('SCOPE-18: any search parameter that can be judged on one resource may limit a scope, and no other', () => {
  const supports = (type: string, parameter: string, value: string) =>
    isSupportedFilter(type, [{ parameter, value }])
  for (const [type, parameter, value] of [
    ['Observation', 'category', 'laboratory'],
    ['Observation', 'code', 'http://loinc.org|8867-4'],
    ['Observation', 'date', 'ge2024-01-01'],
    ['Condition', 'clinical-status', 'active'],
    ['MedicationRequest', 'status', 'active'],
  ] as const)
    assert.ok(supports(type, parameter, value), parameter)
  for (const [parameter, value] of [
    ['nonsense', 'x'],
    ['patient.birthdate', '1990'],
    ['_filter', 'status eq final'],
    ['date', 'nonsense'],
  ] as const)
    assert.ok(!supports('Observation', parameter, value), parameter)
})

test('SCOPE-19: of the experimental forms, modifiers that can be judged on one resource are held; chains and _filter are refused', () => {
  const supports = (parameter: string, value: string) =>
    isSupportedFilter('Observation', [{ parameter, value }])
  assert.ok(supports('category:not', 'laboratory') && supports('code:text', 'pressure'))
  assert.ok(
    !supports('encounter.id', '456') &&
      !supports('patient.birthdate', '1990') &&
      !supports('_filter', 'a eq b'),
  )
})

test('SCOPE-33: a long scope comes back whole, in the response and in the token', async () => {
  const types = ['Condition', 'Observation', 'Procedure', 'Immunization', 'Encounter', 'Goal', 'CarePlan']
  const categories = Array.from({ length: 25 }, (_, at) => `a-category-with-a-rather-long-name-${at}`)
  const scope = types
    .flatMap((type) => categories.map((code) => `patient/${type}.rs?category=${code}`))
    .join(' ')
  assert.ok(scope.length > 8_000)
  // One that does not fit into a header is in the token only of an app that said so (TOK-28).
  const world = await createWorld({ clients: [{ ...publicApp, accessTokenFormat: 'jwt' }] })
  const tokens = await obtain(world, users.patient, { scope })
  assert.equal(tokens.scope, scope)
  assert.equal(claimsOf(tokens.access_token).scope, scope)
})

test('SEED-24, SEED-64, SEED-65: scopes are negotiated: the app asks, its registration and the person decide', async () => {
  const world = await createWorld({
    clients: [{ ...publicApp, scope: 'openid launch/patient patient/Condition.rs' }],
  })
  const consent = await new Browser(world, users.patient).open({
    scope: 'openid patient/*.cruds launch/patient',
  })
  assert.deepEqual(consent.values('scope'), ['patient/Condition.rs', 'openid', 'launch/patient'])
})

test('TOK-25, SEED-78, SEED-71, SEED-41: a token lives ten minutes where the app can keep no secret, longer where it can', async () => {
  const world = await createWorld()
  assert.ok((await obtain(world, users.patient)).expires_in <= 600)
  const { code } = await (
    await new Browser(world, users.patient).open({ client_id: confidentialApp.id })
  ).allow()
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
  const { body } = await ask(world, form, basic(confidentialApp.id, secret))
  assert.ok(body.expires_in > 600 && body.expires_in <= 3600)
})

test('SEC-13: public and confidential apps alike are given refresh tokens, so that none has to keep a password', async () => {
  const world = await createWorld()
  assert.ok((await obtain(world, users.patient)).refresh_token)
  const { code } = await (
    await new Browser(world, users.patient).open({ client_id: confidentialApp.id })
  ).allow()
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
  assert.ok((await ask(world, form, basic(confidentialApp.id, secret))).body.refresh_token)
})

test('SEED-75: what an ID token says of a person follows the scopes', async () => {
  const world = await createWorld()
  const told = async (scope: string) => claimsOf((await obtain(world, users.patient, { scope })).id_token)
  const bare = await told('openid')
  assert.ok(!('name' in bare) && !('fhirUser' in bare))
  const named = await told('openid fhirUser')
  assert.ok('name' in named && 'fhirUser' in named)
})

test('CONS-02, SEED-66: the consent page greets by name, says each access in words, and shows the exact scope on demand', async () => {
  const world = await createWorld()
  const { reply } = await new Browser(world, users.patient).open({
    scope: 'launch/patient patient/Observation.rs',
  })
  assert.match(reply.body, /Amara/)
  assert.ok(reply.body.includes(publicApp.name))
  assert.match(reply.body, /See test results, measurements and vital signs/)
  assert.match(reply.body, /<details[^>]*>[\s\S]*<code>patient\/Observation\.rs<\/code>[\s\S]*<\/details>/)
  assert.match(reply.body, /name="decision" value="deny"/)
  assert.match(reply.body, /name="decision" value="allow"/)
})

/** The consent page in a language of the browser, for these scopes. */
async function consentIn(language: string, scope: string): Promise<string> {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  const sent = await browser.get(`/oauth/authorize?${query(authorizeParameters({ scope }))}`)
  return (await browser.visit(sent.headers.location ?? '', { 'accept-language': language })).reply.body
}

const everyKind =
  'launch/patient openid fhirUser offline_access patient/Observation.rs patient/Condition.cud patient/*.r user/Encounter.s?status=finished'

/** What unfolds beside each scope: its short words, and the long ones. */
function detailsOf(page: string): ReadonlyMap<string, readonly [short: string, long: string]> {
  const rows = page.matchAll(/<dt>([^<]*)<\/dt><dd>([^<]*)<code>([^<]*)<\/code><\/dd>/g)
  return new Map(
    [...rows].map(([, short = '', long = '', scope = '']) => [unescapeHtml(scope), [short, long.trim()]]),
  )
}

test('CONS-03: each scope has a short description, and a long one that unfolds and says what the short one does not', async () => {
  const page = await consentIn('en', everyKind)
  const details = detailsOf(page)
  assert.deepEqual([...details.keys()].sort(), everyKind.split(' ').sort())
  for (const [scope, [short, long]] of details) {
    assert.ok(long.length > short.length, `${scope}: ${long}`)
    assert.equal(page.split(long).length, 2, `${scope}: ${long}`)
  }
  const long = (scope: string) => details.get(scope)?.[1] ?? ''
  assert.match(long('patient/Observation.rs'), /search.*open.*change nothing.*this record/)
  assert.match(long('patient/Condition.cud'), /add.*change.*delete.*cannot read/)
  assert.doesNotMatch(long('patient/*.r'), /search/)
  assert.match(long('patient/*.r'), /added in the future/)
  assert.match(
    long('user/Encounter.s?status=finished'),
    /every record that you may open.*Limited to: status is finished/,
  )
  assert.doesNotMatch(long('user/Encounter.s?status=finished'), /open each/)
})

test('CONS-04: the page speaks the language of the browser, and no word of the trade outside of the exact scopes', async () => {
  for (const [language, locale, sentence] of [
    ['en-GB, zh;q=0.5', 'en', 'See test results, measurements and vital signs'],
    ['zh-Hant-TW', 'zh-TW', '檢視檢驗結果、量測值與生命徵象'],
    ['fr, zh-TW;q=0.8, en;q=0.1', 'zh-TW', '檢視檢驗結果、量測值與生命徵象'],
    ['fr', 'en', 'See test results, measurements and vital signs'],
  ] as const) {
    const page = await consentIn(language, everyKind)
    assert.ok(page.includes(`<html lang="${locale}">`), language)
    assert.ok(page.includes(sentence), language)
    const [, body = ''] = page.replaceAll(/<code>[^<]*<\/code>/g, '').split('<main')
    const words = body.replaceAll(/<[^>]*>/g, ' ')
    assert.doesNotMatch(words, /Observation|Condition|Encounter|OAuth|FHIR|SMART|scope|token/i, language)
    const details = [...detailsOf(page).values()].map(([, long]) => long)
    assert.equal(details.length, everyKind.split(' ').length)
    for (const long of details) assert.equal(/[\u4e00-\u9fff]/.test(long), locale === 'zh-TW', long)
  }
})
