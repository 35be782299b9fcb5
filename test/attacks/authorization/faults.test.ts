/** A fault of ours on the way to a code: the app is told of it where the answer would have gone, and nothing else is. RFC-04, RFC-01. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, type Page } from './visit.ts'
import { baseUrl, callback, createWorld, users, type World } from './world.ts'

/** Does `work` while the server has no such table. */
async function without<T>(world: World, table: string, work: () => Promise<T>): Promise<T> {
  await world.sql.write((tx) => tx.run(`ALTER TABLE ${table} RENAME TO elsewhere`))
  try {
    return await work()
  } finally {
    await world.sql.write((tx) => tx.run(`ALTER TABLE elsewhere RENAME TO ${table}`))
  }
}

function assertTold({ reply, answer }: Page): void {
  assert.equal(reply.status, 303)
  assert.ok(reply.headers.location?.startsWith(`${callback}?error=server_error&`), reply.headers.location)
  assert.deepEqual([answer.get('state'), answer.get('iss')], ['state-1', baseUrl])
  assert.match(answer.get('error_description') ?? '', /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  assert.doesNotMatch(JSON.stringify(reply), /elsewhere|no such table|does not exist|relation/)
}

test('RFC-04: a request that cannot be kept is server_error for the app, with its state', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  assertTold(await without(world, 'flows', () => browser.open()))
  assert.deepEqual(await world.sql.all('SELECT * FROM flows'), [])
  assert.equal((await browser.open()).reply.status, 200)
})

for (const prompt of [undefined, 'none']) {
  test(`RFC-04: a fault before any page is server_error for the app${prompt ? ', which may be waiting in a hidden frame' : ''}; the request can go on afterwards`, async () => {
    const world = await createWorld()
    const browser = new Browser(world, users.patient)
    const sent = await without(world, 'remembered_consents', () => browser.open({ prompt }))
    assertTold(sent)
    const flow = await world.sql.get<{ n: number }>('SELECT count(*) AS n FROM flows')
    assert.equal(Number(flow?.n), 1)
    assert.deepEqual(await world.sql.all('SELECT * FROM codes'), [])
  })
}

test('RFC-04: the app hears by a form where it asked to', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  const { reply } = await without(world, 'flows', () => browser.open({ response_mode: 'form_post' }))
  assert.equal(reply.status, 200)
  assert.match(reply.body, /name="error" value="server_error"/)
  assert.match(reply.body, /name="state" value="state-1"/)
})

test('RFC-01: a fault before the redirect URI is known to be the app’s is told in place', async () => {
  const world = await createWorld()
  const page = await without(world, 'clients', () => new Browser(world, users.patient).open())
  assert.deepEqual([page.reply.status, page.reply.headers.location], [500, undefined])
  const evil = { redirect_uri: 'https://evil.example/cb' }
  const refused = await without(world, 'flows', () => new Browser(world, users.patient).open(evil))
  assert.deepEqual([refused.reply.status, refused.reply.headers.location], [400, undefined])
})

test('a decision that cannot be kept is told to the person, who can make it again', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open()
  const failed = await without(world, 'codes', () => page.allow())
  assert.deepEqual([failed.reply.status, failed.reply.headers.location], [500, undefined])
  assert.notEqual((await page.allow()).code, '')
})
