/** Hostile and broken authorization requests: the documented error goes to the app with its state, and nothing is stored. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizeParameters, Browser, query } from './visit.ts'
import { baseUrl, callback, challenge, createWorld, fhirBase, users, verifier } from './world.ts'

const refused: readonly (readonly [string, string, Readonly<Record<string, string | undefined>>])[] = [
  ['AUTHZ-01: no response type', 'invalid_request', { response_type: undefined }],
  ['AUTHZ-01: an implicit token', 'unsupported_response_type', { response_type: 'token' }],
  ['AUTHZ-01: a hybrid answer', 'unsupported_response_type', { response_type: 'code id_token' }],
  ['the answer in a fragment', 'invalid_request', { response_mode: 'fragment' }],
  ['the answer in another window', 'invalid_request', { response_mode: 'web_message' }],
  ['a request object without signature', 'invalid_request_object', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
  ['a request object elsewhere', 'request_uri_not_supported', { request_uri: 'https://evil.example/r' }],
  ['AUTHZ-17: no challenge', 'invalid_request', { code_challenge: undefined }],
  ['RFC-15: no challenge method, which means plain', 'invalid_request', { code_challenge_method: undefined }],
  ['AUTHZ-19: plain', 'invalid_request', { code_challenge_method: 'plain', code_challenge: verifier }],
  [
    'AUTHZ-19: plain, with a challenge that S256 could have',
    'invalid_request',
    { code_challenge_method: 'plain' },
  ],
  ['AUTHZ-19: a method in other case', 'invalid_request', { code_challenge_method: 's256' }],
  ['AUTHZ-19: an unknown method', 'invalid_request', { code_challenge_method: 'S512' }],
  ['RFC-14: a challenge that is too short', 'invalid_request', { code_challenge: challenge.slice(1) }],
  ['RFC-14: a challenge that is too long', 'invalid_request', { code_challenge: `${challenge}A` }],
  ['RFC-14: a padded challenge', 'invalid_request', { code_challenge: `${challenge}=` }],
  ['AUTHZ-11: no audience', 'invalid_request', { aud: undefined }],
  [
    'AUTHZ-11: no audience, for a context',
    'invalid_request',
    { aud: undefined, scope: 'openid launch/patient' },
  ],
  ['AUTHZ-11: no audience, for fhirUser', 'invalid_request', { aud: undefined, scope: 'openid fhirUser' }],
  [
    'EM-03: another server, for sign-in alone',
    'invalid_request',
    { aud: 'https://evil.example/fhir', scope: 'openid' },
  ],
  ['EM-03: another server', 'invalid_request', { aud: 'https://evil.example/fhir' }],
  ['EM-03: another path', 'invalid_request', { aud: `${baseUrl}/fhir/other` }],
  ['EM-03: another case of the path', 'invalid_request', { aud: `${baseUrl}/FHIR` }],
  ['EM-03: two trailing slashes', 'invalid_request', { aud: `${fhirBase}//` }],
  ['EM-03: user information', 'invalid_request', { aud: 'http://x@localhost:8080/fhir' }],
  ['EM-03: dot segments', 'invalid_request', { aud: `${baseUrl}/x/../fhir` }],
  ['EM-03: a query', 'invalid_request', { aud: `${fhirBase}?x` }],
  ['EM-03: aud and resource that differ', 'invalid_request', { resource: 'https://evil.example/fhir' }],
  [
    'EM-03: another server beside this one',
    'invalid_request',
    { aud: 'https://evil.example/fhir', resource: fhirBase },
  ],
  ['AUTHZ-06: no scope', 'invalid_scope', { scope: undefined }],
  [
    'AMB-21: nothing but nonsense',
    'invalid_scope',
    { scope: 'patient/Observation.dus Patient/x.rs <script>' },
  ],
  ['SCOPE-24: system rights by a user', 'invalid_scope', { scope: 'system/*.cruds system/Patient.read' }],
  ['CTX-09: launch without a launch', 'invalid_scope', { scope: 'launch' }],
  [
    'AMB-28: a filter that cannot be enforced',
    'invalid_scope',
    { scope: 'patient/Observation.rs?code:in=http://v' },
  ],
  [
    'SCOPE-30: an extension that nobody defined',
    'invalid_scope',
    { scope: '__admin https://evil.example/all' },
  ],
  ['beyond the registration', 'invalid_scope', { scope: 'user/*.cud' }],
  ['an endless scope', 'invalid_scope', { scope: 'openid '.repeat(2000) }],
  ['prompt none with more', 'invalid_request', { prompt: 'none login' }],
  ['prompt none with consent', 'invalid_request', { prompt: 'consent none' }],
  ['RFC 7591 in passing', 'registration_not_supported', { registration: '{}' }],
  ['a max_age that is no number', 'invalid_request', { max_age: 'soon' }],
  ['a max_age below nothing', 'invalid_request', { max_age: '-1' }],
  ['an endless nonce', 'invalid_request', { nonce: 'n'.repeat(2000) }],
]

for (const [what, error, changes] of refused) {
  test(`${what}: ${error}`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open(changes)
    assert.equal(page.reply.status, 303)
    assert.ok(
      page.reply.headers.location?.startsWith(`${callback}?error=${error}&`),
      page.reply.headers.location,
    )
    assert.equal(page.answer.get('state'), 'state-1')
    assert.equal(page.answer.get('iss'), baseUrl)
    assert.match(page.answer.get('error_description') ?? '', /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    assert.deepEqual(await world.sql.all('SELECT * FROM flows'), [])
  })
}

for (const name of [
  'response_type',
  'scope',
  'aud',
  'resource',
  'launch',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'prompt',
  'login_hint',
]) {
  test(`RFC-03: ${name} sent twice is refused`, async () => {
    const world = await createWorld()
    const given = authorizeParameters().find(([key]) => key === name)?.[1] ?? 'x'
    const extra = authorizeParameters().some(([key]) => key === name)
      ? [[name, given]]
      : [
          [name, given],
          [name, 'y'],
        ]
    const pairs = [...authorizeParameters(), ...(extra as [string, string][])]
    const reply = await new Browser(world, users.patient).get(`/oauth/authorize?${query(pairs)}`)
    const answer = new URL(reply.headers.location ?? '').searchParams
    assert.equal(answer.get('error'), 'invalid_request')
    assert.equal(answer.get('state'), 'state-1')
  })
}

test('RFC-03: what nobody knows is passed over, however often it comes, and what has no value is as if it were left out', async () => {
  const world = await createWorld()
  const empty = [
    'prompt',
    'launch',
    'nonce',
    'max_age',
    'resource',
    'request',
    'request_uri',
    'response_mode',
  ]
  const pairs = [
    ...authorizeParameters(),
    ...empty.map((name) => [name, ''] as const),
    ...['a', 'b', ''].map((value) => ['unheard_of', value] as const),
    ['Scope', 'patient/*.cruds'] as const,
  ]
  const browser = new Browser(world, users.patient)
  for (const sent of [
    await browser.get(`/oauth/authorize?${query(pairs)}`),
    await browser.post('/oauth/authorize', pairs),
  ]) {
    const page = await browser.visit(sent.headers.location ?? '')
    assert.deepEqual(page.values('scope').sort(), authorizeParameters()[3]?.[1].split(' ').sort())
    assert.notEqual((await page.allow()).code, '')
  }
  for (const [name, error] of [
    ['scope', 'invalid_scope'],
    ['response_type', 'invalid_request'],
    ['code_challenge_method', 'invalid_request'],
    ['aud', 'invalid_request'],
  ] as const)
    assert.equal((await browser.open({ [name]: '' })).answer.get('error'), error, name)
})

test('RFC-03: of two states neither is sent back', async () => {
  const world = await createWorld()
  const reply = await new Browser(world).get(
    `/oauth/authorize?${query([...authorizeParameters(), ['state', 'b']])}`,
  )
  const answer = new URL(reply.headers.location ?? '').searchParams
  assert.equal(answer.get('error'), 'invalid_request')
  assert.equal(answer.has('state'), false)
})

const states: readonly (readonly [string, string, string])[] = [
  ['plain text', 'abc', 'abc'],
  ['reserved characters', '%26%3D%23%3F%2F%25', '%26%3D%23%3F%2F%25'],
  ['a plus sign and a space', 'a%2Bb+c%20d', 'a%2Bb%20c%20d'],
  ['line breaks', 'a%0D%0ASet-Cookie:%20x=y', 'a%0D%0ASet-Cookie%3A%20x%3Dy'],
  ['a null byte', '%00', '%00'],
  ['bytes that are not UTF-8', '%FF%FE%80', '%FF%FE%80'],
  ['letters of many bytes', '%E8%87%BA%E7%81%A3', '%E8%87%BA%E7%81%A3'],
  ['markup', '%3Cscript%3Ealert(1)%3C/script%3E', '%3Cscript%3Ealert%281%29%3C%2Fscript%3E'],
  ['a stray percent sign', '100%', '100%25'],
  ['8 kB', 's'.repeat(8192), 's'.repeat(8192)],
]

for (const [what, sent, back] of states) {
  test(`CODE-03: a state of ${what} comes back byte for byte, with a code and with an error`, async () => {
    const world = await createWorld()
    const browser = new Browser(world, users.patient)
    const rest = query(authorizeParameters({ state: undefined, scope: 'openid' }))
    const opened = await browser.get(`/oauth/authorize?${rest}&state=${sent}`)
    const page = await browser.visit(opened.headers.location ?? '')
    const allowed = (await page.allow()).reply.headers.location
    assert.ok(allowed?.includes(`&state=${back}&iss=`), allowed?.slice(0, 300))
    assert.equal(allowed?.includes('\n'), false)
    const wrong = query(authorizeParameters({ state: undefined, scope: 'nonsense' }))
    const refusal = (await browser.get(`/oauth/authorize?state=${sent}&${wrong}`)).headers.location
    assert.ok(refusal?.includes(`&state=${back}&iss=`), refusal?.slice(0, 300))
  })
}

test('RFC-03: an empty state counts as absent', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ state: '', scope: 'nonsense' })
  assert.equal(page.answer.has('state'), false)
})

test('a state that no header could carry is refused without it', async () => {
  const world = await createWorld()
  const pairs = authorizeParameters({ state: 's'.repeat(100_000) })
  const reply = await new Browser(world, users.patient).post('/oauth/authorize', pairs)
  assert.ok(reply.headers.location?.startsWith(`${callback}?error=invalid_request&`))
  assert.ok((reply.headers.location?.length ?? 0) < 500)
})

test('a request by POST that is no form is told what it has to be, and not that its parameters are missing', async () => {
  const world = await createWorld()
  const body = JSON.stringify(Object.fromEntries(authorizeParameters()))
  for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x']) {
    const request = { method: 'POST', url: '/oauth/authorize', body, headers: { 'content-type': type } }
    const reply = await world.app.inject(request)
    assert.equal(reply.status, 400)
    assert.match(reply.body, /The body has to be application\/x-www-form-urlencoded\./)
    assert.equal(reply.headers.location, undefined)
  }
})

test('a form of endless parameters is refused unread', async () => {
  const world = await createWorld()
  const pairs = authorizeParameters({ x: 'a&'.repeat(100_000) })
  assert.equal((await new Browser(world, users.patient).post('/oauth/authorize', pairs)).status, 413)
})

test('AMB-04: scheme, host and one trailing slash of the audience do not decide', async () => {
  const world = await createWorld()
  for (const aud of [fhirBase, `${fhirBase}/`, 'HTTP://LOCALHOST:8080/fhir']) {
    const page = await new Browser(world, users.patient).open({ aud })
    assert.equal(page.reply.status, 200, aud)
  }
  const page = await new Browser(world, users.patient).open({ aud: undefined, resource: fhirBase })
  assert.equal(page.reply.status, 200)
})

test('AUTHZ-11: a plain OpenID Connect request names no FHIR server, and needs none', async () => {
  const world = await createWorld()
  for (const scope of ['openid', 'openid profile offline_access']) {
    const page = await new Browser(world, users.patient).open({ aud: undefined, scope })
    assert.equal(page.reply.status, 200, scope)
  }
})

test('AUTHZ-21: a POST of another media type carries no parameters', async () => {
  const world = await createWorld()
  for (const type of ['text/plain', 'application/json', 'multipart/form-data; boundary=x']) {
    const reply = await world.app.inject({
      method: 'POST',
      url: `/oauth/authorize?${query(authorizeParameters())}`,
      headers: { 'content-type': type },
      body: query(authorizeParameters()),
    })
    assert.equal(reply.status, 400)
    assert.equal(reply.headers.location, undefined)
  }
})

test('OIDC prompt=none: whatever needs the user is an error for the app, and shows no page', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'secret' })
  const cases = [
    [new Browser(world), {}, 'login_required'],
    [new Browser(world, users.doctor), {}, 'interaction_required'],
    [new Browser(world, users.patient), {}, 'consent_required'],
    [new Browser(world, users.doctor), { launch, scope: 'launch' }, 'access_denied'],
  ] as const
  for (const [browser, changes, error] of cases) {
    const page = await browser.open({ prompt: 'none', ...changes })
    assert.equal(page.answer.get('error'), error)
    assert.equal(page.answer.get('state'), 'state-1')
  }
})

test('OIDC prompt=login: a session from before the request does not do', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ prompt: 'login' })
  assert.match(page.reply.headers.location ?? '', /^\/account\/sign-in\?.*again=1/)
})
