/** Activation codes: how a patient comes in with one, and how nobody does without. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { invite } from '../../../src/identity/providers/invite.ts'
import { parseForms } from '../../fixtures/forms.ts'
import type { Place, Surfer } from '../../fixtures/surfer.ts'
import { openReal, type RealWorld } from './real.ts'
import { baseUrl, signInAt } from './world.ts'

let world: RealWorld
let close: () => Promise<void>
let people = 0

before(async () => {
  ;[world, close] = await openReal({ national: { firstSignIn: 'invitation', patientMatch: undefined } })
})
after(() => close())

const born = { amara: '1981-04-02', bea: '1990-02-03', 'same-1': '1970-01-01', 'same-2': '1970-01-01' }

function inviteTo(patient: string, days = 14): Promise<string> {
  const records = { patient: async (id: string) => ({ birthDate: born[id as keyof typeof born] }) }
  const deps = { invitations: world.stores.invitations, records, now: world.now }
  return invite(deps, patient, days, {}).then(({ code }) => code)
}

/** Somebody new comes from the provider and stands before the page; each has an address of their own. */
async function arrive(name = `person-${++people}`): Promise<{ browser: Surfer; page: Place }> {
  world.national.directory.set(name, { name: `Person ${name}` })
  const browser = world.browser()
  browser.address = `192.0.2.${people}`
  return { browser, page: await signInAt(browser, 'national', name) }
}

async function enter(
  code: string,
  birthdate: string,
  from?: { browser: Surfer; page: Place },
): Promise<Place> {
  const { browser, page } = from ?? (await arrive())
  return browser.submit(page, { code, birthdate })
}

const accountOf = (record: string) => world.stores.accounts.findByRecord(record)

