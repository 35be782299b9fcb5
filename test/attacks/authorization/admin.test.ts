/** Attempts on the pages of administration: by people who may not, by other sites, and through what apps say of themselves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAdminWorld } from './admin-world.ts'
import { baseUrl, callback } from './world.ts'

const pages = [
  '/admin',
  '/admin/apps',
  '/admin/apps/new',
  '/admin/apps/app',
  '/admin/apps/app/edit',
  '/admin/tokens',
  '/admin/codes',
  '/admin/accounts',
  '/admin/accounts/u-doctor',
]
const forms: readonly (readonly [string, Record<string, string>])[] = [
  [
    '/admin/apps/new',
    { client_name: 'Mine', redirect_uris: 'https://evil.example/cb', grant_types: 'authorization_code' },
  ],
  ['/admin/apps/app', { act: 'disable' }],
  ['/admin/apps/app', { act: 'pre-approval' }],
  ['/admin/apps/app', { act: 'rotate', overlap: '0' }],
  ['/admin/apps/app', { act: 'remove', confirm: 'yes' }],
  ['/admin/apps/app/edit', { client_name: 'Mine', redirect_uris: 'https://evil.example/cb' }],
  ['/admin/tokens', { act: 'issue', name: 'x', uses: '1', days: '1' }],
  ['/admin/codes', { act: 'make', patient: 'Patient/1', days: '14' }],
  ['/admin/codes', { act: 'revoke', patient: '1' }],
  ['/admin/accounts/u-doctor', { act: 'link', records: 'Patient/1' }],
  ['/admin/accounts/u-admin', { act: 'disable' }],
]

test('who is not signed in is sent to sign in, and comes back', async () => {
  const world = await openAdminWorld()
  for (const url of pages) {
    const reply = await world.stranger().get(url)
    assert.equal(reply.status, 303)
    assert.equal(reply.headers.location, `/account/sign-in?return_to=${encodeURIComponent(url)}`)
  }
})

for (const username of ['doctor', 'patient']) {
  test(`a ${username} gets no page of administration and changes nothing, and it is on record`, async () => {
    const world = await openAdminWorld()
    const person = await world.signIn(username)
    const before = JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()])
    for (const url of pages) assert.equal((await person.get(url)).status, 403, url)
    for (const [url, form] of forms) assert.equal((await person.send('/account', url, form)).status, 403, url)
    assert.equal(
      JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()]),
      before,
    )
    assert.deepEqual(await world.stores.registrations.listInitialTokens(), [])
    const refusals = await world.trail()
    assert.equal(refusals.length, pages.length + forms.length)
    assert.ok(refusals.every(({ outcome, actor }) => outcome === 'refused' && actor.user === `u-${username}`))
  })
}

test('CSRF: a form from elsewhere changes nothing, whatever it carries', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const doctor = await world.signIn('doctor')
  const page = await world.app.inject({ url: '/account', cookies: doctor.cookies })
  const [, foreign = ''] = /name="_csrf" value="([^"]+)"/.exec(page.body) ?? []
  const before = JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()])
  for (const [url, form] of forms) {
    for (const field of ['', 'x', foreign]) {
      const reply = await world.app.inject({ url, cookies: admin.cookies, form: { ...form, _csrf: field } })
      assert.equal(reply.status, 403)
    }
    const own = /name="_csrf" value="([^"]+)"/.exec((await admin.get('/admin/tokens')).body)?.[1] ?? ''
    const reply = await world.app.inject({
      url,
      cookies: admin.cookies,
      form: { ...form, _csrf: own },
      headers: { 'sec-fetch-site': 'cross-site' },
    })
    assert.equal(reply.status, 403)
  }
  assert.equal(
    JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()]),
    before,
  )
})

test('an open session that is a quarter of an hour old gives nothing away, whatever the form calls itself', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const state = async () => {
    const { clients, accounts, registrations, invitations } = world.stores
    const all = [clients.list(), accounts.list(), registrations.listInitialTokens(), invitations.list(0)]
    return JSON.stringify(await Promise.all(all))
  }
  const before = await state()
  world.pass(15 * 60_000)
  const giving: typeof forms = [
    ...forms.filter(([, { act }]) => act !== 'disable' && act !== 'revoke'),
    ['/admin/apps/app', { act: 'enable' }],
    ['/admin/apps/app', { act: 'smart1' }],
    // Acts of other forms open no door at this one.
    ['/admin/tokens', { act: 'disable', name: 'x', uses: '1', days: '1' }],
    ['/admin/codes', { act: 'disable', patient: 'Patient/1', days: '14' }],
    ['/admin/apps/new', { act: 'refuse', client_name: 'Mine', redirect_uris: callback }],
    ['/admin/apps/app/edit', { act: 'refuse', client_name: 'Mine', redirect_uris: callback }],
    ['/admin/accounts/u-doctor', { act: 'enable' }],
  ]
  for (const [url, form] of giving) {
    const { location } = (await admin.send('/admin/tokens', url, form)).headers
    const { pathname, searchParams } = new URL(location ?? '', baseUrl)
    const { return_to = '', ...more } = Object.fromEntries(searchParams)
    assert.deepEqual([pathname, more], ['/account/sign-in', { username: 'admin', again: '1' }])
    // What was typed may come back with it: see admin-drafts.test.ts.
    assert.equal(return_to.replace(/&draft=[\w-]+$/, ''), `${url}?unproven=1`, JSON.stringify(form))
  }
  for (const url of ['/admin/apps/new', '/admin/apps/app/edit']) {
    assert.match((await admin.get(url)).headers.location ?? '', /^\/account\/sign-in\?.*again=1/)
  }
  assert.equal(await state(), before)
  assert.match((await admin.get('/admin/codes?unproven=1')).body, /Nothing was changed yet/)
  // What takes access away is done at once.
  await admin.send('/admin/apps/app', '/admin/apps/app', { act: 'disable' })
  assert.equal((await world.stores.clients.find('app'))?.disabled, true)
  await admin.send('/admin/apps', '/admin/accounts/u-doctor', { act: 'disable' })
  assert.equal((await world.stores.accounts.find('u-doctor'))?.disabled, true)
})

test('a GET changes nothing', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  await admin.get('/admin/apps/app?act=disable&confirm=yes')
  await admin.get('/admin/accounts/u-doctor?act=disable')
  assert.equal((await world.stores.clients.find('app'))?.disabled, undefined)
  assert.equal((await world.stores.accounts.find('u-doctor'))?.disabled, false)
})

test('XSS: what an app says of itself is text on every page, and nothing it names is loaded or linked', async () => {
  const world = await openAdminWorld()
  const script = '<img src=x onerror=alert(1)>"\'</textarea><script>alert(1)</script>'
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: script,
      redirect_uris: [callback],
      logo_uri: 'https://evil.example/pixel.png',
      client_uri: 'https://evil.example/',
      contacts: [script],
      software_id: script,
    }),
  })
  assert.equal(reply.status, 201)
  const { client_id } = JSON.parse(reply.body)
  // What cannot be registered may be on record from before it could not.
  await world.stores.clients.change(client_id, (client) => ({
    ...client,
    logoUri: 'https://evil.example/pixel.png?"><script>alert(2)</script>',
    clientUri: 'https://evil.example/"onmouseover="alert(3)',
  }))
  const admin = await world.signIn('admin')
  for (const url of ['/admin/apps', `/admin/apps/${client_id}`, `/admin/apps/${client_id}/edit`]) {
    const page = await admin.get(url)
    assert.equal(page.status, 200)
    assert.doesNotMatch(page.body, /<script>alert|<img src=x|"onmouseover=/)
    assert.doesNotMatch(page.body, /(?:src|href)="https:\/\/evil/)
    assert.match(page.headers['content-security-policy'] ?? '', /default-src 'none'|default-src 'self'/)
    assert.doesNotMatch(page.headers['content-security-policy'] ?? '', /evil/)
  }
})

test('an administrator lets an app in, and takes it out again: in force at once, and on record', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Waiting',
      redirect_uris: [callback],
      token_endpoint_auth_method: 'none',
    }),
  })
  const { client_id: id } = JSON.parse(reply.body)
  const path = `/admin/apps/${id}`
  assert.match((await admin.get('/admin/apps?state=waiting')).body, /Waiting/)
  for (const [act, disabled] of [
    ['approve', undefined],
    ['disable', true],
    ['enable', undefined],
  ] as const) {
    assert.equal((await admin.send(path, path, { act })).headers.location, `${path}?saved=1`)
    assert.equal((await world.stores.clients.find(id))?.disabled, disabled)
  }
  // Somebody has a page open from before.
  assert.equal((await admin.send(path, path, { act: 'approve' })).status, 409)
  assert.equal((await admin.send(path, path, { act: 'remove' })).status, 400)
  assert.equal((await admin.send(path, path, { act: 'remove', confirm: 'yes' })).status, 303)
  assert.equal(await world.stores.clients.find(id), undefined)
  const acts = (await world.trail()).map(
    (event) => event.kind === 'administration' && [event.act, event.actor.user],
  )
  assert.deepEqual(acts, [
    ['app-approved', 'u-admin'],
    ['app-disabled', 'u-admin'],
    ['app-enabled', 'u-admin'],
    ['app-removed', 'u-admin'],
  ])
})

test('REG-04: a secret is told once, kept as a hash, and the old one works until its overlap ends', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const page = await admin.send('/admin/apps/console', '/admin/apps/console', { act: 'rotate', overlap: '1' })
  const [, told = ''] = [...page.body.matchAll(/admin-secret">([^<]+)</g)].map(([, value]) => value)
  assert.match(told, /^[\w-]{43}$/)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.equal((await admin.get('/admin/apps/console')).body.includes(told), false)
  assert.equal(JSON.stringify(await world.stores.clients.list()).includes(told), false)
  assert.equal(JSON.stringify(await world.stores.audit.list(0, 100)).includes(told), false)
  assert.notEqual(await world.tokenOf('console', 'chartkey.admin'), 'undefined')
  world.pass(60 * 60 * 1000)
  assert.equal(await world.tokenOf('console', 'chartkey.admin'), 'undefined')
})

test('REG-04: a secret that is about to end is not kept alive by replacing the next one', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  for (const overlap of ['1', '24'])
    await admin.send('/admin/apps/console', '/admin/apps/console', { act: 'rotate', overlap })
  assert.notEqual(await world.tokenOf('console', 'chartkey.admin'), 'undefined')
  world.pass(60 * 60 * 1000)
  assert.equal(await world.tokenOf('console', 'chartkey.admin'), 'undefined')
})

test('REG-04: an overlap that is no number of hours rotates no secret: what was meant is not guessed', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const before = await world.stores.clients.find('console')
  for (const overlap of ['', ' ', '24h', '-1', '1e3', '0x10', '2161', '1,5', 'Infinity']) {
    const form = { act: 'rotate', overlap }
    const page = await admin.send('/admin/apps/console', '/admin/apps/console', form)
    assert.equal(page.status, 400, overlap)
    assert.match(page.body, /0 to 2160 hours/)
    assert.doesNotMatch(page.body, /admin-secret/)
    assert.deepEqual(await world.stores.clients.find('console'), before)
  }
  assert.notEqual(await world.tokenOf('console', 'chartkey.admin'), 'undefined')
  const now = await admin.send('/admin/apps/console', '/admin/apps/console', { act: 'rotate', overlap: '0' })
  assert.match(now.body, /admin-secret/)
  assert.equal(await world.tokenOf('console', 'chartkey.admin'), 'undefined')
})

test('what is wrong with an app is told in the reader’s language', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  admin.cookies.chartkey_locale = 'zh-TW'
  const form = { client_name: 'X', redirect_uris: 'https://a.example/*', token_endpoint_auth_method: 'none' }
  const page = await admin.send('/admin/apps/new', '/admin/apps/new', form)
  assert.match(page.body, /id="redirect_uris-error">[^<]*不可使用萬用字元/)
  const [url, act] = ['/admin/accounts/u-doctor', { act: 'link', records: 'nobody' }]
  assert.match((await admin.send(url, url, act)).body, /「nobody」不是 Patient\/123/)
})

test('a form with what cannot be is shown again with the problem, and changes nothing', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const before = await world.stores.clients.list()
  const wrong: Record<string, string>[] = [
    { client_name: 'X', redirect_uris: 'javascript:alert(1)' },
    { client_name: 'X', redirect_uris: 'https://a.example/*' },
    { client_name: 'X', redirect_uris: callback, jwks: '{' },
    { client_name: 'X', redirect_uris: callback, jwks: '{"keys":[{"kty":"oct","kid":"1","k":"AAAA"}]}' },
    { client_name: 'X', redirect_uris: callback, token_endpoint_auth_method: 'private_key_jwt' },
    { client_name: 'X', redirect_uris: callback, scope: 'system/*.rs' },
    { client_name: '', redirect_uris: callback, logo_uri: 'data:,x' },
  ]
  for (const form of wrong) {
    for (const url of ['/admin/apps/new', '/admin/apps/app/edit']) {
      const page = await admin.send(url, url, {
        grant_types: 'authorization_code',
        token_endpoint_auth_method: 'none',
        ...form,
      })
      assert.equal(page.status, 400, JSON.stringify(form))
      assert.match(page.body, /notice-danger/)
    }
  }
  assert.deepEqual(await world.stores.clients.list(), before)
})

test('an administrator disables an account: its session ends at once; their own they cannot', async () => {
  const world = await openAdminWorld()
  const [admin, doctor] = [await world.signIn('admin'), await world.signIn('doctor')]
  const path = '/admin/accounts/u-doctor'
  assert.equal((await doctor.get('/account')).status, 200)
  assert.equal((await admin.send(path, path, { act: 'disable' })).status, 303)
  assert.equal((await doctor.get('/account')).status, 303)
  const own = '/admin/accounts/u-admin'
  assert.equal((await admin.send('/admin/accounts', own, { act: 'disable' })).status, 404)
  assert.equal((await world.stores.accounts.find('u-admin'))?.disabled, false)
})

test('CTX-40: an account is linked to references of people only', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const path = '/admin/accounts/u-doctor'
  for (const records of [
    'Patient/1\nObservation/2',
    'https://evil.example/Patient/1',
    'Patient/1/_history/2',
    'Patient/../1',
    '#x',
  ]) {
    assert.equal((await admin.send(path, path, { act: 'link', records })).status, 400, records)
  }
  assert.equal(
    (await admin.send(path, path, { act: 'link', records: '', fhir_user: 'Device/1' })).status,
    400,
  )
  assert.deepEqual((await world.stores.accounts.find('u-doctor'))?.records, [])
  const links = { act: 'link', records: 'Practitioner/1\n PractitionerRole/2 ', fhir_user: 'Practitioner/1' }
  assert.equal((await admin.send(path, path, links)).status, 303)
  assert.deepEqual((await world.stores.accounts.find('u-doctor'))?.records, [
    'Practitioner/1',
    'PractitionerRole/2',
  ])
})

test('an initial access token of the page registers an app; a revoked one does not', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const issue = async () => {
    const page = await admin.send('/admin/tokens', '/admin/tokens', {
      act: 'issue',
      name: 'Partner',
      uses: '1',
      days: '7',
    })
    return /admin-secret">([^<]+)</.exec(page.body)?.[1] ?? ''
  }
  const register = async (token: string) => {
    const body = JSON.stringify({ client_name: 'P', redirect_uris: [callback], scope: 'openid patient/*.rs' })
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
    return JSON.parse(
      (await world.app.inject({ method: 'POST', url: '/oauth/register', headers, body })).body,
    )
  }
  assert.equal((await register(await issue())).registration_status, 'approved')
  const token = await issue()
  const [{ id = '' } = {}] = (await world.stores.registrations.listInitialTokens()).filter(
    ({ usesLeft }) => usesLeft > 0,
  )
  assert.equal((await admin.send('/admin/tokens', '/admin/tokens', { act: 'revoke', token: id })).status, 303)
  assert.equal((await register(token)).error, 'invalid_token')
  const wrong: Record<string, string>[] = [
    { name: '' },
    { uses: '0' },
    { uses: '1.5' },
    { days: '0' },
    { days: '9999' },
    { scope: 'nonsense' },
  ]
  for (const form of wrong) {
    const typed = { act: 'issue', name: 'P', uses: '1', days: '1', ...form }
    assert.equal(
      (await admin.send('/admin/tokens', '/admin/tokens', typed)).status,
      400,
      JSON.stringify(form),
    )
  }
})
