/**
 * The whole house: a person allows an app, and finds that in their own record as a Consent that says so; nobody else does,
 * and the app that may write Consents cannot change it. CONS-01, SCOPE-27, DISC-27; ADR 0030.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { validate } from '../../../src/resource/definitions/validate.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { parseForms } from '../../fixtures/forms.ts'
import { type House, openHouse } from '../../fixtures/house.ts'

const secret = 'a secret of an app on a server, of 256 bits and more'
const redirect_uri = 'https://app.example/callback'
const verifier = 'v'.repeat(43)
const digest = (text: string) => createHash('sha256').update(text).digest('base64url')
const consents = 'patient/Consent.cruds'
const condition = 'patient/Condition.rs'
const observation = 'patient/Observation.rs'
const laboratory = `${observation}?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory`
const scope = `launch/patient ${consents} ${condition} ${observation}`

let house: House

before(async () => {
  house = await openHouse()
  await house.stores.clients.add({
    id: 'ledger',
    name: 'Ledger',
    authMethod: 'client_secret_basic',
    secrets: [{ hash: digest(secret), createdAt: 1 }],
    redirectUris: [redirect_uri],
    grantTypes: ['authorization_code', 'refresh_token'],
    scope: 'launch/patient openid fhirUser offline_access patient/*.cruds user/*.cruds',
    createdAt: 1,
  })
})
// The database goes with the file that it was lent to.
after(() => house.app.close())

type Fields = readonly (readonly [string, string])[]

/** A browser: its cookies, and where it has come to. */
interface Person {
  readonly cookies: Record<string, string>
}

interface Place {
  readonly url: string
  readonly body: string
}

async function go(
  person: Person,
  address: string,
  form?: readonly (readonly [string, string])[],
): Promise<Place> {
  let url = address.replace(house.baseUrl, '')
  for (let sent = form; !url.startsWith(redirect_uri); sent = undefined) {
    const reply = await house.inject({ url, cookies: person.cookies, ...(sent && { form: sent }) })
    Object.assign(person.cookies, reply.cookies)
    if (reply.headers.location === undefined) return { url, body: reply.body }
    url = reply.headers.location.replace(house.baseUrl, '')
  }
  return { url, body: '' }
}

/** Presses a button of a place: everything that is ticked is sent along, or only these fields. */
function press(person: Person, { url, body }: Place, button: readonly [string, string], only?: Fields) {
  const form = parseForms(body).find(({ buttons }) => buttons.some(({ name }) => name === button[0]))
  if (!form) throw new Error(`no button ${button[0]} at ${url}: ${body.slice(0, 2000)}`)
  const hidden = form.fields.filter(([name]) => name === '_csrf')
  return go(person, url, [...(only ? [...hidden, ...only] : form.fields), button])
}

const allow = (who: Person, place: Place, only?: Fields) => press(who, place, ['decision', 'allow'], only)

async function person(username: string): Promise<Person> {
  const cookies = {}
  const { url, body } = await go({ cookies }, '/account/sign-in')
  const csrf = /name="_csrf" value="([^"]+)"/.exec(body)?.[1] ?? ''
  const typed: Fields = [
    ['_csrf', csrf],
    ['username', username],
    ['password', 'sandbox'],
  ]
  await go({ cookies }, url, typed)
  return { cookies }
}

/** Asks, and comes to the app at once or to a page. */
function ask(who: Person, changes: Record<string, string> = {}): Promise<Place> {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'ledger',
    redirect_uri,
    scope,
    state: 'state-1',
    aud: `${house.baseUrl}/fhir`,
    code_challenge: digest(verifier),
    code_challenge_method: 'S256',
    ...changes,
  })
  return go(who, `/oauth/authorize?${query}`)
}

async function redeem({ url }: Place): Promise<string> {
  const code = new URL(url).searchParams.get('code') ?? ''
  const reply = await house.inject({
    url: '/oauth/token',
    headers: {
      authorization: `Basic ${Buffer.from(`ledger:${encodeURIComponent(secret)}`).toString('base64')}`,
    },
    form: { grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier },
  })
  assert.equal(reply.status, 200, reply.body)
  return JSON.parse(reply.body).access_token
}

async function decisionsWith(token: string): Promise<Resource[]> {
  const reply = await fhir(token, 'Consent?_tag=urn:chartkey:kept|app-decision&_sort=-date')
  assert.equal(reply.status, 200, reply.body)
  return (JSON.parse(reply.body).entry ?? []).map(({ resource }: { resource: Resource }) => resource)
}

