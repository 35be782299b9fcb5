/** The pages on which policy shows: breaking the glass, and releasing results. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createServer } from './test-world.ts'

test('breaking the glass: with a reason, in a form of ours, by clinicians; the chart lists it, without the reason', async () => {
  const { app, as, post, opened } = createServer()
  const url = '/ehr/patients/1/emergency'
  const forged = await app.inject({ url, form: { reason: 'unconscious' }, cookies: { user: 'lin' } })
  assert.equal(forged.status, 403)
  assert.equal((await post('lin', '/ehr/patients/1', url, {})).status, 400)
  assert.equal((await post('lin', '/ehr/patients/1', url, { reason: '    x    ' })).status, 400)
  assert.equal((await post('lin', '/ehr/patients/1', url, { reason: 'x'.repeat(501) })).status, 400)
  assert.notEqual((await post('diego', '/portal/patients/1', url, { reason: 'unconscious' })).status, 200)
  assert.equal(opened.length, 0)
  const reply = await post('lin', '/ehr/patients/1', url, { reason: ' found <unconscious> ' })
  assert.equal(reply.headers.location, '/ehr/patients/1')
  assert.deepEqual(
    opened.map(({ userId, patient, reason }) => [userId, patient, reason]),
    [['usr_lin', '1', 'found <unconscious>']],
  )
  const chart = (await as('lin', '/ehr/patients/1')).body
  assert.match(chart, /You have broken the glass/)
  assert.doesNotMatch(chart, /unconscious|name="reason"/)
  const others = (await as('nurse', '/ehr/patients/1')).body
  assert.match(others, /Emergency access to this chart/)
  assert.doesNotMatch(others, /You have broken the glass|unconscious/)
  assert.doesNotMatch((await as('diego', '/portal/patients/1')).body, /Emergency|name="reason"/)
})

test('where breaking the glass needs two factors, one is not enough: the person gives them and comes back', async () => {
  const { post, opened, proof } = createServer()
  const url = '/ehr/patients/1/emergency'
  proof.given = false
  const reply = await post('lin', '/ehr/patients/1', url, { reason: 'unconscious' })
  assert.match(reply.headers.location ?? '', /^\/account\/sign-in\?return_to=%2Fehr%2Fpatients%2F1/)
  assert.equal(opened.length, 0)
  proof.given = true
  await post('lin', '/ehr/patients/1', url, { reason: 'unconscious' })
  assert.equal(opened.length, 1)
})

test('what is said of restricted information is the same in every chart, and where there is none', async () => {
  const { as, post, opened } = createServer()
  const told = async (id: string) => {
    const { body } = await as('lin', `/ehr/patients/${id}`)
    return /<details class="emergency">.*?<\/details>/s
      .exec(body)?.[0]
      .replaceAll(/value="[^"]*"|patients\/[^/]+|\s+(?=<)/g, '')
  }
  const here = await told('1')
  assert.ok(here)
  assert.equal(await told('child'), here)
  assert.equal(await told('nobody'), here)
  assert.equal(
    (await post('lin', '/ehr/patients/nobody', '/ehr/patients/nobody/emergency', { reason: 'unconscious' }))
      .status,
    303,
  )
  assert.equal(
    (await post('lin', '/ehr/patients/1', '/ehr/patients/a%2Fb/emergency', { reason: 'unconscious' })).status,
    403,
  )
  assert.equal(opened.length, 1)
})

test('a result is released by who ordered it, the observations in a report with it; no other with them', async () => {
  const { post, released } = createServer()
  const release = (user: string, result: string, patient = '1') =>
    post(user, '/ehr/patients/1?section=results', `/ehr/patients/${patient}/releases`, { result })
  assert.equal((await release('nurse', 'DiagnosticReport/d1')).status, 403)
  assert.equal((await release('lin', 'DiagnosticReport/d1', 'child')).status, 404)
  for (const result of [
    '',
    'Condition/c1',
    'Observation/none',
    'Patient/1',
    '../Patient/1',
    'Observation/o1/x',
  ])
    assert.notEqual((await release('lin', result)).status, 303, result)
  assert.deepEqual(released, [])
  assert.equal(
    (await release('lin', 'DiagnosticReport/d1')).headers.location,
    '/ehr/patients/1?section=results',
  )
  assert.deepEqual(
    released.map(({ id }) => id),
    ['o1', 'd1'],
  )
})

test('who ordered is who requested it, where it is based on a request; policy may name others', async () => {
  const { post, released } = createServer()
  const release = (user: string) =>
    post(user, '/ehr/patients/1?section=results', '/ehr/patients/1/releases', {
      result: 'DiagnosticReport/ordered',
    })
  assert.equal((await release('lin')).status, 403)
  assert.equal((await release('surgeon')).status, 303)
  assert.equal((await release('chief')).status, 303)
  assert.equal(released.length, 2)
})

test('a release that comes too late, or from elsewhere, releases nothing and says so', async () => {
  const { app, as, post, released } = createServer()
  const url = '/ehr/patients/1/releases'
  const form = { result: 'Observation/stale' }
  assert.equal((await app.inject({ url, form, cookies: { user: 'lin' } })).status, 403)
  assert.equal((await post('lin', '/ehr/patients/1?section=results', url, form)).status, 409)
  assert.deepEqual(released, [])
  const { body } = await as('nurse', '/ehr/patients/1?section=results')
  assert.match(body, /Waits for Dr Lin/)
  assert.doesNotMatch(body, /name="result"/)
  assert.doesNotMatch((await as('diego', '/portal/patients/1?section=results')).body, /releases/)
})
