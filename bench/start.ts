import { serve } from '../test/fixtures/process.ts'
import { type Figure, median, target } from './figure.ts'
import { startReference } from './reference/child.ts'

const STARTS = 7

/** Milliseconds from the start of the process to its being ready, on a store that has data. */
export async function measureStart(data: string, of: string): Promise<Figure> {
  const [subject, reference]: [number[], number[]] = [[], []]
  for (let start = 0; start < STARTS; start++) {
    const server = await serve(data, '--sandbox', '--log-level', 'silent')
    await server.stop()
    subject.push(server.startedInMs)
    const started = performance.now()
    const bare = await startReference('bare.ts')
    reference.push(performance.now() - started)
    await bare.stop()
  }
  const value = median(subject)
  return {
    name: `start to ready, with data${of}`,
    value,
    unit: 'ms',
    reference: median(reference),
    against: 'bare node:http process',
    ratio: value / median(reference),
    target: target('start', Math.round(value), '≤', 1_000, 'ms'),
  }
}
