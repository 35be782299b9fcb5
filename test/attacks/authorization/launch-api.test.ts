/** Attempts on the launch API by systems that may not, or may not do that. contract.md, Launch API; RFC 6750; LNCH-03, LNCH-06. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLaunchWorld } from './launch-world.ts'
import { basic } from './visit.ts'
import { baseUrl, fhirBase, secret } from './world.ts'

const world = await openLaunchWorld()
const good = { client_id: 'app', user: 'clinician', patient: 'a' }

/** Nothing may come of a request that is refused. */
async function leavesNothing(work: () => Promise<void>): Promise<void> {
  const before = await world.launches()
  await work()
  assert.equal(await world.launches(), before)
}

test('LNCH-02, LNCH-03: a system with the scope ehr.launch launches an app, and gets handle and addresses', async () => {
  const { status, headers, body } = await world.order({ ...good, encounter: 'a-visit', intent: 'review' })
  assert.equal(status, 201)
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(body.launch, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(body.expires_in, 300)
  const url = new URL(body.launch_url)
  assert.equal(url.origin + url.pathname, 'https://app.example/launch')
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    site: 'north',
    iss: fhirBase,
    launch: body.launch,
  })
  assert.match(body.start_url, new RegExp(`^${baseUrl}/ehr/launches/start\\?token=[A-Za-z0-9_-]{43}$`))
  const [launched] = (await world.trail()).filter(({ kind }) => kind === 'launch-started')
  assert.deepEqual(launched, {
    kind: 'launch-started',
    outcome: 'success',
    actor: { client: 'app', user: 'u-clinician', address: '127.0.0.1' },
    patients: ['a'],
    encounter: 'a-visit',
    by: 'hospital',
  })
})

test('LNCH-03: neither the handle nor the start token is in the database, and neither tells the other', async () => {
  const { body } = await world.order(good)
  const token = new URL(body.start_url).searchParams.get('token') ?? ''
  const rows = JSON.stringify(await world.sql.all('SELECT * FROM launches'))
  assert.ok(!rows.includes(body.launch) && !rows.includes(token))
  assert.notEqual(token, body.launch)
})

test('RFC-17: without a token there is a challenge, and no error to learn from', async () => {
  await leavesNothing(async () => {
    const { status, headers } = await world.order(good, '')
    assert.equal(status, 401)
    assert.equal(headers['www-authenticate'], 'Bearer realm="Chartkey launch API", scope="ehr.launch"')
  })
})

const tokens: readonly (readonly [string, () => Promise<string>, number, string])[] = [
  ['another scope', () => world.tokenOf('user/*.rs'), 403, 'insufficient_scope'],
  [
    'a scope that begins like it',
    () => world.tokenOf('ehr.launcher __ehr.launch'),
    403,
    'insufficient_scope',
  ],
  ['every resource', () => world.tokenOf('system/*.cruds'), 403, 'insufficient_scope'],
  [
    'a made-up signature',
    async () => `${(await world.tokenOf('ehr.launch')).slice(0, -6)}AAAAAA`,
    401,
    'invalid_token',
  ],
  [
    'a user',
    () => world.tokenOf('ehr.launch', 'hospital', { sub: 'u-clinician', gty: undefined }),
    401,
    'invalid_token',
  ],
  [
    'a system, bound to a key that proves nothing here',
    () => world.tokenOf('ehr.launch', 'hospital', { cnf: { jkt: 'a'.repeat(43) } }),
    401,
    'invalid_token',
  ],
  ['words', async () => 'ehr.launch', 401, 'invalid_token'],
  [
    'another server',
    () => world.tokenOf('ehr.launch', 'hospital', { iss: 'https://evil.example' }),
    401,
    'invalid_token',
  ],
  [
    'another audience',
    () => world.tokenOf('ehr.launch', 'hospital', { aud: 'https://evil.example' }),
    401,
    'invalid_token',
  ],
  ['the past', () => world.tokenOf('ehr.launch', 'hospital', { exp: 1 }), 401, 'invalid_token'],
  [
    'a grant that was never made',
    () => world.tokenOf('ehr.launch', 'hospital', { grant: 'none' }),
    401,
    'invalid_token',
  ],
]
for (const [what, make, wanted, code] of tokens) {
  test(`RFC-17: a token of ${what} launches nothing`, async () => {
    await leavesNothing(async () => {
      const { status, headers, body } = await world.order(good, await make())
      assert.equal(status, wanted)
      assert.equal(body.error, code)
      assert.match(String(headers['www-authenticate']), new RegExp(`^Bearer .*error="${code}"`))
    })
  })
}

