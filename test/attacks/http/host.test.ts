/** Requests that name two hosts, or none, or nonsense: a proxy and this server could take them for different requests. RFC 9112 §3.2. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { assertTight } from './answers.ts'
import { useHospital } from './hospital.ts'
import type { Answered } from './wire.ts'

const hospital = useHospital()

/** Sends a request with these header lines, and no others but those that end it. */
function exchange(first: string, lines: readonly string[], body = ''): Promise<Answered> {
  const { port } = new URL(hospital().base)
  const ending = ['Connection: close', ...(body === '' ? [] : [`Content-Length: ${body.length}`])]
  const text = [first, ...lines, ...ending].join('\r\n')
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(`${text}\r\n\r\n${body}`))
    socket.on('data', (data) => {
      answer += data
    })
    socket.on('end', () => resolve(parse(answer)))
    socket.on('error', reject)
  })
}

function parse(answer: string): Answered {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [status = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ])
  return { status: Number(status.split(' ')[1]), headers: Object.fromEntries(headers), body }
}

const own = () => new URL(hospital().base).host

const refused: readonly [string, () => string[]][] = [
  ['two that differ', () => [`Host: ${own()}`, 'Host: elsewhere.example']],
  ['two, the other one first', () => ['Host: elsewhere.example', `Host: ${own()}`]],
  ['two that are the same', () => [`Host: ${own()}`, `Host: ${own()}`]],
  ['two, one of them empty', () => [`Host: ${own()}`, 'Host:']],
  [
    'two, far apart and in other letters',
    () => [`Host: ${own()}`, 'X-Between: y', 'hOST: elsewhere.example'],
  ],
  ['two in one line', () => [`Host: ${own()},elsewhere.example`]],
  ['none', () => []],
  ['an empty one', () => ['Host:']],
  ['one with a space in it', () => ['Host: a b']],
  ['one with a path', () => [`Host: ${own()}/fhir`]],
  ['one with a user', () => [`Host: me@${own()}`]],
  ['one with a port that is none', () => ['Host: localhost:80a']],
  ['one with two ports', () => ['Host: localhost:80:80']],
  ['one with bytes beyond ASCII', () => ['Host: h\u00f6st.example']],
  ['one with a bracket left open', () => ['Host: [::1']],
]

describe('the request is refused before anything is decided, in the format of its endpoint', () => {
  for (const [what, hosts] of refused) {
    test(`Host: ${what}: the FHIR API`, async () => {
      const start = await hospital().versions()
      const token = await hospital().mint('patient/*.cruds')
      const bearer = `Authorization: Bearer ${token}`
      for (const method of ['GET', 'DELETE']) {
        const reply = await exchange(`${method} /fhir/Observation/a-lab HTTP/1.1`, [...hosts(), bearer])
        assert.equal(reply.status, 400)
        assert.match(reply.headers['content-type'] ?? '', /^application\/fhir\+json/)
        assert.equal(JSON.parse(reply.body).resourceType, 'OperationOutcome')
        assert.match(reply.body, /The header Host is /)
        assertTight(reply, /elsewhere/)
      }
      assert.equal(await hospital().versions(), start)
    })

    test(`Host: ${what}: token endpoint, pages, and an address that is none`, async () => {
      const form = 'Content-Type: application/x-www-form-urlencoded'
      const token = await exchange(
        'POST /oauth/token HTTP/1.1',
        [...hosts(), form],
        'grant_type=x&client_id=y',
      )
      assert.deepEqual([token.status, JSON.parse(token.body).error], [400, 'invalid_request'])
      const page = await exchange('GET /account/sign-in HTTP/1.1', [...hosts(), 'Accept: text/html'])
      assert.deepEqual([page.status, page.headers['content-type']], [400, 'text/html; charset=utf-8'])
      const nowhere = await exchange('GET /nowhere HTTP/1.1', [...hosts()])
      assert.equal(nowhere.status, 400)
    })
  }
})

describe('what names its host well is answered', () => {
  const fine: readonly [string, string, string[]][] = [
    ['a name that is not ours: addresses are made of the base URL', '1.1', ['Host: ehr.internal:8080']],
    ['an IPv6 address', '1.1', ['Host: [::1]:8080']],
    ['a name without a port behind its colon', '1.1', ['Host: localhost:']],
    ['HTTP/1.0, which knows no Host', '1.0', []],
  ]
  for (const [what, version, hosts] of fine)
    test(what, async () => {
      const reply = await exchange(`GET /fhir/metadata HTTP/${version}`, hosts)
      assert.equal(reply.status, 200)
    })

  test('and what follows a well-named request on its connection is looked at for itself', async () => {
    const { port } = new URL(hospital().base)
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(Number(port), '127.0.0.1', () =>
        socket.write(
          `GET /health/live HTTP/1.1\r\nHost: ${own()}\r\n\r\nGET /health/live HTTP/1.1\r\nHost: ${own()}\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`,
        ),
      )
      socket.on('data', (data) => {
        text += data
      })
      socket.on('end', () => resolve(text))
      socket.on('error', reject)
    })
    assert.deepEqual(
      [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
      ['200', '400'],
    )
  })
})

test('nothing was a fault of ours', () => {
  assert.deepEqual(hospital().faults, [])
})
