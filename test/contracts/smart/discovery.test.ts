/** The discovery documents: where they stand, in what form, and that nothing in them is untrue. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, basic, obtain, redeem } from '../../attacks/authorization/visit.ts'
import {
  baseUrl,
  callback,
  confidentialApp,
  createWorld,
  fhirBase,
  secret,
  users,
  verifier,
  type World,
} from '../../attacks/authorization/world.ts'

const place = '/fhir/.well-known/smart-configuration'

async function configuration(world: World, url = place): Promise<Record<string, unknown>> {
  const reply = await world.app.inject({ url })
  assert.equal(reply.status, 200)
  return JSON.parse(reply.body)
}

const list = (value: unknown) => value as readonly string[]

test('DISC-01, DISC-02, DISC-03: the configuration stands behind the whole FHIR base, not at the root, and names the endpoints', async () => {
  const world = await createWorld()
  assert.equal(`${baseUrl}${place}`, `${fhirBase}/.well-known/smart-configuration`)
  const found = await configuration(world)
  for (const member of ['authorization_endpoint', 'token_endpoint', 'capabilities'])
    assert.ok(found[member], member)
  assert.equal((await world.app.inject({ url: '/.well-known/smart-configuration' })).status, 404)
})

test('DISC-04, DISC-05: it is JSON with whatever Accept, and without one', async () => {
  const world = await createWorld()
  for (const accept of [
    undefined,
    'text/html',
    '*/*',
    'application/fhir+json',
    'application/xml',
    'nonsense',
  ]) {
    const reply = await world.app.inject({ url: place, ...(accept && { headers: { accept } }) })
    assert.equal(reply.status, 200, accept)
    assert.match(reply.headers['content-type'] ?? '', /^application\/json(?:;|$)/)
    assert.ok(JSON.parse(reply.body).token_endpoint)
  }
})

test('DISC-07, DISC-12, DISC-14, DISC-11: every endpoint is an absolute URL below this server, and answers there', async () => {
  const world = await createWorld({ openRegistration: true })
  const found = await configuration(world)
  const endpoints = Object.entries(found).filter(([name]) => /_(?:endpoint|uri)$/.test(name))
  const names = endpoints.map(([name]) => name)
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'])
    assert.ok(names.includes(name), name)
  for (const [name, url] of endpoints) {
    assert.ok(String(url).startsWith(`${baseUrl}/`), name)
    assert.notEqual((await world.app.inject({ url: String(url).slice(baseUrl.length) })).status, 404, name)
  }
  const keys = JSON.parse((await world.app.inject({ url: '/oauth/jwks' })).body)
  assert.ok(keys.keys.length > 0)
})

test('DISC-09, DISC-10: the issuer is named exactly where OpenID Connect is, in the document and in its name', async () => {
  const world = await createWorld()
  const found = await configuration(world)
  assert.equal('issuer' in found, list(found.capabilities).includes('sso-openid-connect'))
  const openid = await configuration(world, '/.well-known/openid-configuration')
  assert.equal(found.issuer, openid.issuer)
  assert.equal(found.issuer, baseUrl)
})

test('DISC-13, DISC-26, DISC-29, DISC-30, DISC-31: grants, responses, capabilities and S256 alone are listed', async () => {
  const found = await configuration(await createWorld())
  for (const grant of ['authorization_code', 'refresh_token', 'client_credentials'])
    assert.ok(list(found.grant_types_supported).includes(grant), grant)
  assert.deepEqual(found.response_types_supported, ['code'])
  assert.ok(list(found.capabilities).length > 0)
  assert.deepEqual(found.code_challenge_methods_supported, ['S256'])
})

test('DISC-15: the ways to authenticate are those that the specification names; that public apps need none is told where OAuth has a word for it', async () => {
  const world = await createWorld()
  const methodsAt = async (url?: string) =>
    list((await configuration(world, url)).token_endpoint_auth_methods_supported).toSorted()
  const known = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
  assert.deepEqual(await methodsAt(), known)
  assert.ok(list((await configuration(world)).capabilities).includes('client-public'))
  for (const url of ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])
    assert.deepEqual(await methodsAt(url), [...known, 'none'].toSorted())
})

test('DISC-18: the registration endpoint is named, and an app registers there; where nobody may by themselves, it says how', async () => {
  for (const [options, status] of [
    [{ openRegistration: true }, 201],
    [{ registration: { keepsWaiting: false } }, 401],
  ] as const) {
    const world = await createWorld(options)
    const endpoint = String((await configuration(world)).registration_endpoint)
    const reply = await world.app.inject({
      url: endpoint.slice(baseUrl.length),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [callback] }),
    })
    assert.equal(reply.status, status, reply.body)
    if (status === 401) assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer /)
  }
})

