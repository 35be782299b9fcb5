/** Random questions about labels, and changes of them: by whoever may change the resource, and told to its readers alone. */
import assert from 'node:assert/strict'
import { metaOf } from '../labelling.ts'
import { type Asked, isShown } from './asked.ts'
import { throwStory } from './choice.ts'
import { type Fact, labels, nameOf } from './facts.ts'
import { mayHave, mayWrite } from './model.ts'
import type { Searcher } from './questions.ts'
import { assertRefused } from './writes.ts'

export function throwMeta(searcher: Searcher): Asked {
  const { shelf, setting } = searcher
  const name = nameOf(throwStory(searcher, 'r'))
  return {
    target: `${name}/$meta`,
    compare(answered) {
      const now = shelf.now(name)
      const shown = now !== undefined && mayHave(now, 'r', setting)
      assert.equal(isShown(answered), shown)
      if (shown) assert.deepEqual(toldIn(answered.body), [...(now.codes._security ?? [])].toSorted())
      return 1
    },
  }
}

type Told = { parameter?: { valueMeta?: { security?: { code: string }[] } }[] }

function toldIn(body: unknown): string[] {
  const [returned] = (body as Told | undefined)?.parameter ?? []
  return (returned?.valueMeta?.security ?? []).map(({ code }) => code).toSorted()
}

export function throwMetaChange(searcher: Searcher): Asked {
  const { dice, shelf, setting } = searcher
  const name = nameOf(throwStory(searcher, 'u'))
  const label = dice.pick(labels)
  const adds = dice.once(2)
  return {
    target: `${name}/$meta-${adds ? 'add' : 'delete'}`,
    ask: { method: 'POST', body: metaOf({ security: [{ code: label }] }) },
    compare(answered) {
      const now = shelf.now(name)
      const next = now && relabelled(now, label, adds)
      if (!now || !next || !mayWrite(next, now, 'u', setting)) {
        assertRefused(answered)
        return 1
      }
      assert.equal(answered.status, 200, JSON.stringify(answered.body))
      const mayRead = mayHave(now, 'r', setting) && mayHave(next, 'r', setting)
      assert.deepEqual(toldIn(answered.body), mayRead ? [...(next.codes._security ?? [])].toSorted() : [])
      // What is the same makes no version.
      if ((now.codes._security ?? []).includes(label) !== adds) shelf.write(next)
      return 1
    },
  }
}

function relabelled(now: Fact, label: string, adds: boolean): Fact {
  const others = (now.codes._security ?? []).filter((one) => one !== label)
  const security = adds ? [...others, label] : others
  const { _security: _, ...codes } = now.codes
  return { ...now, codes: security.length > 0 ? { ...codes, _security: security } : codes }
}
