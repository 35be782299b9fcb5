/** What the discovery documents announce, asked of the whole server: nothing in them is a promise only. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { defaultSections } from '../../../src/config/sections.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { transmit } from '../../attacks/http/wire.ts'
import { type Form, parseForms } from '../../fixtures/forms.ts'
import { type House, openHouse } from '../../fixtures/house.ts'
import { useOpenDoor } from '../../fixtures/open-door.ts'
import {
  type App,
  exchangeForm,
  refreshForm,
  requestToken,
  type TokenReply,
  Visitor,
} from '../../fixtures/visitor.ts'

const app: App = { clientId: 'announced', redirectUri: 'https://announced.example/callback', scope: '' }
const launchAddress = 'https://announced.example/launch'
const HOUR = 60 * 60 * 1000

const code = { text: 'Of these tests' }
const subject = { reference: 'Patient/amara' }
/** One of each type that an app can ask to be told of. */
const records: readonly Resource[] = [
  { resourceType: 'DiagnosticReport', id: 'announced-report', status: 'final', code, subject },
  { resourceType: 'DocumentReference', id: 'announced-document', status: 'current', subject, content: [] },
  { resourceType: 'ImagingStudy', id: 'announced-study', status: 'available', subject },
  { resourceType: 'Questionnaire', id: 'announced-survey', status: 'active' },
  { resourceType: 'RelatedPerson', id: 'announced-relative', patient: subject },
]

const open = useOpenDoor(async (house) => {
  await house.stores.records.putAll([...records])
  await house.stores.clients.add({
    id: app.clientId,
    name: 'Announced',
    authMethod: 'none',
    redirectUris: [app.redirectUri],
    launchUri: launchAddress,
    grantTypes: ['authorization_code', 'refresh_token'],
    scope: (await scopesOf(house)).join(' '),
    createdAt: 0,
  })
})

async function configurationOf(house: House) {
  const reply = await house.inject({ url: '/fhir/.well-known/smart-configuration' })
  return JSON.parse(reply.body) as Record<string, unknown>
}

/** Those that a person can grant to an app without a secret. */
async function scopesOf(house: House): Promise<string[]> {
  const { scopes_supported } = await configurationOf(house)
  return (scopes_supported as string[]).filter((scope) => !/^(?:system\/|__)/.test(scope))
}

const person = (username: string) => new Visitor(open().baseUrl, { username, password: 'sandbox' })

async function obtain(
  visitor: Visitor,
  scope: string,
  more: Record<string, string> = {},
): Promise<TokenReply & Record<string, unknown>> {
  const asked = { ...app, scope }
  const form = exchangeForm(asked, await visitor.authorize(asked, more))
  return { ...(await requestToken(open().baseUrl, form)) }
}

/** A form as it stands on the page. */
function filled(form: Form | undefined): URLSearchParams {
  return new URLSearchParams((form?.fields ?? []).map(([name, value]): [string, string] => [name, value]))
}

async function signOut(visitor: Visitor): Promise<void> {
  const address = `${open().baseUrl}/account/sign-out`
  const { page } = await visitor.arrive(address)
  const form = filled(parseForms(page).find(({ method }) => method === 'POST'))
  assert.ok((await visitor.send(address, form.toString())).status < 400)
}

