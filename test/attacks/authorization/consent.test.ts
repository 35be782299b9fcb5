/** What a person allows on the consent page, and attempts to get more out of it. CONS-01, AUTHZ-25, SCOPE-26, SCOPE-27. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asResourceServer, introspect } from './tokens.ts'
import { Browser, claimsOf, type Pairs, redeem } from './visit.ts'
import { createWorld, users, type World } from './world.ts'

const observations = 'patient/Observation.rs'
const category = 'http://terminology.hl7.org/CodeSystem/observation-category'
const laboratory = `${observations}?category=${category}|laboratory`
const vitals = `${observations}?category=${category}|vital-signs`
const scope = `launch/patient ${observations}`

/** What is granted when the form is sent with these boxes. */
async function grantedBy(world: World, asked: string, boxes: Pairs): Promise<string | undefined> {
  const page = await new Browser(world, users.patient).open({ scope: asked })
  const back = await page.send([...boxes, ['decision', 'allow']])
  if (!back.reply.headers.location) return undefined
  return (await redeem(world, back.code)).body.scope
}

test('SCOPE-26: a broad scope can be narrowed to its categories, and the whole is what is ticked at first', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ scope })
  assert.deepEqual(page.values('scope').sort(), ['launch/patient', observations])
  assert.ok(page.values('part').includes(laboratory))
  assert.ok(page.values('part').includes(vitals))
  assert.doesNotMatch(page.reply.body, /name="part" value="[^"]*" checked/)
  const launch = ['scope', 'launch/patient'] as const
  assert.equal(await grantedBy(world, scope, [launch, ['scope', observations]]), scope)
  for (const boxes of [[['scope', observations]], []] as Pairs[]) {
    const given = await grantedBy(world, scope, [launch, ...boxes, ['part', laboratory], ['part', vitals]])
    assert.equal(given, `launch/patient ${laboratory} ${vitals}`)
  }
})

test('SCOPE-26: a wildcard can be narrowed to classes of data', async () => {
  const world = await createWorld()
  const given = await grantedBy(world, 'launch/patient patient/*.rs', [
    ['scope', 'launch/patient'],
    ['scope', 'patient/*.rs'],
    ['part', 'patient/Immunization.rs'],
  ])
  assert.equal(given, 'launch/patient patient/Immunization.rs')
})

test('SCOPE-27: 1.0 scopes are narrowed as well, in the only syntax that can say it', async () => {
  const world = await createWorld()
  const given = await grantedBy(world, 'launch/patient patient/Observation.read', [
    ['scope', 'launch/patient'],
    ['part', laboratory],
  ])
  assert.equal(given, `launch/patient ${laboratory}`)
})

test('SCOPE-27 AUTHZ-25: what is said of a part counts for every spelling that an app asks the whole in', async () => {
  const world = await createWorld()
  const old = 'patient/Observation.read'
  const asked = `launch/patient ${observations} ${old}`
  const launch = ['scope', 'launch/patient'] as const
  const part = ['part', laboratory] as const
  const wholes = [observations, old].map((one) => ['scope', one] as const)
  const choices: readonly Pairs[] = [
    [...wholes, part],
    [...wholes, part, part],
    ...wholes.map((one): Pairs => [one, part]),
    [part],
  ]
  for (const boxes of choices)
    assert.equal(await grantedBy(world, asked, [launch, ...boxes]), `launch/patient ${laboratory}`)
  // Rows that read the same are the same question; to change is another one.
  const many = `${asked} patient/Observation.s patient/Observation.cu http://smarthealthit.org/fhir/scopes/${observations}`
  const all = many.split(' ').map((one) => ['scope', one] as const)
  const given = (await grantedBy(world, many, [...all, part])) ?? ''
  const whole = given.split(' ').filter((one) => !one.includes('category='))
  assert.deepEqual(whole, ['launch/patient', 'patient/Observation.cu'])
})