function fhir(token: string, target: string, method = 'GET', body?: object) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body && { 'content-type': 'application/fhir+json' }),
  }
  return house.inject({
    method,
    url: `/fhir/${target}`,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
}

const scopesIn = ({ extension }: Resource) =>
  (extension as { valueString: string }[]).map(({ valueString }) => valueString)

test('CONS-01, SCOPE-27, DISC-27: allowed, remembered, narrowed, taken back: the patient reads all of it as Consents', async () => {
  const amara = await person('patient.amara')
  const allowed = await allow(amara, await ask(amara))
  const token = await redeem(allowed)
  const [first, ...none] = await decisionsWith(token)
  assert.ok(first)
  assert.deepEqual(none, [])
  assert.deepEqual(validate(first), [])
  assert.equal(first.status, 'active')
  assert.deepEqual(first.patient, { reference: 'Patient/amara' })
  assert.deepEqual(scopesIn(first), scope.split(' '))
  const { actor, period } = first.provision as { actor: object[]; period: { start: string; end: string } }
  assert.match(JSON.stringify(actor), /"system":"urn:chartkey:client","value":"ledger"\},"display":"Ledger"/)
  assert.equal(Date.parse(period.end) - Date.parse(period.start), 365 * 24 * 60 * 60 * 1000)

  // What is remembered is no second decision.
  assert.match((await ask(amara)).url, /[?&]code=/)
  assert.equal((await decisionsWith(token)).length, 1)

  // The app, which was given every letter on Consents, may read it and no more.
  for (const [method, body] of [
    ['DELETE', undefined],
    ['PUT', { ...first, status: 'inactive' }],
  ] as const)
    assert.equal((await fhir(token, `Consent/${first.id}`, method, body)).status, 403)

  house.pass(1000)
  const page = await ask(amara, { prompt: 'consent' })
  const narrowed = await allow(amara, page, [
    ['scope', 'launch/patient'],
    ['scope', consents],
    ['part', laboratory],
  ])
  assert.match(narrowed.url, /[?&]code=/)
  // The decision that counts is the Consent, and those before are its history.
  const [second, ...others] = await decisionsWith(token)
  assert.deepEqual(others, [])
  assert.deepEqual([second?.id, second?.status, second?.meta?.versionId], [first.id, 'active', '2'])
  assert.ok(second && scopesIn(second).includes(laboratory) && !scopesIn(second).includes(observation))
  const before = JSON.parse((await fhir(token, `Consent/${first.id}/_history/1`)).body)
  assert.deepEqual([before.status, scopesIn(before)], ['active', scope.split(' ')])

  const apps = await go(amara, '/account/apps')
  const csrf = /name="_csrf" value="([^"]+)"/.exec(apps.body)?.[1] ?? ''
  await go(amara, '/account/apps', [
    ['_csrf', csrf],
    ['client', 'ledger'],
  ])
  assert.equal((await fhir(token, `Consent/${first.id}`)).status, 401)
  house.pass(1000)
  const again = await allow(amara, await ask(amara))
  const [third, ...more] = await decisionsWith(await redeem(again))
  assert.deepEqual([third?.id, third?.status, third?.meta?.versionId, more], [first.id, 'active', '4', []])
})

test('CONS-01: what a clinician decides about an app on a record is in that record, and in no other', async () => {
  const lin = await person('dr.lin')
  const picked = await press(lin, await ask(lin), ['patient', 'diego'])
  const allowed = await allow(lin, picked)
  const [own, ...none] = await decisionsWith(await redeem(allowed))
  assert.deepEqual(none, [])
  assert.deepEqual(own?.patient, { reference: 'Patient/diego' })
  assert.match(JSON.stringify(own?.performer), /"reference":"Practitioner\//)

  const amara = await person('patient.amara')
  const page = await ask(amara, { prompt: 'consent' })
  const token = await redeem(await allow(amara, page))
  for (const one of await decisionsWith(token)) assert.deepEqual(one.patient, { reference: 'Patient/amara' })
  assert.equal((await fhir(token, `Consent/${own?.id}`)).status, 404)
})

test('CONS-01: a decision about an app is no privacy Consent: the clinician sees the record as before', async () => {
  const lin = await person('dr.lin')
  const user = { scope: 'user/Observation.rs user/Consent.rs' }
  const token = await redeem(await allow(lin, await ask(lin, user)))
  const total = async () =>
    JSON.parse((await fhir(token, 'Observation?patient=amara&_summary=count')).body).total as number
  const seen = await total()
  assert.ok(seen > 0)
  const amara = await person('patient.amara')
  await allow(amara, await ask(amara, { prompt: 'consent' }))
  house.pass(2000)
  assert.equal(await total(), seen)
  // Its own decision is about every record that the clinician may open, and in none of them.
  const general = (await decisionsWith(token)).filter(({ patient }) => patient === undefined)
  assert.equal(general.length, 1)
  assert.deepEqual(validate(general[0] ?? assert.fail()), [])
})
