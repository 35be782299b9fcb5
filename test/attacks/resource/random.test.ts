/** Random records, callers and requests, compared with a slow model that is obviously right. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindOfRun } from '../../fixtures/databases.ts'
import type { Answered, Asked } from './random/asked.ts'
import { throwBatch } from './random/batches.ts'
import { createDice } from './random/dice.ts'
import { throwMeta, throwMetaChange } from './random/labels.ts'
import { throwEverything, throwLastn } from './random/operations.ts'
import type { Searcher } from './random/questions.ts'
import * as reads from './random/reads.ts'
import * as searches from './random/searches.ts'
import { callerOf, throwSetting } from './random/setting.ts'
import { throwShelf } from './random/shelf.ts'
import { throwTransaction } from './random/transactions.ts'
import { resourceOf } from './random/write-down.ts'
import * as writes from './random/writes.ts'
import { base, createWorld } from './world.ts'

/** Another start than the usual one, to look further: `CHARTKEY_TEST_SEED=123`. */
const firstSeed = Number(process.env.CHARTKEY_TEST_SEED ?? 20_240_301)
/** On PostgreSQL a part: what differs there is the store alone, and that is asked in fewer words. */
const { worlds, least } =
  kindOfRun() === 'SQLite' ? { worlds: 12, least: 100_000 } : { worlds: 2, least: 10_000 }
const settingsInAWorld = 60
const requestsOfASetting = 14

type Throw = (searcher: Searcher) => Asked

const throws: readonly Throw[] = [
  reads.throwRead,
  reads.throwRead,
  reads.throwConditionalRead,
  reads.throwVread,
  reads.throwHistory,
  reads.throwTypeHistory,
  reads.throwSystemHistory,
  searches.throwSearch,
  searches.throwSearch,
  searches.throwSearch,
  searches.throwCount,
  searches.throwInclusions,
  searches.throwInclusions,
  searches.throwPages,
  searches.throwSystemSearch,
  throwEverything,
  throwEverything,
  throwLastn,
  throwBatch,
  writes.throwUpdate,
  writes.throwUpdate,
  writes.throwPatch,
  writes.throwDelete,
  writes.throwConditionalDelete,
  writes.throwConditionalCreate,
  writes.throwCreate,
  writes.throwConditionalUpdate,
  throwMeta,
  throwMetaChange,
  throwTransaction,
]

let comparisons = 0

for (let seed = firstSeed; seed < firstSeed + worlds; seed++)
  test(`SCOPE-15, SCOPE-17, SCOPE-20, RSRC-03, RSRC-09, AMB-25, AMB-27: a world of seed ${seed} is as the model has it`, async () => {
    const dice = createDice(seed)
    const shelf = throwShelf(dice)
    const world = await createWorld([])
    for (const { versions } of shelf.stories)
      for (const fact of versions) if (fact) await world.repository.update(resourceOf(fact))
    for (let somebody = 0; somebody < settingsInAWorld; somebody++) {
      const setting = throwSetting(dice, shelf.patients)
      const caller = callerOf(setting)
      const send = async (target: string, ask?: Asked['ask']): Promise<Answered> => {
        const { status, body } = await world.ask(caller, target, { ...ask, inOnePiece: true })
        return { status, body: body === '' ? undefined : JSON.parse(body) }
      }
      for (let at = 0; at < requestsOfASetting; at++) {
        const asked = dice.pick(throws)({ dice, shelf, setting })
        const answered = await send(asked.target, asked.ask)
        try {
          assert.ok(answered.status < 500 && answered.status !== 400, JSON.stringify(answered.body))
          comparisons += await asked.compare(answered, (url) => send(url.slice(base.length + 1)))
        } catch (error) {
          const request = `${asked.ask?.method ?? 'GET'} ${asked.target} ${JSON.stringify(asked.ask?.body ?? '')}`
          const told = `seed ${seed}, caller ${somebody}, request ${at}: ${request}\nby ${JSON.stringify(setting)}`
          throw new Error(`${told}\nanswered ${answered.status}`, { cause: error })
        }
      }
    }
    assert.deepEqual(world.faults, [])
  })

test(`there were at least ${least} comparisons`, () => {
  assert.ok(comparisons >= least, `${comparisons}`)
})