const forged: readonly (readonly [string, string, Pairs])[] = [
  ['a scope that was not asked', scope, [['scope', 'patient/Condition.rs']]],
  ['a part of what was not asked', scope, [['part', 'patient/Condition.rs']]],
  ['the whole of a part that was asked', `launch/patient ${laboratory}`, [['scope', observations]]],
  ['another part than the one that was asked', `launch/patient ${laboratory}`, [['part', vitals]]],
  ['a part with more letters', scope, [['part', laboratory.replace('.rs', '.cruds')]]],
  ['a part of another level', scope, [['part', laboratory.replace('patient/', 'user/')]]],
  ['a part that the page does not name', scope, [['part', `${observations}?status=final`]]],
  ['the whole as a part', scope, [['part', observations]]],
  ['a part as a scope', scope, [['scope', laboratory]]],
  ['a wildcard as a part', scope, [['part', 'patient/*.rs']]],
  ['a class of a wildcard of another level', 'user/*.rs', [['part', 'patient/Observation.rs']]],
]
for (const [what, asked, boxes] of forged) {
  test(`SCOPE-27 AUTHZ-25: ${what} is not granted, and neither is anything else`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open({ scope: asked })
    const back = await page.send([
      ...page.values('scope').map((one) => ['scope', one] as const),
      ...boxes,
      ['decision', 'allow'],
    ])
    assert.equal(back.code, '')
    assert.equal(
      world.events.filter(({ kind, outcome }) => kind === 'authorize' && outcome === 'success').length,
      0,
    )
  })
}

test('CONS-01 AUTHZ-25: who does not say who they are is not named by their record in the access token either', async () => {
  const world = await createWorld()
  const asked = `openid fhirUser ${scope}`
  for (const unsaid of [['openid', 'fhirUser'], ['fhirUser'], ['openid'], []]) {
    const ticked = asked.split(' ').filter((one) => !unsaid.includes(one))
    const page = await new Browser(world, users.patient).open({ scope: asked })
    const { body } = await redeem(world, (await page.allow(ticked)).code)
    assert.equal(body.scope, ticked.join(' '))
    const told = unsaid.length === 0 ? 'Patient/amara' : undefined
    assert.equal(claimsOf(body.access_token).fhirUser, told)
    // Who lets the token in acts for us, and has to know for whom.
    const { fhirUser } = (await introspect(world, body.access_token, asResourceServer)).body
    assert.equal(fhirUser, 'http://localhost:8080/fhir/Patient/amara')
  }
})

test('CONS-01: a form from elsewhere allows nothing', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ scope })
  const back = await page.send(
    [
      ['part', laboratory],
      ['decision', 'allow'],
    ],
    'forged',
  )
  assert.equal(back.code, '')
})

test('CONS-02 AUTHZ-25: what reads the same on the page is one question there, and its answer counts for each spelling', async () => {
  const world = await createWorld()
  const asked = `openid fhirUser profile launch/patient ${observations} patient/Observation.read patient/Observation.cu`
  const page = await new Browser(world, users.patient).open({ scope: asked })
  const rows = page.values('scope')
  assert.deepEqual(
    rows.toSorted(),
    ['fhirUser', 'launch/patient', 'openid', 'patient/Observation.cu', observations].toSorted(),
  )
  // Every one of them is named where the page is exact.
  for (const one of asked.split(' ')) assert.ok(page.reply.body.includes(`<code>${one}</code>`), one)
  const granted = async (left: readonly string[]) => {
    const boxes = rows.filter((one) => !left.includes(one)).map((one) => ['scope', one] as const)
    return grantedBy(world, asked, boxes)
  }
  assert.equal(await granted([]), asked)
  assert.equal(await granted(['fhirUser']), asked.replace('fhirUser profile ', ''))
  assert.equal(await granted([observations]), asked.replace(`${observations} patient/Observation.read `, ''))
  // A form that names another spelling of a row means the row.
  const other = [
    ['scope', 'launch/patient'],
    ['scope', 'patient/Observation.read'],
  ] as const
  assert.equal(
    await grantedBy(world, asked, other),
    `launch/patient ${observations} patient/Observation.read`,
  )
})
