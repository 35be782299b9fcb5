/** Long bodies of strangers: who has no good token is refused before the body is read, so that nobody fills memory by what was never theirs to send. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { useHospital } from './hospital.ts'

const hospital = useHospital()
const MEBI = 1024 * 1024

/** What is answered to the head of a request whose body does not come; until then the sender waits. */
async function answerToHead(...lines: readonly string[]): Promise<string> {
  const { hostname, port, host } = new URL(hospital().base)
  const socket = connect(Number(port), hostname)
  socket.write(['POST /fhir/Observation HTTP/1.1', `Host: ${host}`, ...lines, '', ''].join('\r\n'))
  const answer = await textOf(socket)
  socket.destroy()
  return answer
}

const lengths = [`Content-Length: ${10 * MEBI}`, 'Transfer-Encoding: chunked'] as const

describe('a body that is long, or does not say how long', () => {
  for (const length of lengths)
    for (const [what, ...credentials] of [
      ['without a token'],
      ['with a token that is none', 'Authorization: Bearer none'],
      ['with two', 'Authorization: Bearer a', 'Authorization: Bearer b'],
    ] as const)
      test(`${length}, ${what}: refused at once, and the connection closed`, {
        timeout: 30_000,
      }, async () => {
        const answer = await answerToHead(length, 'Content-Type: application/fhir+json', ...credentials)
        assert.match(answer, /^HTTP\/1\.1 40[01] /)
        assert.match(answer, /^connection: close\r$/im)
        assert.match(answer, /^www-authenticate: Bearer/im)
        assert.match(answer, /^content-security-policy: /im)
      })

  test('who has a good token may send one', async () => {
    const { ask, authorize } = hospital()
    const token = await authorize('launch/patient patient/Observation.crs', 'patient')
    const body = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x'.repeat(200_000) },
      subject: { reference: 'Patient/a' },
      performer: [{ reference: 'Patient/a' }],
    }
    assert.equal((await ask(token, 'Observation', { method: 'POST', body })).status, 201)
  })
})
