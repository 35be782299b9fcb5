/** Whose account a sign-in at a real provider opens, and how nobody gets into another's. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { administered } from '../../../src/audit/event.ts'
import type { Links } from '../../../src/identity/account.ts'
import { openReal, type RealWorld } from './real.ts'
import { local, signInAt, signInHere } from './world.ts'

let world: RealWorld
let close: () => Promise<void>

before(async () => {
  ;[world, close] = await openReal({
    hospital: {
      roles: ['clinician', 'admin'],
      claims: { role: 'groups', practitioner: { claim: 'npi', system: 'http://hl7.org/fhir/sid/us-npi' } },
      roleValues: { doctors: 'clinician', nurses: 'clinician', it: 'admin' },
      careTeamOnly: ['nurses'],
    },
  })
  for (const [name, entry] of world.hospital.directory)
    world.hospital.directory.set(name, { groups: ['doctors'], ...entry })
})
after(() => close())

const accountOf = (record: string) => world.stores.accounts.findByRecord(record)
const disable = (id: string, disabled: boolean) =>
  world.sql.write((tx) => tx.run('UPDATE accounts SET disabled = ? WHERE id = ?', disabled ? 1 : 0, id))
const heading = (body: string) => /<h1>([^<]*)<\/h1>/.exec(body)?.[1]
const lastReason = async () => (await world.trail()).at(-1)?.reason ?? ''

test('a clinician signs in at the hospital, is found by their number, and comes back as the same account', async () => {
  await world.trail()
  const place = await signInAt(world.browser(), 'hospital', 'wei', { returnTo: '/account?x=1' })
  assert.equal(place.url, 'http://localhost:8080/account?x=1')
  assert.match(place.body, /Dr Wei Lin/)
  const account = await accountOf('Practitioner/lin')
  assert.equal(account?.username, 'hospital/wei.lin')
  assert.deepEqual(account?.roles, ['clinician'])
  assert.equal(account?.passwordHash, undefined)
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
  assert.equal((await accountOf('Practitioner/lin'))?.id, account?.id)
  assert.deepEqual(
    (await world.trail()).map(({ kind, outcome }) => `${kind} ${outcome}`),
    ['identity-linked success', 'sign-in success', 'sign-in success'],
  )
})

test('account takeover by e-mail or user name: an identity that calls itself as a local account does gets none of it', async () => {
  // Ada's e-mail and name at the hospital are the local account's name; her number is its practitioner's.
  const browser = world.browser()
  const place = await signInAt(browser, 'hospital', 'ada')
  assert.equal(place.status, 403)
  assert.equal(heading(place.body), 'You have an account here already')
  assert.match(await lastReason(), /has-account/)
  assert.deepEqual(await world.stores.identities.listOf(local.id), [])
  assert.equal(browser.cookie('chartkey_session'), undefined)
})

test('an account of a provider has no password: its name and any password do not sign in', async () => {
  await signInAt(world.browser(), 'hospital', 'wei')
  const place = await signInHere(world.browser(), 'hospital/wei.lin')
  assert.equal(place.status, 401)
})

const unfit: readonly (readonly [name: string, what: string, title: string])[] = [
  ['former', 'whose record is out of use', 'There is no account for you here'],
  ['twin', 'whose number two records have', 'It is not clear who you are'],
  ['porter', 'without a number', 'There is no account for you here'],
]

for (const [name, what, title] of unfit)
  test(`a clinician ${what} is refused, on record, and no account is made`, async () => {
    const before = (await world.stores.accounts.list()).length
    const place = await signInAt(world.browser(), 'hospital', name)
    assert.equal(place.status, 403)
    assert.equal(heading(place.body), title)
    assert.equal((await world.stores.accounts.list()).length, before)
    assert.match(await lastReason(), /unknown|ambiguous/)
  })

const groups: readonly (readonly [what: string, value: unknown, admitted: boolean])[] = [
  ['none', undefined, false],
  ['of another value', ['porters'], false],
  ['that is spelled otherwise', ['Doctors'], false],
  ['that only contains a value', 'doctors,it', false],
  ['that is an object', { doctors: true }, false],
  ['named as what every object has', ['constructor', '__proto__'], false],
  ['one text', 'doctors', true],
]

for (const [what, value, admitted] of groups)
  test(`roles: a group ${what} ${admitted ? 'is enough' : 'confers nothing'}`, async () => {
    world.hospital.directory.set('grouped', { npi: '1000000001', groups: value })
    const browser = world.browser()
    const place = await signInAt(browser, 'hospital', 'grouped')
    // The record is Wei's already: being let through to that question is what a role does.
    assert.equal(
      heading(place.body),
      admitted ? 'You have an account here already' : 'You cannot sign in this way',
    )
    assert.equal(place.status, 403)
  })

test('claims are applied at each sign-in: a role that is taken back is gone from running sessions too', async () => {
  const browser = world.browser()
  await signInAt(browser, 'hospital', 'wei')
  world.hospital.directory.set('wei', { npi: '1000000001', groups: ['nurses', 'it'], name: 'Wei <b>Lin</b>' })
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Wei &#60;b&#62;Lin/)
  const nurse = await accountOf('Practitioner/lin')
  assert.deepEqual(nurse?.roles, ['clinician', 'admin'])
  assert.equal(nurse?.careTeamOnly, true)
  world.hospital.directory.set('wei', { npi: '1000000001', groups: [] })
  await world.trail()
  assert.equal((await signInAt(world.browser(), 'hospital', 'wei')).status, 403)
  assert.deepEqual((await world.stores.accounts.find(nurse?.id ?? ''))?.roles, [])
  assert.deepEqual(
    (await world.trail()).map(({ kind }) => kind),
    ['claims-applied', 'sign-in'],
  )
  world.hospital.directory.set('wei', { npi: '1000000001', groups: ['doctors'], name: 'Dr Wei Lin' })
  assert.match((await signInAt(world.browser(), 'hospital', 'wei')).body, /Dr Wei Lin/)
})

/** As an administrator does it. */
async function link(record: string, more: readonly string[], fhirUser = record): Promise<string> {
  const { id } = (await accountOf(record)) ?? assert.fail()
  const told = administered({}, 'account-changed', { kind: 'account', id })
  const links = (before: Links) => ({ records: [...before.records, ...more], fhirUser })
  await world.stores.accountChanges.relink(id, links, () => told, world.now())
  return id
}

