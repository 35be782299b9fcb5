import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectedReply } from '../http/inject.ts'
import { takeLaunch } from './launch.ts'
import { baseUrl, createServer, styleUrl } from './test-world.ts'

/** Markup as a browser reads it, entities resolved. */
const read = (markup: string) =>
  markup.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))

const policyOf = (reply: InjectedReply, directive: string) =>
  reply.headers['content-security-policy']
    ?.split('; ')
    .find((each) => each.startsWith(`${directive} `))
    ?.split(' ')
    .slice(1)

test('who is not signed in signs in and comes back; everybody else is sent where they belong', async () => {
  const { app, as } = createServer()
  const anonymous = await app.inject({ url: '/ehr?q=a%20b' })
  assert.equal(anonymous.headers.location, '/account/sign-in?return_to=%2Fehr%3Fq%3Da%2520b')
  assert.equal((await as('diego', '/ehr')).headers.location, '/portal')
  assert.equal((await as('lin', '/portal')).headers.location, '/ehr')
  assert.equal((await as('admin', '/ehr')).status, 403)
  assert.equal((await as('diego', '/portal')).headers.location, '/portal/patients/1')
})

test('every section of a chart opens, in both languages, with the record as text and not as markup', async () => {
  const { as } = createServer()
  for (const section of [
    'summary',
    'problems',
    'medications',
    'allergies',
    'results',
    'vitals',
    'immunizations',
    'encounters',
    'nonsense',
  ])
    for (const locale of ['en', 'zh-TW']) {
      const { status, body } = await as('lin', `/ehr/patients/1?section=${section}&ui_locales=${locale}`)
      assert.equal(status, 200)
      assert.match(read(body), /<i>Ann<\/i> Doe & Sons/)
      assert.doesNotMatch(body, /<i>Ann|Gout <x>|Trends <b>|undefined|\[object/)
    }
})

test('a patient who is not there and one the user may not see get the same page', async () => {
  const { as } = createServer()
  assert.equal((await as('lin', '/ehr/patients/none')).status, 404)
  // The account names this record, but the server does not show it to them.
  assert.equal((await as('diego', '/portal/patients/secret')).status, 404)
  assert.equal((await as('diego', '/portal/patients/2')).status, 404)
  assert.equal((await as('diego', '/portal/patients/child')).status, 200)
})

test('what is no id names no patient and no encounter, and is not asked for', async () => {
  const { as } = createServer()
  for (const id of ['_history', '$everything', '%24everything', 'a%2F_history', 'x'.repeat(65)]) {
    assert.equal((await as('lin', `/ehr/patients/${id}`)).status, 404)
    assert.equal((await as('lin', `/ehr/patients/${id}/apps/trends`)).status, 404)
    assert.equal((await as('lin', `/ehr/patients/1?encounter=${id}`)).status, 200)
    assert.equal((await as('lin', `/launcher/launch?client=trends&patient=${id}`)).status, 303)
  }
})

test('CTX-16: only an encounter of this patient comes into context', async () => {
  const { as } = createServer()
  assert.match(
    (await as('lin', '/ehr/patients/1?section=results&encounter=e1')).body,
    /name="encounter" value="e1"/,
  )
  assert.doesNotMatch(
    (await as('lin', '/ehr/patients/1?section=results&encounter=e2')).body,
    /name="encounter"/,
  )
})

test('LNCH-01, CTX-17: a new window gets the launch itself, with patient and encounter and the banner left to the app', async () => {
  const { post, ehr } = createServer()
  const reply = await post('lin', '/ehr/patients/1', '/ehr/patients/1/launches', {
    client: 'far',
    encounter: 'e1',
    display: 'window',
  })
  const url = new URL(reply.headers.location ?? '')
  assert.equal(url.origin, 'https://far.example')
  assert.equal(url.searchParams.get('iss'), `${baseUrl}/fhir`)
  assert.equal(url.searchParams.get('ui_locales'), 'en')
  const holder = { clientId: 'far', userId: 'usr_lin', sessionId: 'session-lin' }
  assert.deepEqual(await ehr.takeLaunch(url.searchParams.get('launch') ?? '', holder), {
    patient: '1',
    needPatientBanner: true,
    smartStyleUrl: styleUrl,
    tenant: 'clinic',
    encounter: 'e1',
  })
})

test('LNCH-01, CTX-17, CAP-18, CAP-19: an embedded app is told of our style, and framed below our banner, once, from its own origin only', async () => {
  const { post, as, launches } = createServer()
  const reply = await post('lin', '/ehr/patients/1', '/ehr/patients/1/launches', {
    client: 'trends',
    display: 'here',
  })
  const frame = reply.headers.location ?? ''
  assert.match(frame, /^\/ehr\/patients\/1\/apps\/trends\?launch=/)
  const opened = await as('lin', frame)
  const source = /<iframe[^>]+src="([^"]+)"/.exec(read(opened.body))?.[1] ?? ''
  assert.deepEqual(policyOf(opened, 'frame-src'), ["'self'", baseUrl])
  assert.deepEqual(policyOf(await as('lin', '/ehr/patients/1'), 'frame-src'), ["'none'"])
  const handle = new URL(source).searchParams.get('launch') ?? ''
  const holder = { clientId: 'trends', userId: 'usr_lin', sessionId: 'session-lin' }
  const context = await takeLaunch({ launches, now: () => 0 }, handle, holder)
  assert.deepEqual(context, {
    patient: '1',
    needPatientBanner: false,
    smartStyleUrl: styleUrl,
    tenant: 'clinic',
  })
  assert.doesNotMatch((await as('lin', frame)).body, /<iframe/)
})

