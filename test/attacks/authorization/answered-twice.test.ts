/**
 * An answer that is sent again: pressed twice, reloaded, gone back to. The browser may have lost the first one, so the person who gave
 * it is sent to the app again; nobody else is, no other decision is taken, and no code counts twice. CODE-01, CODE-04, RFC-05, CONS-01.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, Page, redeem } from './visit.ts'
import { callback, createWorld, MINUTE, publicApp, SECOND, start, users, type World } from './world.ts'

const scope = 'openid launch/patient patient/Observation.rs patient/Condition.rs'

async function consentIn(world: World, changes: Record<string, string> = {}): Promise<Page> {
  return new Browser(world, users.patient).open({ scope, ...changes })
}

function allowing(page: Page, scopes = page.values('scope')) {
  return [...scopes.map((one) => ['scope', one] as const), ['decision', 'allow'] as const]
}

/** The same form out of another browser, with that one's own anti-forgery field. */
async function sendFrom(browser: Browser, page: Page): Promise<Page> {
  const own = await browser.open({ scope })
  const reply = await browser.post(page.url, [['_csrf', own.csrf], ...allowing(page)])
  return new Page(browser, page.url, reply)
}

function showsNothing({ reply }: Page, code: string, status: number): void {
  assert.equal(reply.status, status)
  assert.equal(reply.headers.location, undefined)
  assert.ok(!reply.body.includes(code))
}

test('CODE-01: who presses Allow twice, reloads or goes back is sent to the app with the same code, which counts once', async () => {
  const world = await createWorld()
  const page = await consentIn(world)
  const first = await page.allow()
  assert.ok(first.reply.headers.location?.startsWith(`${callback}?code=`))
  for (const again of [await page.allow(), await page.browser.visit(page.url)]) {
    assert.equal(again.reply.status, 303)
    assert.equal(again.reply.headers.location, first.reply.headers.location)
    assert.equal(again.reply.headers['cache-control'], 'no-store')
  }
  assert.equal((await world.sql.all('SELECT * FROM codes')).length, 1)
  assert.equal(world.events.filter(({ kind }) => kind === 'authorize').length, 1)
  assert.equal((await redeem(world, first.code)).status, 200)
  assert.equal((await redeem(world, first.code)).body.error, 'invalid_grant')
})

test('CODE-01: an answer that is posted to the app is posted again', async () => {
  const world = await createWorld()
  const page = await consentIn(world, { response_mode: 'form_post' })
  const first = await page.allow()
  assert.notEqual(first.values('code')[0] ?? '', '')
  const again = await page.allow()
  for (const name of ['code', 'state', 'iss']) assert.deepEqual(again.values(name), first.values(name))
})

test('CODE-01: a refusal that is sent again is the same refusal', async () => {
  const world = await createWorld()
  const page = await consentIn(world)
  const first = await page.send([['decision', 'deny']])
  assert.equal(first.answer.get('error'), 'access_denied')
  const again = await page.send([['decision', 'deny']])
  assert.equal(again.reply.headers.location, first.reply.headers.location)
  showsNothing(await page.allow(), 'code=', 410)
  assert.deepEqual(await world.sql.all('SELECT * FROM codes'), [])
})

test('who said no is not told that they allowed anything, and who was not asked is not told that they answered', async () => {
  const world = await createWorld()
  const denied = await consentIn(world)
  await denied.send([['decision', 'deny']])
  world.pass(MINUTE)
  const after = await denied.browser.visit(denied.url)
  assert.equal(after.reply.status, 410)
  assert.match(after.reply.body, /You have already answered/)
  assert.doesNotMatch(after.reply.body, /What you allowed/)

  const silent = await consentIn(world, { prompt: 'none' })
  assert.equal(silent.answer.get('error'), 'consent_required')
  world.pass(MINUTE)
  const { reply } = await silent.browser.visit(silent.url)
  assert.equal(reply.status, 404)
  assert.match(reply.body, /This request is over/)
})

test('CODE-01: an answer in the last moment of an authorization is kept for as long as its code', async () => {
  const world = await createWorld()
  const page = await consentIn(world)
  world.pass(10 * MINUTE - SECOND)
  const first = await page.allow()
  world.pass(59 * SECOND)
  await world.flows.sweep(world.now())
  assert.equal((await page.allow()).reply.headers.location, first.reply.headers.location)
})

for (const [what, after] of [
  ['was redeemed', async (world, code) => void (await redeem(world, code))],
  ['is a minute old', async (world) => world.pass(60 * SECOND)],
  [
    'was taken back',
    async (world) => {
      const apps = await new Browser(world, users.patient).visit('/account/apps')
      await apps.send([['client', publicApp.id]])
    },
  ],
] as const satisfies readonly (readonly [string, (world: World, code: string) => Promise<void>])[])
  test(`CODE-04: a code that ${what} comes no second time: the page says that the person has answered`, async () => {
    const world = await createWorld({ clients: [{ ...publicApp, clientUri: 'https://app.example/home' }] })
    const page = await consentIn(world)
    const { code } = await page.allow()
    await after(world, code)
    for (const again of [await page.allow(), await page.browser.visit(page.url)]) {
      showsNothing(again, code, 410)
      assert.match(again.reply.body, /<h1>You have already answered<\/h1>/)
      assert.match(again.reply.body, /<a [^>]*href="https:\/\/app\.example\/home"[^>]*>Back to Trends<\/a>/)
    }
    const chinese = await page.browser.visit(`${page.url}?ui_locales=zh-TW`)
    assert.match(chinese.reply.body, /<h1>您已經做出決定<\/h1>/)
  })

