/** Values that databases, parsers and logs trip over, in every place where something is typed: a documented answer, and nothing kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { InjectedRequest } from '../../../src/http/inject.ts'
import { createLog } from '../../../src/http/log.ts'
import { evil, useHouse, Visit } from './defences.ts'

const lines: string[] = []
const house = useHouse({
  log: createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
})

const odd: readonly (readonly [string, string])[] = [
  ['a null byte', 'a\u0000b'],
  ['half a surrogate pair', 'a\ud800b'],
  ['line breaks', 'a\r\nSet-Cookie: stolen=1\r\n\r\n<script>alert(1)</script>'],
  ['an escape sequence of terminals', '\u001b[2J\u001b[31mowned'],
  ['a direction that turns the line around', 'a\u202eb'],
  ['markup', '"><script>alert(1)</script>'],
  ['SQL', "'; DROP TABLE clients; --"],
  ['64 kB', 'x'.repeat(64 * 1024)],
  ['a name that every object has', '__proto__'],
  ['a line of a log', '\n{"level":50,"msg":"forged"}'],
]

const places: readonly (readonly [string, (value: string) => InjectedRequest])[] = [
  ...[
    'client_id',
    'redirect_uri',
    'scope',
    'state',
    'aud',
    'nonce',
    'launch',
    'login_hint',
    'ui_locales',
    'prompt',
    'code_challenge',
  ].map(
    (name) =>
      [
        `authorize ${name}`,
        (value: string): InjectedRequest => ({ url: '/oauth/authorize', form: { ...good, [name]: value } }),
      ] as const,
  ),
  ...[
    'client_id',
    'code',
    'redirect_uri',
    'code_verifier',
    'refresh_token',
    'scope',
    'grant_type',
    'client_secret',
  ].map(
    (name) =>
      [
        `token ${name}`,
        (value: string): InjectedRequest => ({
          url: '/oauth/token',
          form: { grant_type: 'refresh_token', client_id: 'trends', [name]: value },
        }),
      ] as const,
  ),
  ...['client_name', 'scope', 'logo_uri', 'contacts', 'software_id'].map(
    (name) =>
      [
        `register ${name}`,
        (value: string): InjectedRequest => ({
          url: '/oauth/register',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            redirect_uris: ['https://a.example/'],
            [name]: name === 'contacts' ? [value] : value,
          }),
        }),
      ] as const,
  ),
  ['flow id', (value) => ({ url: `/oauth/flow/${encodeURIComponent(value.toWellFormed()).slice(0, 1500)}` })],
  [
    'return_to',
    (value) => ({
      url: `/account/sign-in?return_to=${encodeURIComponent(value.toWellFormed()).slice(0, 1500)}`,
    }),
  ],
  ['user agent', (value) => ({ url: '/oauth/token', form: {}, headers: { 'user-agent': header(value) } })],
  [
    'Basic',
    (value) => ({
      url: '/oauth/token',
      form: {},
      headers: { authorization: `Basic ${Buffer.from(`${value}:${value}`).toString('base64')}` },
    }),
  ],
  ['Bearer', (value) => ({ url: '/fhir/Patient', headers: { authorization: `Bearer ${header(value)}` } })],
  [
    'cookie',
    (value) => ({
      url: '/account',
      headers: { cookie: `chartkey_session=${header(value)}; chartkey_csrf=${header(value)}` },
    }),
  ],
]

const good = {
  response_type: 'code',
  client_id: 'trends',
  redirect_uri: 'http://localhost:8080/apps/trends/index.html',
  scope: 'openid',
  state: 's',
  aud: 'http://localhost:8080/fhir',
  code_challenge: 'A'.repeat(43),
  code_challenge_method: 'S256',
}

/** What a header can carry at all. */
function header(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e]/g, '').slice(0, 4_000)
}

