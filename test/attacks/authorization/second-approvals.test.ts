/** A decision on an app that is another by then: a second click, an old tab, a retry. What was read goes along, and counts in the transaction. RFC 9110 §13.1.1; ADR 0022. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAdminWorld, seenOn } from './admin-world.ts'
import { administration, registered } from './waiting.ts'

const giving = ['approve', 'enable', 'pre-approval', 'smart1', 'resource-server']
const notices = { en: /has changed since you read this page/, 'zh-TW': /應用程式已有變更/ }

test('a click twice approves once: the second is of what was read, and the app has become another', async () => {
  const world = await openAdminWorld()
  const { id, put } = await registered(world)
  const browser = await world.signIn('admin')
  const page = `/admin/apps/${id}`
  const seen = seenOn((await browser.get(page)).body) ?? assert.fail('the form does not say what was read')
  assert.equal((await browser.send(page, page, { act: 'approve', seen })).status, 303)
  assert.equal((await put(administration)).status, 200)
  const stored = await world.stores.registrations.find(id)
  for (const [language, notice] of Object.entries(notices)) {
    browser.cookies.chartkey_locale = language
    const reply = await browser.send(page, page, { act: 'approve', seen })
    assert.equal(reply.status, 409)
    assert.match(reply.body, notice)
    assert.match(reply.body, /evil\.example/)
  }
  assert.deepEqual(await world.stores.registrations.find(id), stored)
  assert.equal((await browser.send(page, page, { act: 'approve' })).status, 303)
})

for (const act of giving)
  test(`no ${act} without what was read, nor by what was read before an edit; what takes away needs none`, async () => {
    const world = await openAdminWorld()
    const browser = await world.signIn('admin')
    const page = '/admin/apps/app'
    if (act === 'enable')
      assert.equal((await browser.send(page, page, { act: 'disable', seen: '' })).status, 303)
    const seen = seenOn((await browser.get(page)).body) ?? assert.fail('the form does not say what was read')
    await world.stores.clients.change('app', (client) => ({ ...client, scope: `${client.scope} user/*.rs` }))
    const stored = await world.stores.clients.find('app')
    for (const told of ['', seen, seen.toUpperCase(), 'x']) {
      const reply = await browser.send(page, page, { act, seen: told })
      assert.equal(reply.status, 409)
      assert.match(reply.body, notices.en)
    }
    assert.deepEqual(await world.stores.clients.find('app'), stored)
    if (act !== 'approve') assert.equal((await browser.send(page, page, { act })).status, 303)
  })

test('RFC 9110 §13.1.1: by the API the decision is on the version that If-Match names, or 412 and nothing changes', async () => {
  const world = await openAdminWorld()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const { id, put } = await registered(world)
  const path = `/apps/${id}`
  const call = (method: string, to: string, tag?: string, body?: object) =>
    world.call(method, path + to, token, body, tag === undefined ? {} : { 'if-match': tag })
  const read = await call('GET', '')
  const tag = String(read.headers.etag)
  assert.equal(tag, `"${read.body.version}"`)
  const { apps } = (await world.call('GET', '/apps', token)).body as { apps: Record<string, unknown>[] }
  assert.equal(apps.find(({ client_id }) => client_id === id)?.version, read.body.version)
  assert.equal((await call('POST', '/approve', `"other", ${tag}`)).status, 200)
  assert.equal((await put(administration)).status, 200)
  const stored = await world.stores.registrations.find(id)
  for (const sent of [tag, `"other", ${tag}`, `W/${(await call('GET', '')).headers.etag}`, '"other"']) {
    const { status, body } = await call('POST', '/approve', sent)
    assert.deepEqual([status, body.error], [412, 'version_changed'], sent)
    assert.match(String(body.error_description), /has changed since/)
  }
  assert.equal((await call('POST', '/approve', 'abc')).status, 400)
  assert.deepEqual(await world.stores.registrations.find(id), stored)
  assert.equal((await call('POST', '/approve', String((await call('GET', '')).headers.etag))).status, 200)

  let before = String((await call('GET', '')).headers.etag)
  const trust = { pre_approved: true, smart1: true, resource_server: true }
  assert.equal((await call('PUT', '/trust', tag, trust)).status, 412)
  const given = await call('PUT', '/trust', before, trust)
  assert.deepEqual([given.status, given.body.smart1, given.body.pre_approved], [200, true, true])
  assert.equal((await call('PUT', '/trust', before, { smart1: false })).status, 412)
  before = String((await call('GET', '')).headers.etag)
  assert.equal((await call('POST', '/disable')).status, 200)
  assert.equal((await call('POST', '/enable', before)).status, 412)
  assert.equal((await call('POST', '/enable', '*')).status, 200)
  const metadata = { client_name: 'Another', redirect_uris: ['https://new.example/cb'] }
  assert.equal((await call('PUT', '', tag, metadata)).status, 412)
  assert.equal((await call('DELETE', '', tag)).status, 412)
  assert.equal((await call('GET', '')).headers.etag, before)
  assert.equal((await call('DELETE', '', before)).status, 204)
})
