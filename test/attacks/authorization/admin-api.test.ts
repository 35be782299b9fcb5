/** Attempts on the administration API, and what it does for a program that may. SCOPE-24, BKND-14; RFC 6750 §3.1. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openAdminWorld } from './admin-world.ts'
import { basic } from './visit.ts'
import { callback } from './world.ts'

const calls: readonly (readonly [string, string, unknown?])[] = [
  ['GET', '/apps'],
  ['POST', '/apps', { client_name: 'Mine', redirect_uris: [callback] }],
  ['GET', '/apps/app'],
  ['PUT', '/apps/app', { client_name: 'Mine', redirect_uris: ['https://evil.example/cb'] }],
  ['DELETE', '/apps/app'],
  ['POST', '/apps/app/disable'],
  ['POST', '/apps/app/approve'],
  ['PUT', '/apps/app/trust', { pre_approved: true }],
  ['POST', '/apps/app/rotate-secret'],
  ['GET', '/initial-access-tokens'],
  ['POST', '/initial-access-tokens', { name: 'x' }],
  ['DELETE', '/initial-access-tokens/iat_1'],
  ['GET', '/accounts'],
  ['GET', '/accounts/u-doctor'],
  ['PUT', '/accounts/u-doctor/records', { records: ['Patient/1'] }],
  ['POST', '/accounts/u-doctor/disable'],
  ['POST', '/accounts/u-doctor/enable'],
  ['GET', '/activation-codes'],
  ['POST', '/activation-codes', { patient: 'Patient/1' }],
  ['DELETE', '/activation-codes/1'],
  ['GET', '/grants'],
  ['DELETE', '/grants/g1'],
]

test('without the scope chartkey.admin there is no administration', async () => {
  const world = await openAdminWorld()
  const exporter = await world.tokenOf('exporter', 'ehr.launch')
  const before = JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()])
  for (const [method, path, body] of calls) {
    for (const [token, status] of [
      [undefined, 401],
      ['nonsense', 401],
      [exporter, 403],
    ] as const) {
      const reply = await world.call(method, path, token, body)
      assert.equal(reply.status, status, `${method} ${path}`)
      assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer .*scope="chartkey.admin"/)
    }
  }
  assert.equal(
    JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()]),
    before,
  )
})

test('an administrator’s cookies open no call of the API: no other site can make one', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const reply = await world.app.inject({
    method: 'POST',
    url: '/admin/api/apps/app/disable',
    cookies: admin.cookies,
  })
  assert.equal(reply.status, 401)
  assert.equal(reply.headers['access-control-allow-origin'], undefined)
})

test('an app gets the scope chartkey.admin only when it was registered with it by the house', async () => {
  const world = await openAdminWorld()
  assert.equal(await world.tokenOf('exporter', 'chartkey.admin'), 'undefined')
  assert.equal(await world.tokenOf('app', 'chartkey.admin'), 'undefined')
  assert.notEqual(await world.tokenOf('console', 'chartkey.admin'), 'undefined')
})

test('a program registers, edits, approves, disables and removes an app; each is in force at once and on record', async () => {
  const world = await openAdminWorld()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const made = await world.call('POST', '/apps', token, { client_name: 'New', redirect_uris: [callback] })
  assert.equal(made.status, 201)
  assert.match(String(made.body.client_secret), /^[\w-]{43}$/)
  const path = `/apps/${made.body.client_id}`
  const seen = await world.call('GET', path, token)
  assert.equal('client_secret' in seen.body, false)
  assert.equal(seen.body.status, 'approved')
  const edited = await world.call('PUT', path, token, { client_name: 'Newer', redirect_uris: [callback] })
  assert.equal(edited.body.client_name, 'Newer')
  assert.equal('client_secret' in edited.body, false)
  assert.equal((await world.call('POST', `${path}/disable`, token)).body.status, 'disabled')
  assert.equal((await world.call('POST', `${path}/disable`, token)).status, 409)
  assert.equal((await world.call('POST', `${path}/enable`, token)).body.status, 'approved')
  const rotated = await world.call('POST', `${path}/rotate-secret`, token, { overlap_hours: 0 })
  assert.notEqual(rotated.body.client_secret, made.body.client_secret)
  assert.equal((rotated.body.secrets as unknown[]).length, 1)
  assert.equal((await world.call('DELETE', path, token)).status, 204)
  assert.equal((await world.call('GET', path, token)).status, 404)
  const acts = (await world.trail()).map((event) => event.kind === 'administration' && event.act)
  assert.deepEqual(acts, [
    'app-registered',
    'app-changed',
    'app-disabled',
    'app-enabled',
    'app-secret-rotated',
    'app-removed',
  ])
  assert.ok((await world.trail()).every(({ actor }) => actor.client === 'console'))
})

test('a program that is disabled administers nothing any more', async () => {
  const world = await openAdminWorld()
  const token = await world.tokenOf('console', 'chartkey.admin')
  assert.equal((await world.call('POST', '/apps/console/disable', token)).status, 200)
  assert.equal((await world.call('GET', '/apps', token)).status, 401)
})

test('REG-05: a program whose registration loses the scope administers nothing from then on, whatever its token says', async () => {
  const world = await openAdminWorld()
  const [token, other] = [
    await world.tokenOf('console', 'chartkey.admin'),
    await world.call('POST', '/apps', await world.tokenOf('console', 'chartkey.admin'), {
      client_name: 'Another',
      grant_types: ['client_credentials'],
      scope: 'chartkey.admin ehr.launch',
    }),
  ]
  const { client_id, client_secret } = other.body as { client_id: string; client_secret: string }
  const asked = await world.app.inject({
    url: '/oauth/token',
    method: 'POST',
    headers: basic(client_id, client_secret),
    form: { grant_type: 'client_credentials', scope: 'chartkey.admin' },
  })
  const held = String(JSON.parse(asked.body).access_token)
  assert.equal((await world.call('GET', '/apps', held)).status, 200)
  const less = { client_name: 'Another', grant_types: ['client_credentials'], scope: 'ehr.launch' }
  assert.equal((await world.call('PUT', `/apps/${client_id}`, token, less)).status, 200)
  const before = JSON.stringify(await world.stores.clients.list())
  for (const [method, path, body] of calls) {
    const reply = await world.call(method, path, held, body)
    assert.deepEqual([reply.status, reply.body.error], [403, 'insufficient_scope'], `${method} ${path}`)
  }
  assert.equal(JSON.stringify(await world.stores.clients.list()), before)
})

test('what a body has wrong is named, and nothing is changed', async () => {
  const world = await openAdminWorld()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const before = JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()])
  for (const [method, path, body, member] of [
    ['POST', '/apps', { redirect_uris: ['javascript:1'] }, 'redirect_uris.0'],
    ['POST', '/apps', { redirect_uris: [callback], client_name: 'a\nb' }, 'client_name'],
    ['POST', '/apps', { redirect_uris: [callback], scope: 'openid patient/Observations.rs' }, 'scope'],
    ['PUT', '/apps/app', { redirect_uris: [] }, 'redirect_uris'],
    ['PUT', '/apps/app', { redirect_uris: [callback], scope: 'openid patient/Observation.sr' }, 'scope'],
    ['POST', '/apps/app/rotate-secret', { overlap_hours: -1 }, 'overlap_hours'],
    ['POST', '/apps/app/rotate-secret', { overlap: 1 }, 'overlap'],
    ['PUT', '/apps/app/trust', { pre_approved: 'yes' }, 'pre_approved'],
    ['POST', '/initial-access-tokens', { name: 'x', uses: 0 }, 'uses'],
    ['POST', '/initial-access-tokens', { name: 'x', scope: 'nonsense' }, 'scope'],
    ['POST', '/activation-codes', {}, 'patient'],
    ['POST', '/activation-codes', { patient: 'Practitioner/1' }, 'patient'],
    ['POST', '/activation-codes', { patient: 'Patient/nobody' }, 'patient'],
    ['POST', '/activation-codes', { patient: 'Patient/1', days: 91 }, 'days'],
    ['PUT', '/accounts/u-doctor/records', { records: ['Observation/1'] }, 'records'],
    ['PUT', '/accounts/u-doctor/records', { records: 'Patient/1' }, 'records'],
  ] as const) {
    const reply = await world.call(method, path, token, body)
    assert.equal(reply.status, 400, `${path} ${JSON.stringify(body)}`)
    assert.equal(reply.body.member, member)
  }
  assert.equal((await world.call('GET', '/apps?status=odd', token)).status, 400)
  for (const path of ['/apps/nobody', '/accounts/nobody'])
    assert.equal((await world.call('GET', path, token)).status, 404)
  assert.equal(
    JSON.stringify([await world.stores.clients.list(), await world.stores.accounts.list()]),
    before,
  )
})

test('trust is given as a whole or not at all', async () => {
  const world = await openAdminWorld()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const made = await world.call('POST', '/apps', token, {
    client_name: 'Public',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'none',
  })
  const path = `/apps/${made.body.client_id}`
  const reply = await world.call('PUT', `${path}/trust`, token, { pre_approved: true, smart1: true })
  assert.equal(reply.status, 409)
  assert.equal((await world.call('GET', path, token)).body.pre_approved, false)
})

test('a program links and disables accounts, and revokes what was granted', async () => {
  const world = await openAdminWorld()
  const token = await world.tokenOf('console', 'chartkey.admin')
  const links = { records: ['Practitioner/1'], fhir_user: 'Practitioner/1' }
  const linked = await world.call('PUT', '/accounts/u-doctor/records', token, links)
  assert.deepEqual([linked.body.records, linked.body.fhir_user], [['Practitioner/1'], 'Practitioner/1'])
  assert.equal((await world.call('POST', '/accounts/u-doctor/disable', token)).body.disabled, true)
  const other = await world.tokenOf('exporter', 'ehr.launch')
  const { body } = await world.call('GET', '/grants?client_id=exporter', token)
  const [grant] = body.grants as { id: string; client_id: string }[]
  assert.equal(grant?.client_id, 'exporter')
  assert.equal((await world.call('DELETE', `/grants/${grant?.id}`, token)).status, 204)
  assert.equal((await world.call('DELETE', `/grants/${grant?.id}`, token)).status, 404)
  assert.equal((await world.call('GET', '/apps', other)).status, 401)
})
