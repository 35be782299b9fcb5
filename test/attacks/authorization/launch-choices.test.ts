/** What a user is offered to choose for `launch/<type>`, by the whole server: no more than user and app may see. CTX-02, CTX-10. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, csrfOf } from './launch-browser.ts'
import { openLaunchWorld } from './launch-world.ts'

const world = await openLaunchWorld()

async function signedIn(user: string): Promise<Browser> {
  const browser = new Browser(world)
  const { reply } = await browser.start({ user, patient: undefined })
  assert.equal(reply.status, 303)
  return browser
}

function valuesOf(page: string, name: string): string[] {
  const found = page.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))
  return [...found].map(([, value = '']) => value.replaceAll('&#47;', '/')).sort()
}

/** What the page for this type offers, once the patient is chosen where there is a choice. */
async function offered(user: string, scope: string, patient?: string): Promise<string[]> {
  const browser = await signedIn(user)
  const { url, page } = await browser.standalone(scope)
  if (patient === undefined) return valuesOf(page.body, 'resource')
  const next = await browser.post(url, { _csrf: csrfOf(page.body), patient })
  return valuesOf(next.body, 'resource')
}

const all = ['ImagingStudy/a-draft', 'ImagingStudy/a-study']

test('a patient is offered what is in the own record, and nothing of another', async () => {
  assert.deepEqual(await offered('patient', 'launch/patient launch/imagingstudy'), all)
  assert.deepEqual(await offered('clinician', 'launch/patient launch/imagingstudy', 'b'), [
    'ImagingStudy/b-study',
  ])
})

test('a nurse is not offered what is outside of her care', async () => {
  const browser = await signedIn('nurse')
  const { url, page } = await browser.standalone('launch/patient launch/imagingstudy')
  const refused = await browser.post(url, { _csrf: csrfOf(page.body), patient: 'b' })
  assert.equal(refused.status, 400)
  assert.deepEqual(await offered('nurse', 'launch/patient launch/imagingstudy', 'a'), all)
})

for (const [scope, wanted] of [
  ['patient/ImagingStudy.rs', all],
  ['patient/*.rs', all],
  ['patient/ImagingStudy.r', all],
  ['patient/ImagingStudy.rs?status=available', ['ImagingStudy/a-study']],
  ['patient/*.rs?_id=a-draft', ['ImagingStudy/a-draft']],
  ['patient/ImagingStudy.rs?status=cancelled', []],
  ['patient/Observation.rs', all],
] as const) {
  test(`an app that asks for ${scope} has the user choose from that`, async () => {
    assert.deepEqual(await offered('patient', `launch/imagingstudy ${scope}`), wanted)
  })
}

test('reference data is offered beside a record, with its title', async () => {
  const browser = await signedIn('patient')
  const { page } = await browser.standalone('launch/questionnaire patient/*.rs')
  assert.deepEqual(valuesOf(page.body, 'resource'), ['Questionnaire/survey'])
  assert.match(page.body, /Sleep survey/)
})
