import { exchangeForm } from '../test/fixtures/visitor.ts'
import { type Figure, target } from './figure.ts'
import { CONNECTIONS, drive } from './load/driver.ts'
import { measurePairs } from './pairs.ts'
import { startReference } from './reference/child.ts'
import { type Sandbox, tokenRequest } from './sandbox.ts'

const ROUNDS = 7
const CODES_PER_SLICE = 400

/** Authorization codes exchanged in a second, beside the bare signatures of the same tokens behind `node:http`. */
export async function measureExchange(
  { server, app, visitor, tokens }: Sandbox,
  of: string,
): Promise<Figure> {
  const reference = await startReference('signatures.ts', JSON.stringify(tokens))
  const exchangeAll = async (base: string) => {
    const forms: string[] = []
    while (forms.length < CODES_PER_SLICE) forms.push(exchangeForm(app, await visitor.authorize(app)))
    const load = {
      base,
      requests: forms.map(tokenRequest),
      connections: CONNECTIONS,
      manner: 'once',
    } as const
    return (await drive(load)).perSecond
  }
  const pairs = await measurePairs(
    ROUNDS,
    () => exchangeAll(server.base),
    () => exchangeAll(reference.base),
  )
  await reference.stop()
  return {
    name: `authorization code exchange${of}`,
    value: pairs.subject,
    unit: 'requests/s',
    reference: pairs.reference,
    against: 'bare signatures',
    ratio: pairs.ratio,
    target: target('ratio', pairs.ratio, '≥', 0.6),
  }
}