async function renew({ refresh_token = '' }: Partial<TokenReply>) {
  const reply = await fetch(`${open().baseUrl}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: refreshForm(app, refresh_token),
  })
  return { status: reply.status, body: (await reply.json()) as Partial<TokenReply> & { error?: string } }
}

/** Asks the portal to open an app, whether its page has a button for that or not. */
async function launch(visitor: Visitor, clientId: string) {
  const path = '/portal/patients/amara'
  const { page } = await visitor.arrive(`${open().baseUrl}${path}`)
  const form = filled(parseForms(page).find(({ action }) => action === `${path}/launches`))
  form.set('client', clientId)
  return { page, reply: await visitor.send(`${open().baseUrl}${path}/launches`, form.toString()) }
}

/** Opens the app from the portal, and gives what it is launched with. */
async function launched(visitor: Visitor): Promise<{ iss: string; launch: string }> {
  const { reply } = await launch(visitor, app.clientId)
  const url = new URL(reply.headers.get('location') ?? '')
  assert.equal(url.origin + url.pathname, launchAddress)
  return { iss: url.searchParams.get('iss') ?? '', launch: url.searchParams.get('launch') ?? '' }
}

test('DISC-22, DISC-23: every scope that a person can grant is in the token of the app that asked for it, with what it asks for', async () => {
  const amara = person('patient.amara')
  const types = new Map(records.map(({ resourceType }) => [resourceType.toLowerCase(), resourceType]))
  for (const scope of await scopesOf(open())) {
    const more: Record<string, string> = scope === 'launch' ? { launch: (await launched(amara)).launch } : {}
    const asked = scope === 'openid' ? scope : `openid ${scope}`
    const given = await obtain(amara, asked, more)
    assert.equal(given.scope, asked)
    const [level = '', name = ''] = scope.split('/')
    if (level === 'patient' || scope === 'launch' || scope === 'launch/patient')
      assert.equal(given.patient, 'amara', scope)
    if (name === 'encounter') assert.equal(typeof given.encounter, 'string')
    const items = (given.fhirContext ?? []) as { reference: string }[]
    const type = types.get(name)
    assert.deepEqual(
      items.map(({ reference }) => reference.split('/')[0]),
      type ? [type] : [],
      scope,
    )
    assert.equal(given.refresh_token !== undefined, level.endsWith('_access'), scope)
    assert.equal(typeof given.id_token, 'string')
  }
})

test('LNCH-02, DISC-01, AUTHZ-13: what an app is launched with leads to the configuration, and is what aud has to be', async () => {
  const amara = person('patient.amara')
  const { iss, launch } = await launched(amara)
  const reply = await fetch(`${iss}/.well-known/smart-configuration`)
  assert.equal(reply.status, 200)
  assert.deepEqual(await reply.json(), await configurationOf(open()))
  const given = await obtain(amara, 'launch patient/Patient.r', { launch, aud: iss })
  const headers = { authorization: `Bearer ${given.access_token}` }
  assert.equal((await fetch(`${iss}/Patient/${given.patient}`, { headers })).status, 200)
})

test('REG-07, LNCH-01: an app that nobody approved is neither offered nor launched, and neither is one that is not on record', async () => {
  const known = await open().stores.clients.find(app.clientId)
  assert.ok(known)
  const apps = {
    'never-registered': undefined,
    waiting: { disabled: true, approval: 'waiting' },
    refused: { disabled: true, approval: 'refused' },
    disabled: { disabled: true },
    'without-address': { launchUri: undefined },
  } as const
  const amara = person('patient.amara')
  for (const [id, state] of Object.entries(apps)) {
    if (state) await open().stores.clients.add({ ...known, id, name: `App ${id}`, ...state } as Client)
    const { page, reply } = await launch(amara, id)
    assert.doesNotMatch(page, new RegExp(`App ${id}`))
    assert.ok(reply.status >= 400, `${id}: ${reply.status}`)
    assert.equal(reply.headers.get('location'), null)
  }
  const { page, reply } = await launch(amara, app.clientId)
  assert.match(page, /Announced/)
  assert.equal(reply.status, 303)
})

test('DISC-21: what chartkey.yaml says of brands is in the configuration', async () => {
  const identifier = { system: 'urn:ietf:rfc:3986', value: 'https://hospital.example' }
  const brands = { bundle: 'https://hospital.example/brands.json', identifier }
  const house = await openHouse({ sandbox: false, sections: { ...defaultSections(), brands } })
  const { user_access_brand_bundle, user_access_brand_identifier } = await configurationOf(house)
  await house.close()
  assert.deepEqual([user_access_brand_bundle, user_access_brand_identifier], [brands.bundle, identifier])
})

test('DISC-32: the CapabilityStatement tells old apps the same addresses as the configuration', async () => {
  const statement = JSON.parse((await open().inject({ url: '/fhir/metadata' })).body)
  const { security } = statement.rest[0]
  assert.equal(security.service[0].coding[0].code, 'SMART-on-FHIR')
  const [{ url, extension }] = security.extension
  assert.equal(url, 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris')
  const told = Object.fromEntries(
    extension.map((one: { url: string; valueUri: string }) => [one.url, one.valueUri]),
  )
  const found = await configurationOf(open())
  assert.deepEqual(told, {
    authorize: found.authorization_endpoint,
    token: found.token_endpoint,
    register: found.registration_endpoint,
    manage: found.management_endpoint,
    introspect: found.introspection_endpoint,
    revoke: found.revocation_endpoint,
  })
})

test('DISC-33: names of headers count as they come over the wire, in capitals or not', async () => {
  const { access_token } = await obtain(person('patient.amara'), 'launch/patient patient/Patient.r')
  for (const name of ['Authorization', 'AUTHORIZATION', 'authorization', 'aUTHORIZATION']) {
    const headers = [[name, `Bearer ${access_token}`]] as const
    const ask = { method: 'GET', path: '/fhir/Patient/amara', headers }
    assert.equal((await transmit(open().baseUrl, ask)).status, 200, name)
  }
  for (const name of ['Content-Type', 'CONTENT-TYPE', 'content-type']) {
    const headers = [[name, 'application/x-www-form-urlencoded']] as const
    const ask = {
      method: 'POST',
      path: '/oauth/token',
      headers,
      body: 'grant_type=password&client_id=announced',
    }
    assert.match((await transmit(open().baseUrl, ask)).body, /unsupported_grant_type/, name)
  }
})

test('REFR-02, REFR-03: online access ends with the session, by hand or by lying unused; offline access does not', async () => {
  const endings: readonly (readonly [string, (browser: Visitor) => Promise<unknown>])[] = [
    ['signed out', signOut],
    ['unused', async () => open().pass(HOUR)],
  ]
  for (const [ending, end] of endings) {
    const browser = person('patient.amara')
    const offline = await obtain(browser, 'openid offline_access')
    const online = await renew(await obtain(browser, 'openid online_access'))
    assert.equal(online.status, 200)
    await end(browser)
    assert.deepEqual([(await renew(online.body)).body.error, ending], ['invalid_grant', ending])
    assert.equal((await renew(offline)).status, 200)
  }
})