test('a launch that was made for one patient is not shown below another’s banner', async () => {
  const { post, as } = createServer()
  const reply = await post('lin', '/ehr/patients/1', '/ehr/patients/1/launches', {
    client: 'trends',
    display: 'here',
  })
  const elsewhere = (reply.headers.location ?? '').replace('/patients/1/', '/patients/child/')
  assert.doesNotMatch((await as('lin', elsewhere)).body, /<iframe/)
})

test('LNCH-06: no launch without a form of ours, for an unknown app, patient or encounter', async () => {
  const { app, post, launches } = createServer()
  const forged = await app.inject({
    url: '/ehr/patients/1/launches',
    form: { client: 'far' },
    cookies: { user: 'lin' },
  })
  assert.equal(forged.status, 403)
  const launch = (fields: Record<string, string>, patient = '1') =>
    post('lin', '/ehr/patients/1', `/ehr/patients/${patient}/launches`, fields)
  assert.equal((await launch({ client: 'none' })).status, 404)
  assert.equal((await launch({})).status, 404)
  assert.equal((await launch({ client: 'far' }, 'none')).status, 404)
  assert.equal((await launch({ client: 'far', encounter: 'e2' })).status, 400)
  assert.equal((await launch({ client: 'far', encounter: 'a b' })).status, 400)
  assert.equal(launches.stored.size, 0)
})

test('LNCH-10, SEED-02: a patient launches from the portal on a record they may see', async () => {
  const { post, launches } = createServer()
  const reply = await post('diego', '/portal/patients/child', '/portal/patients/child/launches', {
    client: 'far',
  })
  assert.equal(new URL(reply.headers.location ?? '').origin, 'https://far.example')
  assert.deepEqual([...launches.stored.values()][0]?.context, {
    patient: 'child',
    needPatientBanner: true,
    smartStyleUrl: styleUrl,
    tenant: 'clinic',
  })
  assert.equal(
    (await post('diego', '/portal/patients/1', '/portal/patients/secret/launches', { client: 'far' })).status,
    404,
  )
})

test('LNCH-06: a shared launch is confirmed, and starts as whoever opened it', async () => {
  const { as, post, launches } = createServer()
  const link = '/launcher/launch?client=far&kind=ehr&user=nurse&patient=1&intent=review'
  const asked = await as('lin', link)
  assert.match(asked.body, /nurse/)
  assert.ok(policyOf(asked, 'form-action')?.includes('https://far.example'))
  assert.equal(launches.stored.size, 0)
  const fields = { client: 'far', kind: 'ehr', user: 'nurse', patient: '1', intent: 'review' }
  assert.equal((await post('lin', link, '/launcher/launch', fields)).status, 303)
  const [launch] = launches.stored.values()
  assert.equal(launch?.userId, 'usr_lin')
  assert.deepEqual(launch?.context, { patient: '1', intent: 'review', needPatientBanner: false })
})

