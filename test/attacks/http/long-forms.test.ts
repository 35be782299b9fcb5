/** Forms that cost more to read than to send: each address that anybody may send one to has a bound in bytes, and each form one in parameters. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useHouse } from '../authorization/defences.ts'

const house = useHouse()
const KIB = 1024
const form = { 'content-type': 'application/x-www-form-urlencoded' }

const post = (url: string, body: string) => house().inject({ method: 'POST', url, body, headers: form })

/** The most bytes of a form, by the addresses that take more or less than others. */
const most: Readonly<Record<string, number>> = {
  '/oauth/token': 64 * KIB,
  '/oauth/flow/:id': 256 * KIB,
  '/oauth/introspect': 256 * KIB,
  '/oauth/revoke': 256 * KIB,
  '/oauth/userinfo': 256 * KIB,
}

test('no address reads a long form of anybody, and the FHIR API none of a stranger', async () => {
  const taking = house().app.addresses.filter(({ methods }) => methods.includes('POST'))
  assert.ok(taking.length > 40)
  for (const { path } of taking) {
    const url = path.replaceAll(/:\w+/g, 'one').replace('*', 'Patient/_search')
    const { status } = await post(url, 'x'.repeat((most[path] ?? 128 * KIB) + 1))
    assert.equal(status, path.startsWith('/fhir') ? 401 : 413, path)
  }
})

test('a form of endless parameters is refused, and told why, in the format of the address', async () => {
  const endless = 'a&'.repeat(30 * KIB)
  for (const url of ['/oauth/token', '/oauth/par', '/oauth/introspect', '/oauth/revoke', '/oauth/userinfo']) {
    const { status, body } = await post(url, endless)
    assert.equal(status, 400, url)
    const { error, error_description: text } = JSON.parse(body)
    assert.deepEqual([error, text], ['invalid_request', 'More than 2000 parameters were sent.'], url)
  }
  for (const url of ['/oauth/authorize', '/account/sign-in', '/account/reset', '/oauth/logout']) {
    const { status, body, headers } = await post(url, endless)
    assert.equal(status, 400, url)
    assert.match(headers['content-type'] ?? '', /^text\/html/, url)
    assert.match(body, /More than 2000 parameters were sent\./, url)
  }
  assert.deepEqual(house().faults, [])
})

test('an address of endless parameters is refused likewise', async () => {
  for (const url of ['/oauth/authorize', '/account/sign-in', '/oauth/logout']) {
    const { status, body } = await house().inject({ url: `${url}?${'a&'.repeat(3000)}` })
    assert.equal(status, 400, url)
    assert.match(body, /More than 2000 parameters were sent\./, url)
  }
})

test('what fits is read: a form of 1500 parameters, an assertion beside two tokens', async () => {
  assert.match((await post('/oauth/token', `grant_type=x${'&a=b'.repeat(1500)}`)).body, /invalid_client/)
  const long = `grant_type=x&subject_token=${'x'.repeat(25 * KIB)}&actor_token=${'x'.repeat(25 * KIB)}`
  assert.match(
    (await post('/oauth/token', `${long}&client_assertion=${'x'.repeat(8 * KIB)}`)).body,
    /invalid_/,
  )
})

test('the page tells it in the language of its reader', async () => {
  const headers = { ...form, 'accept-language': 'zh-TW' }
  const url = '/account/sign-in'
  const { body } = await house().inject({ method: 'POST', url, body: 'a&'.repeat(3000), headers })
  assert.match(body, /送出的參數超過 2000 個。/)
})
