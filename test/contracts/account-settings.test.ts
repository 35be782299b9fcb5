/** The settings of signing in, as a running server takes them: mail, second factors by role, step-up. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type MailServer, openMailServer } from '../fixtures/mail-server.ts'
import { run, type Served, serve } from '../fixtures/process.ts'
import { registerApp } from '../fixtures/visitor.ts'

let folder: string
let mail: MailServer
let server: Served

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartkey-settings-'))
  mail = await openMailServer()
  const file = await settings(`
mail: { host: 127.0.0.1, port: ${mail.port}, tls: none, from: "Chartkey <no-reply@ehr.example>" }
secondFactor: { admin: required }
stepUp: { scopes: [patient/*.cud], within: 5 }
`)
  server = await serve(join(folder, 'data'), '--sandbox', '--config', file)
})

after(async () => {
  assert.equal(await server.stop(), 0, server.log())
  await mail.close()
  await rm(folder, { recursive: true, force: true })
})

async function settings(text: string): Promise<string> {
  const file = join(folder, `${Math.random()}.yaml`)
  await writeFile(file, text)
  return file
}

/** A browser: cookies, and no redirect followed. */
function browser() {
  const cookies = new Map<string, string>()
  async function send(path: string, form?: Record<string, string>) {
    const reply = await fetch(new URL(path, server.base), {
      redirect: 'manual',
      method: form ? 'POST' : 'GET',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { body: new URLSearchParams(form) }),
    })
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const body = await reply.text()
    return { status: reply.status, location: reply.headers.get('location') ?? '', body }
  }
  async function post(path: string, from: string, form: Record<string, string>) {
    const _csrf = /name="_csrf" value="([^"]+)"/.exec((await send(from)).body)?.[1] ?? ''
    return send(path, { _csrf, ...form })
  }
  const signIn = (username: string) =>
    post('/account/sign-in', '/account/sign-in?again=1', { username, password: 'sandbox' })
  return { send, post, signIn }
}

test('a person enters their address, confirms it by the letter, and resets a forgotten password', async () => {
  const amara = browser()
  await amara.signIn('patient.amara')
  await amara.post('/account/security/email', '/account/security', { email: 'amara@mail.example' })
  const link = await mailedLink(1)
  const { pathname, search, searchParams } = link
  const confirm = { token: searchParams.get('token') ?? '' }
  const confirmed = await amara.post(pathname, pathname + search, confirm)
  assert.equal(confirmed.location, '/account/security?told=email-confirmed')
  const stranger = browser()
  const asked = await stranger.post('/account/reset', '/account/reset', { username: 'AMARA@mail.example' })
  assert.equal(asked.location, '/account/reset?sent=1')
  const reset = await mailedLink(2)
  assert.equal(reset.origin, server.base)
  const form = { token: reset.searchParams.get('token') ?? '', new_password: 'sandbox' }
  const done = await stranger.post(reset.pathname, reset.pathname + reset.search, form)
  assert.equal(done.location, '/account/sign-in?again=1&told=reset')
  assert.match((await amara.send('/account')).location, /sign-in/)
  assert.equal((await stranger.signIn('patient.amara')).status, 303)
})

/** The link in the letter of that number; letters are sent apart from the request. */
async function mailedLink(number: number): Promise<URL> {
  const { text } = await mail.received(number)
  return new URL(/https?:\/\/\S+/.exec(text)?.[0] ?? '')
}

test('signing out everywhere else leaves this session alone, as does changing the password', async () => {
  const [here, there] = [browser(), browser()]
  await here.signIn('parent.diego')
  await there.signIn('parent.diego')
  assert.equal((await here.post('/account/sessions', '/account', {})).location, '/account?ended=1')
  assert.equal((await here.send('/account')).status, 200)
  assert.match((await there.send('/account')).location, /sign-in/)
  await there.signIn('parent.diego')
  const form = { current_password: 'sandbox', new_password: 'sandbox' }
  await here.post('/account/security/password', '/account/security', form)
  assert.equal((await here.send('/account')).status, 200)
  assert.match((await there.send('/account')).location, /sign-in/)
})

test('a role that needs a second factor sets one up; others sign in as they did', async () => {
  assert.match((await browser().signIn('admin')).location, /^\/account\/second-step\/set-up/)
  assert.equal((await browser().signIn('dr.lin')).location, '/')
})

test('an app that asks for what needs two factors sends its user to give them', async () => {
  const app = await registerApp(server.base, 'launch/patient patient/Observation.crus')
  const visit = async (scope: string) => {
    const amara = browser()
    await amara.signIn('patient.amara')
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: app.clientId,
      redirect_uri: app.redirectUri,
      scope,
      state: 'a-state-of-some-length',
      aud: `${server.base}/fhir`,
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'S256',
    })
    const { location } = await amara.send(`/oauth/authorize?${query}`)
    return amara.send(location)
  }
  assert.equal((await visit('launch/patient patient/Observation.rs')).status, 200)
  const stepUp = await visit('launch/patient patient/Observation.cu')
  assert.match(stepUp.location, /^\/account\/sign-in\?.*second_factor=required/)
})

const mistakes: readonly (readonly [key: string, text: string])[] = [
  ['mail.from', 'mail: { host: mail.example, from: "no address" }'],
  ['mail.tls', 'mail: { host: mail.example, tls: none, from: a@ehr.example }'],
  ['mail.password', 'mail: { host: mail.example, user: me, from: a@ehr.example }'],
  ['secondFactor.admin', 'secondFactor: { admin: perhaps }'],
  ['secondFactor', 'secondFactor: { nurse: required }'],
  ['stepUp.scopes', 'stepUp: { scopes: [patient/everything] }'],
  ['stepUp.within', 'stepUp: { within: 0 }'],
]

for (const [key, text] of mistakes)
  test(`a mistake in ${key} ends the start with its name`, async () => {
    const file = await settings(text)
    const { code, said } = await run(['serve', '--data', join(folder, 'none'), '--config', file], 20_000)
    assert.equal(code, 2)
    assert.ok(said.includes(key), said)
  })
