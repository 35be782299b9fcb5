/** Attacks on what a site demands a second factor for: asking with too little, with an old proof, silently, or in another form. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseScopes } from '../../../src/smart/scope.ts'
import { Browser, type Page } from './visit.ts'
import { baseUrl, createWorld, MINUTE, users } from './world.ts'

const rule = (scopes: string) => ({ scopes: parseScopes(scopes).scopes, within: 15 * MINUTE })
const both = ['pwd', 'otp', 'mfa']

function isSentToSignIn(page: Page): boolean {
  const { pathname, searchParams } = new URL(page.reply.headers.location ?? '/', baseUrl)
  return (
    pathname === '/account/sign-in' && searchParams.get('must') === '1' && searchParams.get('again') === '1'
  )
}

test('OIDC acr: what needs two factors is not given for one, however often it is asked', async () => {
  const world = await createWorld({ stepUp: rule('patient/Observation.cud') })
  const browser = new Browser(world, world.signIn(users.patient, ['pwd']))
  const scope = 'launch/patient patient/Observation.rus'
  const page = await browser.open({ scope })
  assert.ok(isSentToSignIn(page))
  const returnTo = new URL(page.reply.headers.location ?? '', baseUrl).searchParams.get('return_to') ?? ''
  for (let visit = 0; visit < 3; visit++) assert.ok(isSentToSignIn(await browser.visit(returnTo)))
  // Nor to who answers a page that was not shown.
  const forged = await browser.post(returnTo, [
    ['decision', 'allow'],
    ['scope', scope],
  ])
  assert.notEqual(forged.status, 200)
  assert.ok(!forged.headers.location?.includes('code='))

  const strong = new Browser(world, world.signIn(users.patient, both))
  assert.notEqual((await (await strong.open({ scope })).allow()).code, '')
})

for (const methods of [
  ['fed', 'hwk'],
  ['swk'],
  ['pop'],
  ['hwk', 'user'],
  ['fed', 'pwd', 'otp'],
  ['fed'],
  ['ehr'],
])
  test(`OIDC acr: ${methods.join(' and ')} are no two factors: only mfa is, as at signing in`, async () => {
    const world = await createWorld({ stepUp: rule('patient/*.cruds') })
    assert.ok(isSentToSignIn(await new Browser(world, world.signIn(users.patient, methods)).open()))
  })

test('an unknown way of signing in counts as none', async () => {
  const world = await createWorld({ stepUp: rule('patient/*.cruds') })
  assert.ok(isSentToSignIn(await new Browser(world, users.patient).open()))
})

test('a proof counts for its minutes and no longer', async () => {
  const world = await createWorld({ stepUp: rule('patient/*.cruds') })
  const browser = new Browser(world, world.signIn(users.patient, both))
  world.pass(15 * MINUTE)
  assert.ok(!isSentToSignIn(await browser.open()))
  world.pass(1)
  assert.ok(isSentToSignIn(await browser.open()))
})

test('a rule meets every form of a scope that has a part of it, and nothing else', async () => {
  const world = await createWorld({
    stepUp: rule('user/*.s patient/Procedure.u patient/Condition.rs?category=x|y offline_access'),
  })
  const browser = new Browser(world, world.signIn(users.patient, ['pwd']))
  const sensitive = [
    'user/*.rs',
    'user/Observation.s',
    'user/*.read',
    'patient/*.write',
    'patient/Procedure.*',
    'patient/Condition.r',
    'patient/*.rs',
    'patient/Condition.read',
    'launch/patient patient/Observation.rs offline_access',
  ]
  for (const scope of sensitive) assert.ok(isSentToSignIn(await browser.open({ scope })), scope)
  for (const scope of ['user/*.r', 'patient/Observation.rs', 'openid fhirUser', 'patient/Condition.c'])
    assert.ok(!isSentToSignIn(await browser.open({ scope })), scope)
})

test('an app that may not ask the user is told, and gets nothing', async () => {
  const world = await createWorld({ stepUp: rule('patient/*.cruds') })
  const page = await new Browser(world, world.signIn(users.patient, ['pwd'])).open({ prompt: 'none' })
  assert.equal(page.answer.get('error'), 'login_required')
  assert.equal(page.code, '')
})

test('an EHR launch is stepped up too, and goes on with its context', async () => {
  const world = await createWorld({ stepUp: rule('patient/*.cruds') })
  const weak = world.signIn(users.doctor, ['ehr'])
  const launch = await world.launch(weak, { patient: 'amara' })
  const browser = new Browser(world, weak)
  const page = await browser.open({ launch, scope: 'launch patient/Observation.rs' })
  assert.ok(isSentToSignIn(page))
  const returnTo = new URL(page.reply.headers.location ?? '', baseUrl).searchParams.get('return_to') ?? ''
  const strong = world.signIn(users.doctor, both)
  const back = await new Browser(world, strong).visit(returnTo)
  assert.notEqual((await back.allow()).code, '')
})