test('what an administrator has linked to an account of a provider stays at the next sign-in, and apps keep their access', async () => {
  await signInAt(world.browser(), 'national', 'bea')
  const bea = await link('Patient/bea', ['Patient/bea-twice', 'RelatedPerson/bea-for-noah'])
  await signInAt(world.browser(), 'hospital', 'wei')
  const wei = await link('Practitioner/lin', ['PractitionerRole/lin-icu'], 'PractitionerRole/lin-icu')
  await world.trail()
  await signInAt(world.browser(), 'national', 'bea')
  world.hospital.directory.set('wei', { npi: '1000000001', groups: ['doctors'], name: 'Wei' })
  await signInAt(world.browser(), 'hospital', 'wei')
  const linked = async (id: string) => {
    const { records, fhirUser } = (await world.stores.accounts.find(id)) ?? assert.fail()
    return [...records, fhirUser]
  }
  const ofBea = ['Patient/bea', 'Patient/bea-twice', 'RelatedPerson/bea-for-noah', 'Patient/bea']
  assert.deepEqual(await linked(bea), ofBea)
  const ofWei = ['Practitioner/lin', 'PractitionerRole/lin-icu', 'PractitionerRole/lin-icu']
  assert.deepEqual(await linked(wei), ofWei)
  // What goes with being a clinician goes when the provider takes that back.
  world.hospital.directory.set('wei', { npi: '1000000001', groups: [] })
  await signInAt(world.browser(), 'hospital', 'wei')
  assert.deepEqual(await linked(wei), [undefined])
  world.hospital.directory.set('wei', { npi: '1000000001', groups: ['doctors'], name: 'Dr Wei Lin' })
  await signInAt(world.browser(), 'hospital', 'wei')
  assert.deepEqual(await linked(wei), ['Practitioner/lin', 'Practitioner/lin'])
})

test('an account that is disabled here stays so, whatever the provider says', async () => {
  await signInAt(world.browser(), 'hospital', 'wei')
  const account = await accountOf('Practitioner/lin')
  assert.ok(account)
  await disable(account.id, true)
  world.hospital.directory.set('wei', { npi: '1000000001', groups: ['doctors', 'it'], name: 'New Name' })
  const place = await signInAt(world.browser(), 'hospital', 'wei')
  assert.equal(heading(place.body), 'This account is disabled')
  assert.equal((await world.stores.accounts.find(account.id))?.disabled, true)
  await disable(account.id, false)
})

test('a number of somebody else’s that a provider gives later does not move an account to that record', async () => {
  await signInAt(world.browser(), 'hospital', 'wei')
  world.hospital.directory.set('wei', { npi: '1000000002', groups: ['doctors'] })
  assert.equal((await signInAt(world.browser(), 'hospital', 'wei')).status, 403)
  world.hospital.directory.set('wei', { groups: ['doctors'] })
  assert.equal((await signInAt(world.browser(), 'hospital', 'wei')).status, 403)
  assert.equal((await accountOf('Practitioner/lin'))?.fhirUser, 'Practitioner/lin')
  world.hospital.directory.set('wei', { npi: '1000000001', groups: ['doctors'], name: 'Dr Wei Lin' })
})

