/** What an administrator typed comes back after they had to sign in: to them, on that page, in that browser, and nothing of anybody else's. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AdminWorld, openAdminWorld, type Person, password } from './admin-world.ts'
import { DAY, MINUTE } from './world.ts'

const app = {
  client_name: 'Growth "Charts" <b>',
  redirect_uris: 'https://app.example/a\nhttps://app.example/b',
  grant_types: 'authorization_code',
  token_endpoint_auth_method: 'none',
  scope: 'launch patient/*.rs',
  contacts: 'someone@app.example',
}

const forms: readonly (readonly [page: string, form: Record<string, string>, shown: readonly RegExp[]])[] = [
  [
    '/admin/apps/new',
    app,
    [
      /value="Growth &#34;Charts&#34; &#60;b&#62;"/,
      /app\.example\/a\nhttps:\/\/app\.example\/b/,
      /launch patient\/\*\.rs/,
    ],
  ],
  ['/admin/apps/app/edit', app, [/value="Growth &#34;Charts&#34;/]],
  [
    '/admin/tokens',
    { act: 'issue', name: 'For the north wing', uses: '7', days: '9', backend: 'yes' },
    [/value="For the north wing"/, /value="7"/, /name="backend"[^>]*checked/],
  ],
  ['/admin/codes', { act: 'make', patient: 'Patient/17', days: '3' }, [/value="Patient\/17"/, /value="3"/]],
  [
    '/admin/accounts/u-doctor',
    { act: 'link', fhir_user: 'Practitioner/9', records: 'Patient/1\nPatient/2' },
    [/value="Practitioner\/9"/, /Patient\/1\nPatient\/2/],
  ],
]

/** Sends a form whose page was opened in time, and is read when it is too late. */
async function sendLate(
  world: AdminWorld,
  admin: Person,
  page: string,
  form: Record<string, string>,
  late: () => void,
) {
  const opened = await admin.get(page)
  Object.assign(admin.cookies, opened.cookies)
  const [, _csrf = ''] = /name="_csrf" value="([^"]+)"/.exec(opened.body) ?? []
  late()
  const { headers } = await world.app.inject({ url: page, cookies: admin.cookies, form: { _csrf, ...form } })
  const signIn = headers.location ?? ''
  assert.match(signIn, /^\/account\/sign-in\?/)
  return { signIn, back: new URL(signIn, 'http://x').searchParams.get('return_to') ?? '' }
}

async function signInAt(admin: Person, signIn: string, username = 'admin'): Promise<string> {
  const return_to = new URL(signIn, 'http://x').searchParams.get('return_to') ?? ''
  const reply = await admin.send(signIn, '/account/sign-in', { username, password, return_to })
  assert.equal(reply.status, 303)
  Object.assign(admin.cookies, reply.cookies)
  return reply.headers.location ?? ''
}

async function kept(world: AdminWorld): Promise<unknown> {
  const { clients, accounts, registrations, invitations } = world.stores
  return [
    await clients.find('app'),
    await accounts.find('u-doctor'),
    await registrations.listInitialTokens(),
    await invitations.list(world.now()),
  ]
}

for (const [page, form, shown] of forms)
  for (const [what, time] of [
    ['needs a fresh proof', 16 * MINUTE],
    ['is over', 2 * DAY],
  ] as const)
    test(`${page}: a form that was sent when the session ${what} changes nothing, and comes back with its text after the sign-in`, async () => {
      const world = await openAdminWorld()
      const admin = await world.signIn('admin')
      const before = await kept(world)
      const { signIn } = await sendLate(world, admin, page, form, () => world.pass(time))
      const session = { ...admin.cookies }
      const location = await signInAt(admin, signIn)
      assert.notDeepEqual(admin.cookies, session, 'the session is a new one')
      const { status, body } = await admin.get(location)
      assert.equal(status, 200)
      assert.match(body, /What you typed is here again/)
      for (const text of shown) assert.match(body, text)
      assert.deepEqual(await kept(world), before)
      // It is sent by nobody but the administrator, with the page's own field; the old one alone is not enough elsewhere.
      const sent = await admin.send(location, page, form)
      assert.ok(![401, 403].includes(sent.status) && !sent.headers.location?.includes('sign-in'))
    })

test('an app that was typed is registered in the end', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const { signIn } = await sendLate(world, admin, '/admin/apps/new', app, () => world.pass(16 * MINUTE))
  const location = await signInAt(admin, signIn)
  const sent = await admin.send(location, '/admin/apps/new', app)
  assert.match(sent.headers.location ?? '', /^\/admin\/apps\/[^/]+\?saved=1$/)
})

