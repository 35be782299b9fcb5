/** The other end of `driver.ts`: a process that takes loads one after the other and answers each with its result. */
import { median } from '../figure.ts'
import { type Answer, Connection } from './connection.ts'
import type { Load, LoadResult, Request } from './driver.ts'

process.on('message', async (load: Load) => {
  process.send?.(await run(load).catch((error: Error) => ({ problem: error.message })))
})
// Whoever it measures for is gone: nobody wants the rest.
process.on('disconnect', () => process.exit())

async function run(load: Load): Promise<LoadResult> {
  const lanes = Array.from({ length: Math.min(load.connections, load.requests.length) }, (_, lane) => lane)
  const durations: number[] = []
  let next = 0
  const started = performance.now()
  const deadline = started + (load.seconds ?? Number.POSITIVE_INFINITY) * 1_000

  async function work(lane: number): Promise<string[]> {
    const connection = new Connection(load.base)
    const bodies: string[] = []
    for (;;) {
      const index = load.manner === 'rotate' ? lane : next++
      const request = load.requests[load.manner === 'repeat' ? index % load.requests.length : index]
      if (request === undefined || performance.now() >= deadline) break
      const sent = performance.now()
      const answer = check(await connection.send(withToken(request, bodies, load.manner)))
      durations.push(performance.now() - sent)
      if (load.manner !== 'once') bodies.pop()
      bodies.push(answer.body)
    }
    connection.close()
    return bodies
  }

  const bodies = (await Promise.all(lanes.map(work))).flat()
  const seconds = (performance.now() - started) / 1_000
  return {
    perSecond: durations.length / seconds,
    answers: durations.length,
    medianMs: median(durations),
    bodies,
  }
}

function check(answer: Answer): Answer {
  if (answer.status === 200) return answer
  throw new Error(`an answer was ${answer.status}: ${answer.body.slice(0, 500)}`)
}

function withToken(request: Request, bodies: readonly string[], manner: Load['manner']): Request {
  const last = bodies.at(-1)
  if (manner !== 'rotate' || last === undefined) return request
  const { refresh_token } = JSON.parse(last) as { refresh_token: string }
  const form = new URLSearchParams(request.body)
  form.set('refresh_token', refresh_token)
  return { ...request, body: form.toString() }
}
