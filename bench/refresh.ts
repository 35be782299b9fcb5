import { exchangeForm, refreshForm, requestToken, type TokenReply } from '../test/fixtures/visitor.ts'
import { type Figure, target } from './figure.ts'
import { CONNECTIONS, drive } from './load/driver.ts'
import { measurePairs } from './pairs.ts'
import { startReference } from './reference/child.ts'
import { type Sandbox, tokenRequest } from './sandbox.ts'

const ROUNDS = 7
const SECONDS_PER_SLICE = 2

/** Refreshes in a second, each with the token that the one before gave, beside the bare signatures of the same tokens. */
export async function measureRefresh({ server, app, visitor }: Sandbox, of: string): Promise<Figure> {
  const { base } = server
  let held: TokenReply[] = []
  for (let lane = 0; lane < CONNECTIONS; lane++) {
    const first = await requestToken(base, exchangeForm(app, await visitor.authorize(app)))
    held.push(await requestToken(base, refreshForm(app, first.refresh_token ?? '')))
  }
  const reference = await startReference('signatures.ts', JSON.stringify(held[0]))
  const refreshAll = async (at: string) => {
    const requests = held.map(({ refresh_token = '' }) => tokenRequest(refreshForm(app, refresh_token)))
    const load = {
      base: at,
      requests,
      connections: CONNECTIONS,
      manner: 'rotate',
      seconds: SECONDS_PER_SLICE,
    } as const
    const { perSecond, bodies } = await drive(load)
    if (at === base) held = bodies.map((body) => JSON.parse(body) as TokenReply)
    return perSecond
  }
  const pairs = await measurePairs(
    ROUNDS,
    () => refreshAll(base),
    () => refreshAll(reference.base),
  )
  await reference.stop()
  return {
    name: `refresh${of}`,
    value: pairs.subject,
    unit: 'requests/s',
    reference: pairs.reference,
    against: 'bare signatures',
    ratio: pairs.ratio,
    target: target('ratio', pairs.ratio, '≥', 0.6),
  }
}
