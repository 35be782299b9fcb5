/** A launch that names no patient: what comes along must not be of another patient than the one the app is told of. CTX-15. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser as LaunchedBrowser } from './launch-browser.ts'
import { openLaunchWorld } from './launch-world.ts'
import { Browser, redeem } from './visit.ts'
import { createWorld, users } from './world.ts'

const server = await openLaunchWorld()
const order = { client_id: 'app', user: 'clinician' }
const sibling = 'https://roles.example/sibling'

/** Launches the app, and gives its page, or the page on which a patient is chosen. */
async function launched(fhirContext: readonly unknown[], more: Record<string, unknown> = {}) {
  const browser = new LaunchedBrowser(server)
  const { ordered } = await browser.start({ patient: undefined, fhirContext, ...more })
  return { browser, ...(await browser.authorize(ordered.launch)) }
}

for (const [what, items] of [
  ['an item', [{ reference: 'ImagingStudy/a-study' }]],
  [
    'an item beside reference data',
    [{ reference: 'Questionnaire/survey' }, { reference: 'ImagingStudy/a-study' }],
  ],
  ['a group that an item is of, too', [{ reference: 'Group/both' }, { reference: 'ImagingStudy/a-study' }]],
  [
    'an item beside one in a role of its own',
    [{ reference: 'ImagingStudy/b-study', role: sibling }, { reference: 'ImagingStudy/a-study' }],
  ],
] as const) {
  test(`CTX-15: the patient of a launch that names none is taken from ${what}, and nobody chooses another`, async () => {
    const { browser, url, page } = await launched(items)
    assert.match(page.body, /name="decision"/)
    const body = await browser.allow(url, page)
    assert.equal(body.patient, 'a')
    assert.deepEqual(body.fhirContext, items)
  })
}

test('CTX-15, CTX-16: an encounter is of the patient that the items name', async () => {
  const fhirContext = [{ reference: 'ImagingStudy/a-study' }]
  const { browser, url, page } = await launched(fhirContext, { encounter: 'a-visit' })
  const body = await browser.allow(url, page)
  assert.deepEqual([body.patient, body.encounter], ['a', 'a-visit'])
  const { status, body: refused } = await server.order({ ...order, fhirContext, encounter: 'b-visit' })
  assert.deepEqual([status, refused.member], [400, 'encounter'])
})

test('CTX-15: items of different patients are refused by name, and nothing is kept', async () => {
  const before = await server.launches()
  const { status, body } = await server.order({
    ...order,
    fhirContext: [
      { reference: 'Questionnaire/survey' },
      { reference: 'ImagingStudy/a-study' },
      { reference: 'ImagingStudy/b-study' },
    ],
  })
  assert.deepEqual([status, body.error, body.member], [400, 'invalid_request', 'fhirContext[2].reference'])
  assert.match(body.error_description ?? '', /^fhirContext\[2\]\.reference: .*another patient/)
  assert.equal(await server.launches(), before)
})

for (const [what, items] of [
  ['reference data', [{ reference: 'Questionnaire/survey' }]],
  ['another patient’s in a role of its own', [{ reference: 'ImagingStudy/b-study', role: sibling }]],
  ['a group of several patients', [{ reference: 'Group/both' }]],
] as const) {
  test(`CTX-15: where there is only ${what}, the user chooses whom it is about`, async () => {
    const { browser, url, page } = await launched(items)
    assert.match(page.body, /name="patient" value="a"/)
    const consent = await browser.answer(url, page, [['patient', 'a']])
    const body = await browser.allow(url, consent)
    assert.equal(body.patient, 'a')
    assert.deepEqual(body.fhirContext, items)
  })
}

