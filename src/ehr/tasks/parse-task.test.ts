import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validate } from '../../resource/definitions/validate.ts'
import type { Resource } from '../../smart/resource.ts'
import { sandboxTasks } from '../../synthetic/index.ts'
import { parseTask, smartCodes } from './parse-task.ts'

const coded = (code: string, system = smartCodes) => ({ coding: [{ system, code }] })
const appInput = { type: coded('smartonfhir-application'), valueUrl: 'https://app.example/launch' }
const contextInput = { type: coded('smartonfhir-appcontext'), valueString: 'plan 7' }
const task: Resource = {
  resourceType: 'Task',
  id: 't1',
  status: 'requested',
  intent: 'proposal',
  description: 'Look at it',
  code: coded('launch-app-ehr'),
  for: { reference: 'Patient/1' },
  encounter: { reference: 'Encounter/e1' },
  focus: { reference: 'ImagingStudy/3' },
  owner: { reference: 'Practitioner/lin' },
  restriction: { period: { end: '2026-04-01' } },
  input: [appInput, contextInput],
}

test('TASK-01, TASK-05, TASK-06, TASK-08: a Task for an EHR launch is read whole', () => {
  assert.deepEqual(parseTask(task), {
    id: 't1',
    kind: 'ehr',
    appUrl: 'https://app.example/launch',
    appContext: 'plan 7',
    patient: '1',
    encounter: 'e1',
    focus: 'ImagingStudy/3',
    owner: 'Practitioner/lin',
    title: 'Look at it',
    due: '2026-04-01',
  })
})

test('TASK-02, AMB-54: a Task for a standalone launch has no app context', () => {
  const found = parseTask({ ...task, code: coded('launch-app-standalone') })
  assert.equal(found?.kind, 'standalone')
  assert.equal(found?.appContext, undefined)
})

test('TASK-04, TASK-06: an app context of another system, or in capitals, is another input', () => {
  for (const type of [coded('smartonfhir-appcontext', 'urn:other'), coded('SMARTonFHIR-appcontext')]) {
    const found = parseTask({ ...task, input: [appInput, { type, valueString: 'x' }, contextInput] })
    assert.equal(found?.appContext, 'plan 7')
  }
})

test('TASK-07: other inputs may be present', () => {
  const other = { type: { text: 'note' }, valueString: 'x' }
  assert.ok(
    parseTask({ ...task, input: [other, appInput, { type: coded('x', 'urn:other'), valueUrl: 'y' }] }),
  )
})

test('a patient or encounter as focus stays at the top level', () => {
  for (const reference of ['Patient/1', 'Encounter/e1'])
    assert.equal(parseTask({ ...task, focus: { reference } })?.focus, undefined)
})

const wrong: readonly (readonly [string, string, Partial<Resource>])[] = [
  ['TASK-01', 'another code', { code: coded('launch-app') }],
  ['TASK-04', 'a code in capitals', { code: coded('Launch-App-EHR') }],
  ['TASK-03', 'the code of another system', { code: coded('launch-app-ehr', 'urn:other') }],
  ['TASK-03', 'no code', { code: undefined }],
  [
    'TASK-03',
    'both codes',
    { code: { coding: [...coded('launch-app-ehr').coding, ...coded('launch-app-standalone').coding] } },
  ],
  ['TASK-05', 'no app', { input: [contextInput] }],
  ['TASK-05', 'two apps', { input: [appInput, { ...appInput, valueUrl: 'https://other.example' }] }],
  [
    'TASK-05',
    'an app that is no URL',
    { input: [{ type: appInput.type, valueString: 'https://app.example' }] },
  ],
  [
    'TASK-04',
    'an app that is named in another system',
    { input: [{ ...appInput, type: coded('smartonfhir-application', 'urn:other') }] },
  ],
  [
    'TASK-04',
    'an app that is named in capitals',
    { input: [{ ...appInput, type: coded('SmartOnFhir-Application') }] },
  ],
  ['TASK-06', 'two app contexts', { input: [appInput, contextInput, contextInput] }],
  [
    'TASK-06',
    'an app context that is no string',
    { input: [appInput, { type: contextInput.type, valueUrl: 'x' }] },
  ],
  ['TASK-08', 'a group for a patient', { for: { reference: 'Group/1' } }],
  ['TASK-08', 'a patient of another server', { for: { reference: 'https://other.example/fhir/Patient/1' } }],
  ['TASK-08', 'a patient without reference', { for: { display: 'Ann' } }],
  ['TASK-08', 'an encounter that is none', { encounter: { reference: 'EpisodeOfCare/1' } }],
  ['TASK-10', 'the status completed', { status: 'completed' }],
  ['TASK-10', 'the status draft', { status: 'draft' }],
]
for (const [id, what, change] of wrong) {
  test(`${id}: a Task with ${what} asks for no launch`, () => {
    assert.equal(parseTask({ ...task, ...change } as Resource), undefined)
  })
}

test('TASK-01, TASK-02, TASK-03, TASK-04, TASK-05: the tasks of the sandbox are valid and keep to their profiles', () => {
  const tasks = sandboxTasks('2026-03-01', {
    launchUrl: 'https://a.example/launch',
    homeUrl: 'https://a.example/',
  })
  assert.deepEqual(new Set(tasks.map((one) => parseTask(one)?.kind)), new Set(['ehr', 'standalone']))
  for (const one of tasks) {
    assert.deepEqual(validate(one), [])
    assert.ok(parseTask(one), one.id)
    const [profile] = (one.meta?.profile ?? []) as string[]
    assert.match(profile ?? '', new RegExp(`/task-${parseTask(one)?.kind}-launch$`))
  }
})