test('a draft is of its page, its browser and its person, and of that hour', async () => {
  const world = await openAdminWorld()
  const [page, form] = ['/admin/codes', { act: 'make', patient: 'Patient/drafted', days: '3' }]
  const admin = await world.signIn('admin')
  const { signIn, back } = await sendLate(world, admin, page, form, () => world.pass(16 * MINUTE))
  const shows = async (person: Person, url: string) => (await person.get(url)).body.includes('drafted')
  await signInAt(admin, signIn)
  assert.equal(await shows(admin, back), true)
  for (const other of ['/admin/tokens', '/admin/accounts/u-doctor', '/admin/apps/new'])
    assert.equal(await shows(admin, back.replace(page, other)), false, other)
  // Another browser of the same administrator, as one would be that a link was sent to.
  const elsewhere = await world.signIn('admin')
  await elsewhere.get(page)
  assert.equal(await shows(elsewhere, back), false)
  const half = Math.floor(back.length / 2) + 30
  for (const spoilt of [
    `${back}A`,
    back.slice(0, -4),
    back.slice(0, half) + (back[half] === 'A' ? 'B' : 'A') + back.slice(half + 1),
    `${page}?unproven=1&draft=x`,
    `${page}?unproven=1&draft=${'x'.repeat(20_000)}`,
  ]) {
    const reply = await admin.get(spoilt)
    assert.deepEqual([reply.status, reply.body.includes('drafted')], [200, false])
  }
  world.pass(61 * MINUTE)
  await signInAt(admin, '/account/sign-in?again=1')
  assert.equal(await shows(admin, back), false)
})

test('a draft of somebody who is signed in is not shown to the next administrator at that browser', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const { passwordHash } = (await world.stores.accounts.find('u-admin')) ?? {}
  assert.ok(passwordHash)
  await world.stores.accounts.add({
    id: 'u-second',
    username: 'second',
    name: 'Second',
    roles: ['admin'],
    records: [],
    disabled: false,
    passwordHash,
  })
  const form = { act: 'make', patient: 'Patient/drafted', days: '3' }
  const { signIn, back } = await sendLate(world, admin, '/admin/codes', form, () => world.pass(16 * MINUTE))
  await signInAt(admin, signIn, 'second')
  assert.doesNotMatch((await admin.get(back)).body, /drafted/)
})

test('no secret goes along: neither a private key nor a field that is none of the form, and nothing can be read off the address', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const jwks = '{"keys":[{"kty":"EC","crv":"P-256","x":"a","y":"b","d":"the-private-half"}]}'
  const form = { ...app, jwks, client_secret: 'typed-secret', password: 'typed-password' }
  const { signIn } = await sendLate(world, admin, '/admin/apps/new', form, () => world.pass(16 * MINUTE))
  assert.doesNotMatch(
    Buffer.from(signIn.replaceAll(/%../g, ''), 'base64url').toString(),
    /Growth|app\.example/,
  )
  const { body } = await admin.get(await signInAt(admin, signIn))
  assert.match(body, /Growth/)
  assert.doesNotMatch(body, /private-half|typed-/)
})

test('CSRF: a form that is not from our page is kept for nobody, signed in or not', async () => {
  const world = await openAdminWorld()
  const form = { act: 'make', patient: 'Patient/planted', days: '3' }
  const admin = await world.signIn('admin')
  await admin.get('/admin/codes')
  const forged = await world.app.inject({ url: '/admin/codes', cookies: admin.cookies, form })
  assert.equal(forged.status, 403)
  world.pass(2 * DAY)
  for (const headers of [{}, { 'sec-fetch-site': 'cross-site' }] as Record<string, string>[]) {
    const { headers: answered } = await world.app.inject({
      url: '/admin/codes',
      cookies: admin.cookies,
      form,
      headers,
    })
    assert.equal(answered.location, '/account/sign-in?return_to=%2Fadmin')
  }
})

test('what cannot be kept is not kept, and the sign-in works all the same', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  for (const form of [
    { ...app, contacts: 'x'.repeat(20_000) },
    { act: 'constructor', name: 'x' },
    { act: 'approve' },
  ]) {
    const { signIn, back } = await sendLate(
      world,
      admin,
      '/admin/apps/app',
      form as unknown as Record<string, string>,
      () => world.pass(16 * MINUTE),
    )
    assert.equal(back, '/admin/apps/app?unproven=1')
    assert.equal((await admin.get(await signInAt(admin, signIn))).status, 200)
  }
})

test('nobody but an administrator is shown a draft', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const form = { act: 'make', patient: 'Patient/drafted', days: '3' }
  const { signIn, back } = await sendLate(world, admin, '/admin/codes', form, () => world.pass(2 * DAY))
  await signInAt(admin, signIn, 'doctor')
  const reply = await admin.get(back)
  assert.deepEqual([reply.status, reply.body.includes('drafted')], [403, false])
})