test('a patient with a code and their date of birth gets an account for their record, and comes back to it', async () => {
  const code = await inviteTo('amara')
  assert.match(code, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
  await world.trail()
  const arrival = await arrive('amara-w')
  const place = await enter(` ${code.toLowerCase().replaceAll('-', ' ')}`, born.amara, arrival)
  assert.match(place.body, /Person amara-w/)
  const account = await accountOf('Patient/amara')
  assert.deepEqual([account?.roles, account?.fhirUser], [['patient'], 'Patient/amara'])
  assert.deepEqual(
    (await world.trail()).map((event) => [event.kind, 'patients' in event ? event.patients : []]),
    [
      ['identity-linked', ['amara']],
      ['sign-in', []],
    ],
  )
  assert.match((await signInAt(world.browser(), 'national', 'amara-w')).body, /Person amara-w/)
})

test('a code works once, also for two at the same time', async () => {
  const code = await inviteTo('bea')
  const arrivals = [await arrive(), await arrive()]
  const places = await Promise.all(arrivals.map((arrival) => enter(code, born.bea, arrival)))
  assert.equal(places.filter(({ status }) => status === 200).length, 1)
  assert.equal((await enter(code, born.bea)).status, 401)
})

test('a code is over after its time, and when a newer one is made', async () => {
  const old = await inviteTo('same-1', 1)
  const arrival = await arrive()
  const code = await inviteTo('same-1', 1)
  assert.equal((await enter(old, born['same-1'], arrival)).status, 401)
  // A day goes by for the code only: the provider's clock stays where it is.
  const day = 24 * 60 * 60_000
  const text = 'UPDATE invitations SET expires_at = expires_at - ? WHERE patient = ?'
  await world.sql.write((tx) => tx.run(text, day + 1, 'same-1'))
  const late = await arrive()
  assert.equal((await enter(code, born['same-1'], late)).status, 401)
  assert.equal(await accountOf('Patient/same-1'), undefined)
})

test('a code with somebody else’s date of birth is refused like one that there is not, and is over after five', async () => {
  const code = await inviteTo('same-2')
  const wrong = await enter(code, '1970-01-02')
  const unknown = await enter('0000-0000-0000-0000', '1970-01-02')
  assert.deepEqual([wrong.status, unknown.status], [401, 401])
  const plain = ({ body }: Place) => body.replaceAll(/value="[^"]*"/g, '').replaceAll(/person-\d+/gi, '')
  assert.equal(plain(wrong), plain(unknown))
  for (let attempt = 0; attempt < 4; attempt++)
    assert.equal((await enter(code, `1971-01-0${attempt + 1}`)).status, 401)
  assert.equal((await enter(code, born['same-2'])).status, 401)
  assert.equal(await accountOf('Patient/same-2'), undefined)
})

test('of dates that are guessed at the same time, the right one is not told once the code is over', async () => {
  const code = await inviteTo('same-1')
  const { invitations } = world.stores
  const { find } = invitations
  invitations.find = async (hash, now) => {
    const found = await find(hash, now)
    // Others, who look at it as well, are done first.
    for (let other = 0; other < 5; other++) await invitations.fail(hash)
    return found
  }
  const place = await enter(code, born['same-1']).finally(() => {
    invitations.find = find
  })
  assert.equal(place.status, 401)
  assert.match(place.body, /do not match/)
  assert.equal(await accountOf('Patient/same-1'), undefined)
})

test('the page lets in whom it names, and nobody who came back in that browser since', async () => {
  const code = await inviteTo('same-1')
  const { browser, page } = await arrive('ann')
  assert.match(page.body, /Person ann/)
  // Somebody has the browser go to the provider once more, where another person is signed in.
  browser.cookies.delete(world.national.issuer)
  world.national.directory.set('eve', { name: 'Person eve' })
  await signInAt(browser, 'national', 'eve')
  const place = await enter(code, born['same-1'], { browser, page })
  assert.equal(place.status, 409)
  assert.match(place.body, /Person eve/)
  assert.equal(await accountOf('Patient/same-1'), undefined)
  // Nothing of it is used up, either.
  assert.equal(
    (await world.stores.invitations.list(world.now())).some(({ patient }) => patient === 'same-1'),
    true,
  )
})

test('guessing codes gets slower: after some attempts an address has to wait', async () => {
  const arrival = await arrive()
  const statuses: number[] = []
  for (let attempt = 0; attempt < 8; attempt++)
    statuses.push((await enter('0000-0000-0000-0000', '1970-01-01', arrival)).status)
  assert.ok(statuses.includes(429), String(statuses))
  assert.equal(statuses[0], 401)
})

test('the page is for who comes from a provider: nobody else has one, and no other browser', async () => {
  assert.equal((await world.browser().open('/account/activate')).status, 400)
  const code = await inviteTo('same-1')
  const { browser } = await arrive()
  const stranger = world.browser()
  const sent = await stranger.open('/account/activate', { code, birthdate: born['same-1'] })
  assert.equal(sent.status, 400)
  // Nor without the form’s own field.
  const forged = await browser.open('/account/activate', { code, birthdate: born['same-1'] })
  assert.equal(forged.status, 403)
  assert.equal(await accountOf('Patient/same-1'), undefined)
})

test('who waited too long with the code comes from the provider again', async () => {
  const arrival = await arrive()
  world.pass(16 * 60_000)
  const place = await enter(await inviteTo('same-1'), born['same-1'], arrival)
  world.pass(-16 * 60_000)
  assert.equal(place.status, 400)
})

test('a record that has an account gets no second one by a code', async () => {
  const place = await enter(await inviteTo('amara'), born.amara)
  assert.equal(place.status, 403)
  assert.match(place.body, /You have an account here already/)
})

test('the store has neither codes nor what a browser holds', async () => {
  const code = await inviteTo('same-1')
  const { browser } = await arrive()
  const rows = JSON.stringify([
    await world.sql.all('SELECT * FROM invitations'),
    await world.sql.all('SELECT * FROM newcomers'),
  ])
  for (const secret of [code, code.replaceAll('-', ''), browser.cookie('chartkey_visit') ?? ''])
    assert.ok(!rows.includes(secret))
})

test('a patient without a full date of birth, or who is not there, is not invited', async () => {
  const deps = (birthDate?: string) => ({
    invitations: world.stores.invitations,
    records: { patient: async () => (birthDate === undefined ? undefined : { birthDate }) },
    now: world.now,
  })
  await assert.rejects(invite(deps('1970'), 'x', 1, {}), /date of birth/)
  await assert.rejects(invite(deps(), 'x', 1, {}), /no Patient\/x/)
})

test('a form that is sent twice lets its person in, and tells them nothing else', async () => {
  for (const patient of ['same-1', 'same-2'] as const) {
    const code = await inviteTo(patient)
    const { browser, page } = await arrive(`for-${patient}`)
    const { fields = [] } = parseForms(page.body).find(({ names }) => names.has('code')) ?? {}
    const form = { ...Object.fromEntries(fields), code, birthdate: born[patient] }
    const jar = browser.cookies.get(baseUrl) ?? assert.fail()
    const visit = jar.get('chartkey_visit') ?? ''
    // The browser sends it again before it has the answer, or drops that.
    const send = () => browser.open('/account/activate', form)
    const sendAgain = () => {
      jar.set('chartkey_visit', visit)
      return send()
    }
    const places =
      patient === 'same-1' ? await Promise.all([send(), send()]) : [await send(), await sendAgain()]
    for (const { url, body } of places) {
      assert.match(new URL(url).pathname, /^\/account(?:\/sign-in)?$/, body)
      assert.doesNotMatch(body, /do not match|connected already/)
    }
    assert.match((await browser.open('/account')).body, new RegExp(`Person for-${patient}`))
  }
})