test('BKND-14: only a system that is registered for it gets a token with ehr.launch', async () => {
  const ask = (id: string, scope: string) =>
    world.app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: basic(id, secret),
      form: { grant_type: 'client_credentials', scope },
    })
  assert.equal((await ask('hospital', 'ehr.launch')).status, 200)
  const registered = await world.stores.clients.find('hospital')
  assert.ok(registered)
  await world.stores.clients.add({ ...registered, id: 'analytics', scope: 'system/*.cruds' })
  const { status, body } = await ask('analytics', 'ehr.launch')
  assert.equal(status, 400)
  assert.equal(JSON.parse(body).error, 'invalid_scope')
})

test('RFC-17: a token for something else of this server launches nothing, though its system might', async () => {
  const scope = 'ehr.launch chartkey.admin'
  await world.stores.clients.change('hospital', (client) => ({ ...client, scope }))
  const { status, body } = await world.order(good, await world.tokenOf('chartkey.admin'))
  assert.deepEqual([status, body.error], [403, 'insufficient_scope'])
})

test('REG-05: a system whose registration loses the scope launches nothing from then on, whatever its token says', async () => {
  const token = await world.hospitalToken()
  assert.equal((await world.order(good, token)).status, 201)
  const hospital = await world.stores.clients.find('hospital')
  assert.ok(hospital)
  await world.stores.clients.change('hospital', (client) => ({ ...client, scope: 'system/*.rs' }))
  await leavesNothing(async () => {
    const { status, body } = await world.order(good, token)
    assert.deepEqual([status, body.error], [403, 'insufficient_scope'])
  })
  await world.stores.clients.change('hospital', () => hospital)
  assert.equal((await world.order(good, token)).status, 201)
})