for (const clientUri of [
  undefined,
  'javascript:alert(1)',
  'data:text/html,x',
  'org.example.app:/',
  'http://app.example/',
])
  test(`the page links no ${clientUri ?? 'address that an app has not'}: it names the app`, async () => {
    const world = await createWorld({ clients: [{ ...publicApp, ...(clientUri && { clientUri }) }] })
    const page = await consentIn(world)
    await page.allow()
    world.pass(MINUTE)
    const { reply } = await page.browser.visit(page.url)
    assert.equal(reply.status, 410)
    assert.match(reply.body, /Trends/)
    assert.doesNotMatch(reply.body, /Back to Trends|javascript:|data:text|org\.example|http:\/\/app/)
  })

test('RFC-05: nobody but the session that answered gets the answer', async () => {
  const world = await createWorld()
  const page = await consentIn(world)
  const { code } = await page.allow()
  const elsewhere = new Browser(world)
  elsewhere.cookies.session = world.signIn(users.patient).sessionId
  for (const stranger of [new Browser(world, users.doctor), elsewhere]) {
    showsNothing(await stranger.visit(page.url), code, 404)
    showsNothing(await sendFrom(stranger, page), code, 404)
  }
  showsNothing(await new Browser(world).visit(page.url), code, 404)
  const framed: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' },
  ]
  for (const headers of framed)
    assert.ok(!(await new Browser(world).visit(page.url, headers)).reply.body.includes(code))
  world.signOut(users.patient)
  showsNothing(await page.allow(), code, 404)
  showsNothing(await page.browser.visit(page.url), code, 404)
})

test('RFC-05: a form that did not come from the page gets no answer', async () => {
  const world = await createWorld()
  const page = await consentIn(world)
  const { code } = await page.allow()
  for (const csrf of ['', 'forged']) showsNothing(await page.send(allowing(page), csrf), code, 403)
  const fields = [['_csrf', page.csrf], ...allowing(page)] as const
  const reply = await page.browser.post(page.url, fields, { 'sec-fetch-site': 'cross-site' })
  assert.deepEqual([reply.status, reply.headers.location], [403, undefined])
  // An address that is not quite the one of the page is none.
  for (const id of [page.url.slice(0, -1), `${page.url}A`, page.url.toLowerCase()])
    showsNothing(await page.browser.visit(id), code, 404)
})

test('CONS-01: another decision than the one that was taken is none, and gets no code', async () => {
  for (const second of [[['decision', 'deny']], 'fewer', 'wider'] as const) {
    const world = await createWorld()
    const page = await consentIn(world)
    const { code } = await page.allow()
    const fields =
      second === 'fewer'
        ? allowing(page, ['openid'])
        : second === 'wider'
          ? [...allowing(page), ['scope', 'patient/*.cruds'] as const]
          : second
    showsNothing(await page.send(fields), code, 410)
    assert.equal((await world.sql.all('SELECT * FROM codes')).length, 1)
  }
})

test('RFC-01: an address that the app gave up, or an app that was disabled, gets no answer again', async () => {
  for (const change of [{ redirectUris: ['https://app.example/new'] }, { disabled: true }]) {
    const world = await createWorld()
    const page = await consentIn(world)
    const { code } = await page.allow()
    await world.clients.change(publicApp.id, (app) => ({ ...app, ...change }))
    showsNothing(await page.allow(), code, 400)
    showsNothing(await page.browser.visit(page.url), code, 400)
  }
})

test('RFC-12: what is kept of an answer is neither its code nor what opens it', async () => {
  const world = await createWorld()
  const page = await consentIn(world)
  const { code } = await page.allow()
  const stored = JSON.stringify(await world.sql.all('SELECT * FROM flows'))
  assert.ok(!stored.includes(code))
  assert.ok(!stored.includes(page.url.split('/').at(-1) ?? ''))
  // The answer of one authorization, laid under another, opens nothing.
  const other = await consentIn(world, { state: 'state-2' })
  const otherCode = (await other.allow()).code
  const flows = await world.sql.all<{ hash: string; data: string }>('SELECT hash, data FROM flows')
  const [one, two] = flows.map(({ data }) => JSON.parse(data))
  await world.sql.write(async (tx) => {
    for (const [mine, theirs] of [
      [one, two],
      [two, one],
    ])
      await tx.run(
        'UPDATE flows SET data = ? WHERE hash = ?',
        JSON.stringify({ ...mine, answer: theirs.answer }),
        mine.hash,
      )
  })
  for (const opened of [page, other]) {
    const again = await opened.allow()
    showsNothing(again, code, 410)
    assert.ok(!again.reply.body.includes(otherCode))
  }
})

test('of one page sent many times at once every sender is sent to the app with the one code', async () => {
  const world = await createWorld()
  const page = await consentIn(world)
  const sent = await Promise.all(Array.from({ length: 8 }, () => page.allow()))
  assert.deepEqual(new Set(sent.map(({ code }) => code !== '')), new Set([true]))
  assert.equal(new Set(sent.map(({ reply }) => reply.headers.location)).size, 1)
  assert.equal((await world.sql.all('SELECT * FROM codes')).length, 1)
  assert.equal(world.now(), start)
})
