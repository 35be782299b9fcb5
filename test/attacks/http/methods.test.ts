/** Methods that no address answers: each is refused for what it is, in the format of the address, and none is a fault of the server. RFC 9110 §15.5.6. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { useHouse } from '../authorization/defences.ts'

const house = useHouse()

for (const method of ['QUERY', 'TRACE', 'PROPFIND', 'SEARCH', 'LOCK', 'PURGE'])
  test(`${method} is 405 at every address, and 404 where there is none`, async () => {
    for (const { path, methods } of house().app.addresses) {
      const url = path.replaceAll(/:\w+/g, 'one').replace('*', 'Patient')
      for (const more of [
        {},
        { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      ]) {
        const { status, headers } = await house().inject({ method, url, ...more })
        assert.equal(status, 405, path)
        assert.equal(headers.allow, methods.join(', '), path)
        assert.ok(headers['content-security-policy'], path)
        // As any other that is not answered there.
        const other = ['DELETE', 'PATCH'].find((one) => !methods.includes(one))
        const known = other && (await house().inject({ method: other, url }))
        if (known) assert.equal(headers['content-type'], known.headers['content-type'], path)
      }
    }
    for (const url of ['/nothing', '/oauth/nothing', '/fhirs'])
      assert.equal((await house().inject({ method, url })).status, 404, url)
    assert.deepEqual(house().faults, [])
  })

test('what programs ask is refused as JSON with an error that fits, where it is and where it is not', async () => {
  for (const [method, url, status] of [
    ['POST', '/oauth/jwks', 405],
    ['DELETE', '/.well-known/openid-configuration', 405],
    ['POST', '/.well-known/oauth-authorization-server', 405],
    ['PUT', '/fhir/.well-known/smart-configuration', 405],
    ['GET', '/.well-known/nothing', 404],
    ['GET', '/oauth/register', 405],
    ['POST', '/oauth/register/one', 405],
    ['GET', '/oauth/register/one/two', 404],
    ['DELETE', '/admin/api/apps', 405],
    ['GET', '/admin/api/nothing', 404],
    ['GET', '/admin/api', 404],
    ['GET', '/ehr/launches', 405],
    ['GET', '/ehr/launches/nothing', 404],
    ['GET', '/ehr/launches/one/two', 404],
  ] as const) {
    const reply = await house().inject({ method, url })
    assert.equal(reply.status, status, url)
    assert.match(reply.headers['content-type'] ?? '', /^application\/json/, url)
    const { error, error_description: text } = JSON.parse(reply.body)
    assert.equal(error, 'invalid_request', url)
    assert.match(text, status === 405 ? /^This address answers / : /^There is nothing at this address/, url)
  }
})

test('what people open is refused with a page', async () => {
  for (const [method, url, status] of [
    ['DELETE', '/oauth/authorize', 405],
    ['GET', '/oauth/authorize/one', 404],
    ['GET', '/oauth/flow/one/two', 404],
    ['GET', '/ehr/launches/start/one/two', 404],
    ['GET', '/admin/nothing', 404],
  ] as const) {
    const reply = await house().inject({ method, url })
    assert.equal(reply.status, status, url)
    assert.match(reply.headers['content-type'] ?? '', /^text\/html/, url)
  }
})