test('DISC-21, BRND-17: the Brand Bundle of the organisation is named as it says, and none where it says nothing', async () => {
  const bundle = 'https://hospital.example/brands.json'
  const identifier = { system: 'urn:ietf:rfc:3986', value: 'https://hospital.example' }
  for (const [brands, told] of [
    [undefined, {}],
    [{ bundle }, { user_access_brand_bundle: bundle }],
    [
      { bundle, identifier },
      { user_access_brand_bundle: bundle, user_access_brand_identifier: identifier },
    ],
  ] as const) {
    const found = await configuration(await createWorld(brands ? { brands } : {}))
    const members = Object.entries(found).filter(([name]) => name.startsWith('user_access_brand'))
    assert.deepEqual(Object.fromEntries(members), told)
  }
})

test('DISC-27: the page where people manage their apps is named, and asks who they are', async () => {
  const world = await createWorld()
  const { management_endpoint } = await configuration(world)
  const path = String(management_endpoint).slice(baseUrl.length)
  assert.equal((await new Browser(world, users.patient).get(path)).status, 200)
  assert.match((await world.app.inject({ url: path })).headers.location ?? '', /\/account\/sign-in/)
})

test('DISC-22, DISC-23: every scope that is listed is granted to an app that is registered for it', async () => {
  const world = await createWorld()
  const scopes = list((await configuration(world)).scopes_supported)
  assert.ok(scopes.length > 0)
  // Those of an app for itself, and of one that asks about tokens, are granted in another way (client credentials).
  const granted = scopes.filter((scope) => !/^(?:system\/|__)/.test(scope))
  const app = { ...confidentialApp, id: 'all', scope: granted.join(' '), authMethod: 'none' as const }
  await world.clients.add({ ...app, redirectUris: [callback] })
  const types = ['DiagnosticReport', 'DocumentReference', 'ImagingStudy', 'Questionnaire', 'RelatedPerson']
  const fhirContext = types.map((type) => ({ reference: `${type}/1` }))
  for (const scope of granted) {
    // What a launch can be about is granted where it is: here the launch has one of each.
    const isLaunched = /^launch(?:\/|$)/.test(scope)
    const context = { patient: 'amara', encounter: 'e1', fhirContext }
    const page = await new Browser(world, users.patient).open({
      client_id: 'all',
      scope: `openid ${scope}`,
      launch: isLaunched ? await world.launch(users.patient, context, 'all') : undefined,
    })
    const { body } = await redeem(world, (await page.allow()).code, { client_id: 'all' })
    assert.ok(body.scope?.split(' ').includes(scope), `${scope}: ${JSON.stringify(body)}`)
  }
})

test('DISC-24: scopes beyond the list are granted as well', async () => {
  const world = await createWorld()
  const { scopes_supported } = await configuration(world)
  const granular = 'patient/Observation.rs?category=laboratory'
  assert.ok(!list(scopes_supported).includes(granular))
  assert.ok((await obtain(world, users.patient, { scope: `${granular} openid` })).scope.includes(granular))
})

test('DISC-33: names of headers are read without regard to case', async () => {
  const world = await createWorld()
  const { code } = await (
    await new Browser(world, users.patient).open({ client_id: confidentialApp.id })
  ).allow()
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
  const headers = {
    AUTHORIZATION: basic(confidentialApp.id, secret).authorization,
    'Content-TYPE': 'application/x-www-form-urlencoded',
  }
  const body = new URLSearchParams(form).toString()
  const reply = await world.app.inject({ method: 'POST', url: '/oauth/token', headers, body })
  assert.equal(reply.status, 200, reply.body)
})

test('CORS-01, CORS-07, SEED-38: pages of any origin read the discovery documents and the keys, without cookies', async () => {
  const world = await createWorld()
  const origin = 'https://anywhere.example'
  for (const url of [
    place,
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
    '/oauth/jwks',
  ]) {
    const reply = await world.app.inject({ url, headers: { origin } })
    assert.equal(reply.headers['access-control-allow-origin'], '*', url)
    assert.equal(reply.headers['access-control-allow-credentials'], undefined)
  }
})

test('RFC-26, RFC-25, SEED-14: the OpenID document has what OpenID Connect asks for, under the issuer’s own address', async () => {
  const found = await configuration(await createWorld(), '/.well-known/openid-configuration')
  assert.equal(found.issuer, baseUrl)
  for (const member of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'])
    assert.ok(found[member], member)
  assert.deepEqual(found.response_types_supported, ['code'])
  assert.ok(list(found.subject_types_supported).length > 0)
  assert.ok(list(found.id_token_signing_alg_values_supported).includes('RS256'))
})