test('CTX-29, CTX-32, CTX-33: items come back as they were sent, whatever else they carry and with whatever type they lack', async () => {
  const identifier = {
    id: 'i1',
    extension: [{ url: 'https://x.example/e', valueCode: 'y' }],
    use: 'official',
    type: {
      id: 'i2',
      coding: [{ system: 'urn:s', code: 'c', extension: [{ url: 'urn:e' }] }],
      text: 'Order',
    },
    system: 'urn:x',
    _system: { extension: [{ url: 'urn:e', valueBoolean: true }] },
    value: '1',
    period: { id: 'i3', start: '2025-01-01', end: '2025-02-01' },
    assigner: {
      id: 'i4',
      reference: 'Organization/1',
      type: 'Organization',
      display: 'North',
      identifier: { system: 'urn:y', value: '2', assigner: { display: 'State' } },
    },
  }
  const fhirContext = [
    { canonical: 'http://q.example/Q' },
    { identifier: { system: 'urn:x', value: '1' } },
    { identifier, type: 'ServiceRequest' },
    {
      reference: 'ImagingStudy/a-study',
      display: 'CT',
      'https://x.example/member': { deep: [1, null, { true: false }] },
      patient: 'b',
      encounter: 'b-visit',
    },
  ]
  const { browser, url, page } = await launched(fhirContext, { patient: 'a' })
  const body = await browser.allow(url, page)
  assert.deepEqual(body.fhirContext, fhirContext)
  assert.deepEqual([body.patient, body.encounter], ['a', undefined])
})

for (const intent of [
  'reconcile-medications',
  'https://x.example/intents#7',
  'Überblick: «新陳代謝» {"a":1}',
  ' ',
]) {
  test(`CTX-18, CTX-20: what an intent means is the app’s affair, and it comes word for word: ${intent}`, async () => {
    const { browser, url, page } = await launched([], { patient: 'a', fhirContext: undefined, intent })
    assert.equal((await browser.allow(url, page)).intent, intent)
  })
}

test('TASK-08, CTX-15: a task that names no patient is about the patient of its focus', async () => {
  const browser = new LaunchedBrowser(server)
  await browser.start({ patient: undefined })
  const page = await browser.get('/ehr/tasks')
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  const went = await browser.post('/ehr/tasks/focus-alone/launches', { _csrf: csrf })
  const launch = new URL(went.headers.location ?? '').searchParams.get('launch') ?? ''
  const { url, page: consent } = await browser.authorize(launch)
  const body = await browser.allow(url, consent)
  assert.equal(body.patient, 'a')
  assert.deepEqual(body.fhirContext, [{ reference: 'ImagingStudy/a-study' }])
})

test('CTX-15: what is of another patient than the one who was chosen is not given, whatever the launch holds', async () => {
  const world = await createWorld()
  const kept = [
    { reference: 'ImagingStudy/amara-mri', role: sibling },
    { reference: 'ImagingStudy/diego-ct' },
    { reference: 'Questionnaire/survey' },
    { canonical: 'http://q.example/Q', type: 'Questionnaire' },
    { identifier: { value: '7' }, type: 'Organization' },
  ]
  const launch = await world.launch(users.doctor, {
    fhirContext: [
      { reference: 'ImagingStudy/amara-ct' },
      ...kept,
      { reference: 'ImagingStudy/gone' },
      // Of nobody as far as anybody can tell, which is not far.
      { reference: 'Contract/lease' },
      { identifier: { value: '7' }, type: 'ServiceRequest' },
      { identifier: { value: '7' } },
    ],
  })
  const patients = await new Browser(world, users.doctor).open({ launch, scope: 'launch patient/*.rs' })
  const consent = await patients.send([['patient', 'diego']])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'diego')
  assert.deepEqual(body.fhirContext, kept)
})

test('CTX-15: nor where the patient follows from who the user is; a hint that nothing is left of is not granted', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.patient, { fhirContext: [{ reference: 'ImagingStudy/diego-ct' }] })
  const consent = await new Browser(world, users.patient).open({
    launch,
    scope: 'launch launch/imagingstudy patient/*.rs',
  })
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'amara')
  assert.equal('fhirContext' in body, false)
  assert.equal(body.scope, 'launch patient/*.rs')
})
