/** Standalone `launch/<type>`: the good way through, and attempts to have more than was offered. CTX-02 to CTX-06, CTX-10, CTX-27. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, Browser, redeem } from './visit.ts'
import { createWorld, publicApp, users } from './world.ts'

const study = 'launch/imagingstudy'

test('CTX-02, CTX-10, CTX-27, CTX-30: the user chooses the study, and the app gets it, also on refresh', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({
    scope: `launch/patient ${study} patient/ImagingStudy.rs offline_access`,
  })
  assert.deepEqual(page.values('resource'), ['ImagingStudy/amara-ct', 'ImagingStudy/amara-mri'])
  assert.deepEqual(page.values('for'), [study])
  const consent = await page.send([
    ['for', study],
    ['resource', 'ImagingStudy/amara-mri'],
  ])
  assert.ok(consent.values('scope').includes(study))
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'amara')
  assert.deepEqual(body.fhirContext, [{ reference: 'ImagingStudy/amara-mri' }])
  const again = await ask(world, {
    grant_type: 'refresh_token',
    refresh_token: body.refresh_token,
    client_id: publicApp.id,
  })
  assert.deepEqual(again.body.fhirContext, body.fhirContext)
})

test('CTX-02: what is of a record needs its patient first; only who asked for the patient is told', async () => {
  const world = await createWorld()
  const patients = await new Browser(world, users.doctor).open({ scope: `${study} user/ImagingStudy.rs` })
  const studies = await patients.send([['patient', 'diego']])
  assert.deepEqual(studies.values('resource'), ['ImagingStudy/diego-ct'])
  const consent = await studies.send([
    ['for', study],
    ['resource', 'ImagingStudy/diego-ct'],
  ])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.deepEqual(body.fhirContext, [{ reference: 'ImagingStudy/diego-ct' }])
  assert.equal(body.patient, undefined)
})

test('CTX-02: reference data needs no patient', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.doctor).open({
    scope: 'launch/questionnaire user/Questionnaire.rs',
  })
  assert.deepEqual(page.values('resource'), ['Questionnaire/survey'])
})

test('CTX-04, CTX-05, CTX-31, CTX-36, AMB-31: one question for each role; only absolute roles come back', async () => {
  const world = await createWorld()
  const roles = [`${study}?role=before`, `${study}?role=https://roles.example/after`]
  const first = await new Browser(world, users.patient).open({ scope: `launch/patient ${roles.join(' ')}` })
  assert.deepEqual(first.values('for'), [roles[0]])
  const second = await first.send([
    ['for', roles[0] ?? ''],
    ['resource', 'ImagingStudy/amara-ct'],
  ])
  assert.match(second.reply.body, /https:\/\/roles\.example\/after|roles/)
  const consent = await second.send([
    ['for', roles[1] ?? ''],
    ['resource', 'ImagingStudy/amara-ct'],
  ])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.deepEqual(body.fhirContext, [
    { reference: 'ImagingStudy/amara-ct' },
    { reference: 'ImagingStudy/amara-ct', role: 'https://roles.example/after' },
  ])
})

test('CTX-05, CONS-01: what was chosen in a role that is then not allowed stays untold', async () => {
  const world = await createWorld()
  const [before, after] = [`${study}?role=https://roles.example/a`, `${study}?role=https://roles.example/b`]
  let page = await new Browser(world, users.patient).open({ scope: `launch/patient ${before} ${after}` })
  for (const [scope, id] of [
    [before, 'amara-ct'],
    [after, 'amara-mri'],
  ] as const)
    page = await page.send([
      ['for', scope],
      ['resource', `ImagingStudy/${id}`],
    ])
  const { body } = await redeem(world, (await page.allow(['launch/patient', before])).code)
  assert.equal(body.scope, `launch/patient ${before}`)
  assert.deepEqual(body.fhirContext, [
    { reference: 'ImagingStudy/amara-ct', role: 'https://roles.example/a' },
  ])
})

test('CTX-06: a role of patient or encounter that is not supported gives the context that is', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open({
    scope: 'launch/patient?role=sibling openid',
  })
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.patient, 'amara')
})

test('CTX-10: one may go on without; the scope is then not granted', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ scope: `launch/patient ${study}` })
  const consent = await page.send([
    ['for', study],
    ['without_resource', 'yes'],
  ])
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.equal(body.scope, 'launch/patient')
  assert.equal('fhirContext' in body, false)
})

test('CTX-02: a kind of which there is nothing to choose is dropped, and nobody is asked', async () => {
  const world = await createWorld()
  const consent = await new Browser(world, users.patient).open({
    scope: 'launch/patient launch/diagnosticreport',
  })
  assert.deepEqual(consent.values('scope'), ['launch/patient'])
  const nothing = await new Browser(world, users.patient).open({ scope: 'launch/diagnosticreport' })
  assert.equal(nothing.answer.get('error'), 'invalid_scope')
})

test('prompt=none gets interaction_required where a choice is owed', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({
    scope: `launch/patient ${study}`,
    prompt: 'none',
  })
  assert.equal(page.answer.get('error'), 'interaction_required')
})

for (const [what, fields, status] of [
  [
    'another patient’s study',
    [
      ['for', study],
      ['resource', 'ImagingStudy/diego-ct'],
    ],
    400,
  ],
  [
    'a study that does not exist',
    [
      ['for', study],
      ['resource', 'ImagingStudy/none'],
    ],
    400,
  ],
  [
    'another type',
    [
      ['for', study],
      ['resource', 'Questionnaire/survey'],
    ],
    400,
  ],
  [
    'an address',
    [
      ['for', study],
      ['resource', 'https://evil.example/ImagingStudy/amara-ct'],
    ],
    400,
  ],
  [
    'a path',
    [
      ['for', study],
      ['resource', 'ImagingStudy/amara-ct/../diego-ct'],
    ],
    400,
  ],
  ['no question', [['resource', 'ImagingStudy/amara-ct']], 409],
  [
    'another question',
    [
      ['for', 'launch/questionnaire'],
      ['resource', 'Questionnaire/survey'],
    ],
    409,
  ],
  [
    'a question of its own',
    [
      ['for', 'launch/patient'],
      ['resource', 'Patient/diego'],
    ],
    409,
  ],
] as const) {
  test(`CTX-27: a form that names ${what} chooses nothing`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open({ scope: `launch/patient ${study}` })
    assert.equal((await page.send(fields)).reply.status, status)
    const consent = await page.send([
      ['for', study],
      ['resource', 'ImagingStudy/amara-ct'],
    ])
    const { body } = await redeem(world, (await consent.allow()).code)
    assert.deepEqual(body.fhirContext, [{ reference: 'ImagingStudy/amara-ct' }])
  })
}

test('CTX-27: a question that was answered is not answered again by an old page', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ scope: `launch/patient ${study}` })
  const choose = (id: string) =>
    page.send([
      ['for', study],
      ['resource', `ImagingStudy/${id}`],
    ])
  const consent = await choose('amara-ct')
  await choose('amara-mri')
  const { body } = await redeem(world, (await consent.allow()).code)
  assert.deepEqual(body.fhirContext, [{ reference: 'ImagingStudy/amara-ct' }])
})

test('CTX-07: in an EHR launch launch/<type> is a hint that asks nobody', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, { patient: 'amara' })
  const consent = await new Browser(world, users.doctor).open({
    launch,
    scope: `launch ${study} patient/*.rs`,
  })
  assert.deepEqual(consent.values('resource'), [])
  assert.ok(!consent.values('scope').includes(study))
})

test('CTX-13, CONS-01: whoever does not allow launch tells the app nothing that the launch says', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, {
    patient: 'amara',
    encounter: 'e1',
    needPatientBanner: true,
    intent: 'review',
    smartStyleUrl: 'https://ehr.example/style/1.json',
    tenant: 'north',
    appContext: 'plan 7',
    fhirContext: [{ canonical: 'http://q.example/Q|1', type: 'Questionnaire' }],
  })
  const consent = await new Browser(world, users.doctor).open({ launch, scope: 'launch patient/*.rs' })
  const { body } = await redeem(world, (await consent.allow(['patient/*.rs'])).code)
  const { access_token: _, token_type: __, expires_in: ___, ...members } = body
  assert.deepEqual(members, {
    scope: 'patient/*.rs',
    patient: 'amara',
    need_patient_banner: true,
    smart_style_url: 'https://ehr.example/style/1.json',
  })
})

test('TASK-09, CTX-26: every member of a context comes back by its own name, and no other', async () => {
  const world = await createWorld()
  const launch = await world.launch(users.doctor, {
    patient: 'amara',
    encounter: 'e1',
    needPatientBanner: true,
    intent: 'review',
    smartStyleUrl: 'https://ehr.example/style/1.json',
    tenant: 'north',
    appContext: 'plan 7',
    fhirContext: [{ canonical: 'http://q.example/Q|1', type: 'Questionnaire' }],
  })
  const consent = await new Browser(world, users.doctor).open({ launch, scope: 'launch patient/*.rs' })
  const { body } = await redeem(world, (await consent.allow()).code)
  const { access_token: _, token_type: __, expires_in: ___, scope: ____, ...members } = body
  assert.deepEqual(members, {
    patient: 'amara',
    encounter: 'e1',
    need_patient_banner: true,
    intent: 'review',
    smart_style_url: 'https://ehr.example/style/1.json',
    tenant: 'north',
    appContext: 'plan 7',
    fhirContext: [{ canonical: 'http://q.example/Q|1', type: 'Questionnaire' }],
  })
})
