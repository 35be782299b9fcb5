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