test('RFC-18: a token in the query or in the body is not looked at', async () => {
  const token = await world.hospitalToken()
  await leavesNothing(async () => {
    assert.equal((await world.order({ ...good, access_token: token }, '')).status, 401)
    const reply = await world.app.inject({
      method: 'POST',
      url: `/ehr/launches?access_token=${token}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(good),
    })
    assert.equal(reply.status, 401)
  })
})

test('RFC-17: two tokens, or one of another scheme, are none', async () => {
  const token = await world.hospitalToken()
  for (const [authorization, status] of [
    [`Bearer ${token}, Bearer ${token}`, 400],
    [`Basic ${token}`, 401],
    [`DPoP ${token}`, 401],
  ] as const)
    assert.equal((await world.order(good, '', { authorization })).status, status, authorization)
})

test('a user cannot be talked into granting ehr.launch to an app', async () => {
  await world.stores.clients.add({
    id: 'greedy',
    name: 'Greedy',
    authMethod: 'none',
    redirectUris: ['https://greedy.example/'],
    grantTypes: ['authorization_code'],
    scope: 'ehr.launch openid',
    createdAt: 0,
  })
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'greedy',
    redirect_uri: 'https://greedy.example/',
    scope: 'ehr.launch',
    state: 's',
    aud: fhirBase,
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
  })
  const reply = await world.app.inject({ url: `/oauth/authorize?${query}` })
  assert.equal(new URL(reply.headers.location ?? '').searchParams.get('error'), 'invalid_scope')
})

/** A list in a list in a list. */
function nested(levels: number): unknown {
  return JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`)
}

const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ['an app that does not exist', { client_id: 'nobody' }, 'client_id'],
  ['an app that is disabled', { client_id: 'disabled-app' }, 'client_id'],
  ['an app without launch address', { client_id: 'silent-app' }, 'client_id'],
  ['no app', { client_id: undefined }, 'client_id'],
  ['a number for an app', { client_id: 7 }, 'client_id'],
  ['a user who does not exist', { user: 'nobody' }, 'user'],
  ['a user who is disabled', { user: 'gone' }, 'user'],
  ['a disabled user by record', { user: 'Practitioner/gone' }, 'user'],
  ['an administrator', { user: 'admin', patient: undefined }, 'user'],
  ['a clinician who administers too', { user: 'chief' }, 'user'],
  ['a record that is no person', { user: 'Encounter/a-visit' }, 'user'],
  ['an injection for a user', { user: "' OR 1=1 --" }, 'user'],
  ['no user', { user: undefined }, 'user'],
  ['a patient who does not exist', { patient: 'none' }, 'patient'],
  ['a patient outside the user’s care', { user: 'nurse', patient: 'b' }, 'patient'],
  ['another patient for a patient', { user: 'patient', patient: 'b' }, 'patient'],
  ['a reference for a patient', { patient: 'Patient/a' }, 'patient'],
  ['a path for a patient', { patient: '../Patient/a' }, 'patient'],
  ['a list of patients', { patient: ['a'] }, 'patient'],
  ['an encounter that does not exist', { encounter: 'none' }, 'encounter'],
  ['an encounter of another patient', { encounter: 'b-visit' }, 'encounter'],
  ['an encounter without patient', { patient: undefined, encounter: 'a-visit' }, 'encounter'],
  ['an empty item', { fhirContext: [{}] }, 'fhirContext[0]'],
  [
    'a reference that leads out',
    { fhirContext: [{ reference: 'https://evil.example/List/1' }] },
    'fhirContext[0].reference',
  ],
  [
    'a reference that climbs',
    { fhirContext: [{ reference: 'List/../../admin' }] },
    'fhirContext[0].reference',
  ],
  ['a reference with a query', { fhirContext: [{ reference: 'Patient?_id=b' }] }, 'fhirContext[0].reference'],
  [
    'a type that FHIR does not have',
    { fhirContext: [{ reference: 'Secret/1' }] },
    'fhirContext[0].reference',
  ],
  [
    'a reference to nothing',
    { fhirContext: [{ reference: 'ImagingStudy/none' }] },
    'fhirContext[0].reference',
  ],
  [
    'a reference outside the user’s care',
    { user: 'nurse', fhirContext: [{ reference: 'ImagingStudy/b-study', role: 'https://x.example/r' }] },
    'fhirContext[0].reference',
  ],
  [
    'a reference to another patient’s',
    { fhirContext: [{ reference: 'ImagingStudy/a-study' }, { reference: 'ImagingStudy/b-study' }] },
    'fhirContext[1].reference',
  ],
  ['the patient as an item', { fhirContext: [{ reference: 'Patient/a' }] }, 'fhirContext[0]'],
  [
    'the encounter as an item',
    { fhirContext: [{ type: 'Encounter', identifier: { value: '1' } }] },
    'fhirContext[0]',
  ],
  [
    'an empty role',
    { fhirContext: [{ reference: 'ImagingStudy/a-study', role: '' }] },
    'fhirContext[0].role',
  ],
  [
    'a relative role',
    { fhirContext: [{ reference: 'ImagingStudy/a-study', role: 'friend' }] },
    'fhirContext[0].role',
  ],
  [
    'a type that contradicts',
    { fhirContext: [{ reference: 'ImagingStudy/a-study', type: 'List' }] },
    'fhirContext[0].type',
  ],
  ['an identifier that is a text', { fhirContext: [{ identifier: 'x' }] }, 'fhirContext[0].identifier'],
  [
    'an unknown member of an identifier',
    { fhirContext: [{ identifier: { value: '1', sytem: 'urn:x' } }] },
    'fhirContext[0].identifier.sytem',
  ],
  [
    'an identifier of no value beside a good reference',
    { fhirContext: [{ reference: 'ImagingStudy/a-study', identifier: { value: 7 } }] },
    'fhirContext[0].identifier.value',
  ],
  [
    'a type that FHIR does not have, beside a canonical',
    { fhirContext: [{ canonical: 'http://q.example/Q', type: 'Questionaire' }] },
    'fhirContext[0].type',
  ],
  [
    'an item of many levels',
    { fhirContext: [{ reference: 'ImagingStudy/a-study', more: nested(20) }] },
    'fhirContext[0]',
  ],
  [
    'an item of very many levels',
    { fhirContext: [{ reference: 'ImagingStudy/a-study', more: nested(3_000) }] },
    'fhirContext[0]',
  ],
  [
    'an item that is long',
    { fhirContext: [{ reference: 'ImagingStudy/a-study', more: 'x'.repeat(9_000) }] },
    'fhirContext[0]',
  ],
  [
    'a prototype for an item',
    { fhirContext: [JSON.parse('{"__proto__":{"reference":"ImagingStudy/a-study"}}')] },
    'fhirContext[0]',
  ],
  [
    'a prototype within an item',
    {
      fhirContext: [
        JSON.parse('{"reference":"ImagingStudy/a-study","more":{"__proto__":{"role":"launch"}}}'),
      ],
    },
    'fhirContext[0]',
  ],
  ['strings for items', { fhirContext: ['ImagingStudy/a-study'] }, 'fhirContext[0]'],
  ['a thousand items', { fhirContext: Array(1000).fill({ canonical: 'http://q.example' }) }, 'fhirContext'],
  ['a word for the banner', { need_patient_banner: 'false' }, 'need_patient_banner'],
  ['a script for a style', { smart_style_url: 'javascript:alert(1)' }, 'smart_style_url'],
  ['a style with a password', { smart_style_url: 'https://me:secret@x.example/' }, 'smart_style_url'],
  ['an intent that is too long', { intent: 'x'.repeat(2000) }, 'intent'],
  ['an intent with control characters', { intent: 'a\u0000b' }, 'intent'],
  ['an object for a tenant', { tenant: { id: 1 } }, 'tenant'],
  ['an empty tenant', { tenant: '' }, 'tenant'],
  ['a member that there is not', { launch_url: 'https://evil.example' }, 'launch_url'],
  ['a session of its choice', { sessionId: 'planted' }, 'sessionId'],
]
for (const [what, change, member] of wrong) {
  test(`CTX-14, CTX-16, CTX-28, CTX-29, CTX-30, CTX-32, CTX-34, CTX-36: ${what} is refused by name, and nothing is kept`, async () => {
    await leavesNothing(async () => {
      const { status, body } = await world.order({ ...good, ...change })
      assert.equal(status, 400)
      assert.equal(body.error, 'invalid_request')
      assert.equal(body.member, member)
      assert.ok(body.error_description?.startsWith(`${member}: `), body.error_description)
    })
  })
}

for (const [what, body, headers, wanted] of [
  ['no JSON', '{"client_id":', {}, 400],
  ['a list', '[]', {}, 400],
  ['nothing', 'null', {}, 400],
  ['a form', 'client_id=app&user=clinician', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ['a text', JSON.stringify(good), { 'content-type': 'text/plain' }, 415],
  ['too much', JSON.stringify({ ...good, intent: 'x'.repeat(70_000) }), {}, 413],
] as const) {
  test(`a body that is ${what} is refused in JSON`, async () => {
    await leavesNothing(async () => {
      const reply = await world.order(body, undefined, headers)
      assert.equal(reply.status, wanted)
      assert.equal(reply.body.error, 'invalid_request')
    })
  })
}

test('a refused order is on record with who asked and why', async () => {
  await world.order({ ...good, patient: 'none' })
  await world.order(good, await world.tokenOf('user/*.rs', 'other-app'))
  const refused = (await world.trail()).filter(
    ({ kind, outcome }) => kind === 'launch-started' && outcome === 'refused',
  )
  assert.ok(
    refused.some((event) => 'by' in event && event.by === 'hospital' && event.reason === 'Patient/none'),
  )
  assert.ok(refused.some(({ reason }) => reason === 'insufficient_scope of other-app'))
})

test('the neighbours of the launch API still tell their failures as pages', async () => {
  const page = await world.app.inject({ url: '/ehr/no/such/page' })
  assert.equal(page.status, 404)
  assert.match(String(page.headers['content-type']), /^text\/html/)
  const wrongMethod = await world.app.inject({ url: '/ehr/launches' })
  assert.equal(wrongMethod.status, 405)
  assert.match(String(wrongMethod.headers['content-type']), /^application\/json/)
})

test('no page of another origin may read what the launch API answers', async () => {
  const { headers } = await world.order(good, undefined, { origin: 'https://app.example' })
  assert.equal(headers['access-control-allow-origin'], undefined)
})
