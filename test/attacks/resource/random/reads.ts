/** Random reads, vreads and histories. */
import assert from 'node:assert/strict'
import { type Answered, type Asked, isShown } from './asked.ts'
import { throwKind, throwStory } from './choice.ts'
import { type Fact, nameOf } from './facts.ts'
import { mayHave } from './model.ts'
import type { Searcher } from './questions.ts'
import { lastOf, type Story } from './shelf.ts'

/** Whether what a resource is now, or was before it was deleted, may be seen. */
function isKnown(story: Story, letter: 'r' | 's', { setting }: Searcher): boolean {
  const last = lastOf(story)
  return last !== undefined && mayHave(last, letter, setting)
}

/** A version is told to whom it may be shown, a deletion to whom the version before it may be. */
function isTold(story: Story, at: number, letter: 'r' | 's', searcher: Searcher): boolean {
  const fact = story.versions[at] ?? story.versions[at - 1]
  return isKnown(story, letter, searcher) && fact !== undefined && mayHave(fact, letter, searcher.setting)
}

export function throwRead(searcher: Searcher): Asked {
  const story = throwStory(searcher, 'r')
  const now = searcher.shelf.now(nameOf(story))
  return {
    target: nameOf(story),
    compare(answered) {
      assert.equal(isShown(answered), now !== undefined && mayHave(now, 'r', searcher.setting))
      assert.equal(
        answered.status === 410,
        now === undefined && isKnown(story, 'r', searcher),
        'a deletion is told',
      )
      return 1
    },
  }
}

export function throwConditionalRead(searcher: Searcher): Asked {
  const story = throwStory(searcher, 'r')
  const now = searcher.shelf.now(nameOf(story))
  return {
    target: nameOf(story),
    ask: { headers: { 'if-none-match': `W/"${story.versions.length}"` } },
    compare({ status }) {
      assert.equal(status === 304, now !== undefined && mayHave(now, 'r', searcher.setting))
      return 1
    },
  }
}

export function throwVread(searcher: Searcher): Asked {
  const { dice } = searcher
  const story = throwStory(searcher, 'r')
  const at = dice.below(story.versions.length)
  const isContent = story.versions[at] !== undefined
  return {
    target: `${nameOf(story)}/_history/${at + 1}`,
    compare(answered) {
      const told = isTold(story, at, 'r', searcher)
      assert.equal(isShown(answered), told && isContent)
      assert.equal(answered.status === 410, told && !isContent, 'a deletion is told')
      return 1
    },
  }
}

export function throwHistory(searcher: Searcher): Asked {
  const story = throwStory(searcher, 'r')
  return {
    target: `${nameOf(story)}/_history?_count=500`,
    compare: (answered) => compareVersions(answered, [story], 'r', searcher),
  }
}

export function throwTypeHistory(searcher: Searcher): Asked {
  const type = throwKind(searcher, ['s'])
  return {
    target: `${type}/_history?_count=500`,
    compare: (answered, follow) =>
      compareAllPages(
        answered,
        follow,
        searcher.shelf.stories.filter((story) => story.type === type),
        searcher,
      ),
  }
}

export function throwSystemHistory(searcher: Searcher): Asked {
  return {
    target: '_history?_count=500',
    compare: (answered, follow) => compareAllPages(answered, follow, searcher.shelf.stories, searcher),
  }
}

async function compareAllPages(
  answered: Answered,
  follow: (target: string) => Promise<Answered>,
  stories: readonly Story[],
  searcher: Searcher,
): Promise<number> {
  const entries = [...(answered.body?.entry ?? [])]
  for (let page = answered; ; ) {
    const next = page.body?.link?.find(({ relation }) => relation === 'next')
    if (!next) break
    page = await follow(next.url)
    assert.equal(page.status, 200)
    entries.push(...(page.body?.entry ?? []))
  }
  const body = answered.body && { ...answered.body, entry: entries }
  return compareVersions({ ...answered, body }, stories, 's', searcher)
}

/** Each version is in the answer, or it is not. */
function compareVersions(
  { status, body }: Answered,
  stories: readonly Story[],
  letter: 'r' | 's',
  searcher: Searcher,
): number {
  const shown = new Set(
    (status === 200 ? (body?.entry ?? []) : [])
      .map(({ resource, request, response }) => {
        const name = resource ? `${resource.resourceType}/${resource.id}` : request?.url
        return `${name} ${response?.etag}`
      })
      .filter((name) => !name.startsWith('AuditEvent/')),
  )
  let comparisons = 1
  for (const story of stories)
    for (const [at] of story.versions.entries()) {
      const name = `${nameOf(story)} W/"${at + 1}"`
      assert.equal(shown.delete(name), isTold(story, at, letter, searcher), name)
      if (status === 200) comparisons++
    }
  assert.deepEqual([...shown], [], 'something unknown is shown')
  return comparisons
}

/** All that there is now of some types. */
export const currentOf = ({ shelf }: Searcher, ...types: readonly Fact['type'][]): Fact[] =>
  shelf.current().filter(({ type }) => types.includes(type))