for (const [what, value] of odd)
  test(`${what} in any parameter gets a documented answer, in no header, no markup and no second line of the log`, async () => {
    lines.length = 0
    for (const [place, request] of places) {
      const reply = await house().inject({
        method: request(value).form || request(value).body ? 'POST' : 'GET',
        ...request(value),
      })
      assert.ok(reply.status < 500, `${place}: ${reply.status}`)
      assert.doesNotMatch(JSON.stringify(reply.headers), /\\[rn]/, place)
      assert.doesNotMatch(reply.setCookies.join(), /stolen/, place)
      if (reply.headers['content-type']?.startsWith('text/html'))
        assert.doesNotMatch(reply.body, /<script>alert/, place)
    }
    assert.deepEqual(house().faults, [])
    for (const line of lines) {
      assert.equal(line.trim().split('\n').length, 1)
      assert.equal(typeof JSON.parse(line).level, 'number')
      assert.ok(!line.includes('\u001b') && !line.includes('"forged"'))
    }
  })

test('the log tells no password, code, token or secret, and no address that opens something', async () => {
  lines.length = 0
  const secret = 'S3cret'.repeat(8)
  await new Visit(house()).signIn('dr.lin', secret)
  for (const name of ['code', 'refresh_token', 'code_verifier', 'client_secret', 'client_assertion', 'token'])
    await house().inject({
      url: '/oauth/token',
      form: { grant_type: 'refresh_token', client_id: 'trends', [name]: secret },
    })
  await house().inject({
    url: `/fhir/Patient?name=${secret}`,
    headers: { authorization: `Bearer ${secret}` },
  })
  await house().inject({
    url: '/oauth/token',
    form: {},
    headers: { authorization: `Basic ${Buffer.from(`a:${secret}`).toString('base64')}` },
  })
  await house().inject({ url: `/oauth/flow/${secret.slice(0, 43)}` })
  await house().inject({ url: `/oauth/authorize?client_id=trends&launch=${secret}` })
  assert.ok(lines.length > 5)
  for (const line of lines) assert.ok(!line.includes(secret.slice(0, 43)), line)
})

for (const [what, type, body] of [
  ['a form in UTF-16', 'application/x-www-form-urlencoded; charset=utf-16', 'grant_type=refresh_token'],
  ['JSON that calls itself a form', 'application/x-www-form-urlencoded', '{"grant_type":"refresh_token"}'],
  ['a form that calls itself JSON', 'application/json', 'grant_type=refresh_token'],
  ['XML', 'application/xml', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
  ['two types', 'application/x-www-form-urlencoded, application/json', 'grant_type=refresh_token'],
  ['no type', '', 'grant_type=refresh_token'],
  ['bytes that are not UTF-8', 'application/x-www-form-urlencoded', 'grant_type=%FF%FE'],
] as const)
  test(`content type: ${what} at the token endpoint is refused in JSON`, async () => {
    const headers: Record<string, string> = type === '' ? {} : { 'content-type': type }
    const reply = await house().inject({ method: 'POST', url: '/oauth/token', headers, body })
    assert.ok(reply.status === 400 || reply.status === 415, String(reply.status))
    assert.match(JSON.parse(reply.body).error, /^invalid_(?:request|client)$/)
    assert.doesNotMatch(reply.body, /root:|passwd/)
  })

for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/json', ''])
  test(`a consent form that another site sends as ${type || 'nothing'} decides nothing`, async () => {
    const victim = new Visit(house())
    await victim.signIn('patient.amara')
    const opened = await victim.send({ url: `/oauth/authorize?${new URLSearchParams(good)}` })
    const url = (opened.headers.location ?? '').replace(house().baseUrl, '')
    const page = await victim.send({ url })
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
    const body = new URLSearchParams({ _csrf, scope: 'openid', decision: 'allow' }).toString()
    const headers: Record<string, string> = { origin: evil, ...(type !== '' && { 'content-type': type }) }
    const reply = await victim.send({ url, method: 'POST', headers, body })
    assert.notEqual(reply.status, 303)
    assert.equal(reply.headers.location, undefined)
  })