test('a subject of one issuer is nobody at another: the same name there is another person', async () => {
  await signInAt(world.browser(), 'hospital', 'wei')
  world.national.directory.set('wei', { name: 'Another Wei' })
  const browser = world.browser()
  const place = await signInAt(browser, 'national', 'wei')
  assert.equal(new URL(place.url).pathname, '/account/activate')
  assert.equal(browser.cookie('chartkey_session'), undefined)
})

test('a patient whose verified claims all fit is found, with accents and case as people write them', async () => {
  assert.match((await signInAt(world.browser(), 'national', 'bea')).body, /Beatrice MOREAU/)
  assert.equal((await accountOf('Patient/bea'))?.fhirUser, 'Patient/bea')
  assert.deepEqual((await accountOf('Patient/bea'))?.roles, ['patient'])
})

const strangers: readonly (readonly [name: string, what: string])[] = [
  ['unproven', 'whose claims are not verified'],
  ['other-birth', 'with another date of birth'],
  ['other-name', 'with another given name'],
  ['other-number', 'with another number'],
  ['gone', 'whose record is out of use'],
  ['dead', 'who has died'],
  ['nobody', 'with nothing but an e-mail address'],
]

for (const [name, what] of strangers)
  test(`a patient ${what} is not linked: the page asks for an activation code`, async () => {
    const browser = world.browser()
    const place = await signInAt(browser, 'national', name)
    assert.equal(new URL(place.url).pathname, '/account/activate')
    assert.equal(browser.cookie('chartkey_session'), undefined)
    assert.equal(await accountOf('Patient/amara'), undefined)
  })

test('a patient whom two records fit is refused, on record: nobody guesses which', async () => {
  const place = await signInAt(world.browser(), 'national', 'same')
  assert.equal(heading(place.body), 'It is not clear who you are')
  assert.match(await lastReason(), /^ambiguous/)
  assert.equal(await accountOf('Patient/same-1'), undefined)
})

test('two identities that fit one record at the same time: one account is opened', async () => {
  world.national.directory.set('amara-2', world.national.directory.get('amara') ?? {})
  const places = await Promise.all(
    ['amara', 'amara-2'].map((name) => signInAt(world.browser(), 'national', name)),
  )
  assert.deepEqual(places.map(({ status }) => status).sort(), [200, 403])
  const accounts = (await world.stores.accounts.list()).filter(({ records }) =>
    records.includes('Patient/amara'),
  )
  assert.equal(accounts.length, 1)
})

test('what a provider says is shown as text, in one line: no markup, no line breaks, no marks that turn text around', async () => {
  world.national.directory.set('xss', {
    name: '<script>alert(1)</script>\u202Eevil\r\nSet-Cookie: x=y',
    email: '"><img src=x onerror=alert(1)>',
  })
  const place = await signInAt(world.browser(), 'national', 'xss')
  assert.equal(place.status, 200)
  assert.doesNotMatch(place.body, /<script>alert|<img src=x/)
  assert.match(place.body, /&#60;img src&#61;x/)
})

for (const target of [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example',
  '/%2fevil.example',
  'javascript:alert(1)',
  '/account/sign-out',
])
  test(`open redirect: after a sign-in nobody is sent to ${target}`, async () => {
    const place = await signInAt(world.browser(), 'hospital', 'wei', { returnTo: target })
    assert.equal(new URL(place.url).origin, 'http://localhost:8080')
    assert.equal(new URL(place.url).pathname, '/')
  })

test('a session planted before the sign-in is worth nothing afterwards', async () => {
  const browser = world.browser()
  await signInHere(browser)
  const planted = browser.cookie('chartkey_session') ?? ''
  await signInAt(browser, 'hospital', 'wei')
  const { body } = await world.app.inject({ url: '/account', cookies: { chartkey_session: planted } })
  assert.doesNotMatch(body, /Dr Wei Lin|Local Clinician/)
})

test('cancelling at the provider leads to a page that says so, and to the other ways to sign in', async () => {
  const browser = world.browser()
  const page = await browser.open('/account/providers/hospital/sign-in?return_to=/portal')
  const place = await browser.submit(page, { login: 'nobody there' })
  assert.equal(place.status, 403)
  assert.equal(heading(place.body), 'You were not signed in')
  assert.match(place.body, /href="\/account\/sign-in\?return_to&#61;%2Fportal"/)
})

test('a provider that is not configured is not there', async () => {
  for (const step of ['sign-in', 'callback', 'sign-out']) {
    const { status } = await world.app.inject({ url: `/account/providers/nobody/${step}` })
    assert.equal(status, 404)
  }
})
