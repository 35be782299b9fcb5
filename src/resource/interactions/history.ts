/**
 * Answers the history of a resource (letter `r`), of a type or of everything (letter `s`), newest first. Each version and
 * the current one have to be in reach; a deletion is told to whom the version that it ended may be shown (SCOPE-05,
 * SCOPE-08; RSRC-03). @see FHIR R4 http, history
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { historyReply } from '../history-bundle.ts'
import type { HistoryPage, HistoryQuery } from '../repository.ts'
import { planReach } from '../search/reach.ts'
import { type AskedHistory, parseHistory } from './asked-history.ts'
import { type Handler, type Permitted, type Prepared, type Services, touch } from './handler.ts'
import { createJudge, type Told } from './told-versions.ts'
import { loadKnown } from './visible.ts'

export const historyInstance: Handler<'history-instance'> = async (exchange, services) => {
  const { type, id } = exchange.asked
  await loadKnown(type, id, `${type}/${id}`, exchange, services)
  return history({ type, id }, `${type}/${id}/_history`, exchange, services)
}

export const historyType: Handler<'history-type'> = (exchange, services) =>
  history({ type: exchange.asked.type }, `${exchange.asked.type}/_history`, exchange, services)

export const historySystem: Handler<'history-system'> = (exchange, services) =>
  history({}, '_history', exchange, services)

type Of = Pick<HistoryQuery, 'type' | 'id'>

async function history(of: Of, place: string, permitted: Permitted, services: Services): Promise<Prepared> {
  const asked = parseHistory(place, permitted, services)
  const { told, next } = await collect(of, asked, permitted, services)
  return {
    status: 200,
    touched: touch(told.map(({ content }) => content.resource)),
    query: String(
      new URLSearchParams(asked.parameters.map(([name, value]): [string, string] => [name, value])),
    ),
    finish: () => historyReply({ place, asked, told, ...(next && { next }) }, permitted, services),
  }
}

/** Versions that are looked at for one page: deletions in other people's records are among them. */
const mostLooked = 20_000
const leastRead = 50

/** Reads on until the page is full: how much was passed over must not show. */
async function collect(of: Of, asked: AskedHistory, permitted: Permitted, services: Services) {
  const reach = planReach(permitted.reach, of.type ?? '*')
  const judge = createJudge(permitted, services)
  const told: Told[] = []
  const { count, ...bounds } = asked.query
  let before = bounds.before
  for (let looked = 0; looked < mostLooked; ) {
    const read = Math.max(count - told.length, leastRead)
    const page: HistoryPage = await services.repository.historyPage({
      ...of,
      ...bounds,
      ...(before && { before }),
      count: read,
      reach,
    })
    for (const [at, { stored, position }] of page.versions.entries()) {
      before = position
      const one = await judge(stored)
      if (one) told.push(one)
      const isLast = !page.more && at === page.versions.length - 1
      if (told.length >= count) return isLast ? { told } : { told, next: before }
    }
    if (!page.more) return { told }
    looked += page.versions.length
    // Other people's requests are waiting, too.
    await nextTurn()
  }
  return before ? { told, next: before } : { told }
}