test('CTX-18, CTX-21, CTX-25, CTX-27, CTX-36: the launch builder gives every member of a context', async () => {
  const { as, post, launches } = createServer()
  const plan = {
    client: 'far',
    kind: 'ehr',
    patient: '1',
    intent: 'review',
    fhir_context: '[{"reference":"Observation/o1","role":"https://x.example/role"}]',
    smart_style_url: styleUrl,
    tenant: 'north',
    app_context: 'plan 7',
  }
  const page = `/launcher/launch?${new URLSearchParams(plan)}`
  assert.match(read((await as('lin', page)).body), /x\.example\/role/)
  assert.equal((await post('lin', page, '/launcher/launch', plan)).status, 303)
  assert.deepEqual([...launches.stored.values()][0]?.context, {
    patient: '1',
    intent: 'review',
    tenant: 'north',
    appContext: 'plan 7',
    smartStyleUrl: styleUrl,
    fhirContext: [{ reference: 'Observation/o1', role: 'https://x.example/role' }],
    needPatientBanner: false,
  })
  for (const [change, word] of [
    [{ fhir_context: '[{"reference":' }, /has to be a JSON list/],
    [{ fhir_context: '[{"reference":"Patient/1"}]' }, /not well formed/],
    [{ smart_style_url: 'javascript:alert(1)' }, /not well formed/],
  ] as const) {
    const query = new URLSearchParams({ ...plan, ...change })
    assert.match((await as('lin', `/launcher?${query}`)).body, word)
    assert.equal((await as('lin', `/launcher/launch?${query}`)).status, 303)
  }
})

test('LNCH-10, SEED-02: an EHR launch is not for a patient, and a portal launch takes their own record', async () => {
  const { as, post, launches } = createServer()
  const link = '/launcher/launch?client=far&kind=ehr'
  assert.doesNotMatch((await as('diego', link)).body, /method="post" action="\/launcher\/launch"/)
  await post('diego', link, '/launcher/launch', { client: 'far', kind: 'ehr', patient: '1' })
  assert.equal(launches.stored.size, 0)
  await post('diego', '/launcher/launch?client=far&kind=portal', '/launcher/launch', {
    client: 'far',
    kind: 'portal',
  })
  assert.equal([...launches.stored.values()][0]?.context.patient, '1')
})

test('the launch builder is there in a sandbox only, and tells what is wrong with a plan', async () => {
  const { as } = createServer()
  assert.match(read((await as('', '/launcher?kind=ehr&client=far')).body), /\/launcher\/launch\?client=far/)
  assert.match((await as('', '/launcher?kind=ehr&launch_url=https://x.example/')).body, /\/oauth\/register/)
  const production = createServer(false)
  assert.equal((await production.as('lin', '/launcher')).status, 404)
  assert.doesNotMatch((await production.as('', '/')).body, /sandbox|\/launcher/)
})

test('hostile paging and search values stay values', async () => {
  const { as } = createServer()
  for (const query of [
    'next=Observation%3Fpatient%3D1',
    'next=..%2F..%2Fadmin',
    'q=%3Cscript%3E',
    'q=%00',
    'q='.padEnd(3000, 'x'),
  ]) {
    const { status, body } = await as('lin', `/ehr?${query}`)
    assert.equal(status, 200)
    assert.doesNotMatch(body, /<script>|Gout/)
  }
})

for (const [who, path] of [
  ['diego', '/portal/patients/1'],
  ['lin', '/ehr'],
] as const) {
  test(`REFR-23: ${path} tells whose time it is which apps hold offline access, and leads to where it ends`, async () => {
    const { as } = createServer()
    assert.match(
      (await as(who, path)).body,
      /Trends and Diary may see health data also while you are away\.[^<]*<a href="\/account\/apps">/,
    )
    assert.match((await as(who, `${path}?ui_locales=zh-TW`)).body, /提醒您：Trends和Diary 在您離開時/)
  })
}

test('REFR-23: whose time it is not is told nothing', async () => {
  const { body } = await createServer().as('nurse', '/ehr')
  assert.match(body, /Doe &#38; Sons/)
  assert.doesNotMatch(body, /while you are away/)
})
