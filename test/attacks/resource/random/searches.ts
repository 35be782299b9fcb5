/** Random searches: of a type, of several, in a compartment; with sorts, pages, totals and inclusions. */
import assert from 'node:assert/strict'
import { type Answered, type Asked, compareNames, namesIn } from './asked.ts'
import { throwKind } from './choice.ts'
import { compartmentsOf, type Fact, type Kind, kinds, nameOf, shapeOf } from './facts.ts'
import { included, throwInclusion } from './inclusions.ts'
import { mayHave } from './model.ts'
import { type Question, type Searcher, throwQuestion } from './questions.ts'
import { currentOf } from './reads.ts'

const form = 'application/x-www-form-urlencoded'

function throwQuestions(type: Kind, searcher: Searcher): Question[] {
  return Array.from({ length: searcher.dice.pick([0, 1, 1, 2, 3]) }, () => throwQuestion(type, searcher))
}

/** What a search finds by the model. */
export function matchesOf(type: Kind, questions: readonly Question[], searcher: Searcher): Fact[] {
  return currentOf(searcher, type).filter(
    (fact) => mayHave(fact, 's', searcher.setting) && questions.every(({ isMetBy }) => isMetBy(fact)),
  )
}

const queryOf = (...parts: readonly (readonly string[])[]) => parts.flat().join('&')
const textsOf = (questions: readonly { readonly text: string }[]) => questions.map(({ text }) => text)

/** By GET or by form, or in a patient's compartment; the total is that of what is shown. */
export function throwSearch(searcher: Searcher): Asked {
  const { dice, shelf } = searcher
  const type = throwKind(searcher, ['s'])
  const questions = throwQuestions(type, searcher)
  const inside = dice.once(4) ? dice.pick(shelf.patients) : undefined
  const query = queryOf(textsOf(questions), ['_count=200'])
  const place = inside === undefined ? type : `Patient/${inside}/${type}`
  const byForm = dice.once(4)
  return {
    target: byForm ? `${place}/_search` : `${place}?${query}`,
    ...(byForm && { ask: { method: 'POST', body: query, contentType: form } }),
    compare(answered) {
      const matches = matchesOf(type, questions, searcher).filter(
        (fact) => inside === undefined || compartmentsOf(fact).includes(inside),
      )
      return compareSearch(answered, matches, type, searcher)
    },
  }
}

function compareSearch(answered: Answered, matches: readonly Fact[], type: Kind, searcher: Searcher): number {
  assert.ok(answered.status === 200 || answered.status === 403, JSON.stringify(answered.body))
  if (answered.status === 200) assert.equal(answered.body?.total, matches.length, 'the total')
  const all = currentOf(searcher, type).map(nameOf)
  return compareNames(answered, namesIn(answered), matches.map(nameOf), all)
}

export function throwCount(searcher: Searcher): Asked {
  const type = throwKind(searcher, ['s'])
  const questions = throwQuestions(type, searcher)
  return {
    target: `${type}?${queryOf(textsOf(questions), [searcher.dice.pick(['_summary=count', '_count=0'])])}`,
    compare({ status, body }) {
      const { length } = matchesOf(type, questions, searcher)
      if (status !== 403) assert.equal(body?.total, length)
      else assert.equal(length, 0)
      return 1
    },
  }
}

export function throwInclusions(searcher: Searcher): Asked {
  const type = throwKind(searcher, ['s'])
  const questions = throwQuestions(type, searcher).slice(0, 1)
  const inclusions = [1, 2, 3].flatMap(() => throwInclusion(type, searcher) ?? [])
  return {
    target: `${type}?${queryOf(textsOf(questions), ['_count=200'], textsOf(inclusions))}`,
    compare(answered) {
      const matches = matchesOf(type, questions, searcher)
      const all = searcher.shelf.current().map(nameOf)
      const shown = namesIn(answered, 'include').filter((name) => !name.startsWith('AuditEvent/'))
      return (
        compareNames(
          answered,
          namesIn(answered, 'match'),
          matches.map(nameOf),
          currentOf(searcher, type).map(nameOf),
        ) + compareNames(answered, shown, included(matches, inclusions), all)
      )
    },
  }
}

/** In pages and in order: what is between the matches must not show, neither in the pages nor in the order. */
export function throwPages(searcher: Searcher): Asked {
  const { dice } = searcher
  const type = throwKind(searcher, ['s'])
  const questions = throwQuestions(type, searcher).slice(0, 1)
  const { day } = shapeOf(type)
  const sort = day !== undefined && dice.once(2) ? `_sort=${dice.pick(['', '-'])}${day}` : '_sort=_id'
  const count = 1 + dice.below(4)
  return {
    target: `${type}?${queryOf(textsOf(questions), [sort, `_count=${count}`])}`,
    async compare(answered, follow) {
      const matches = matchesOf(type, questions, searcher)
      const names = [...namesIn(answered)]
      let pages = 1
      for (let page = answered; ; pages++) {
        const next = page.body?.link?.find(({ relation }) => relation === 'next')
        if (!next) break
        page = await follow(next.url)
        assert.equal(page.body?.total, matches.length, 'the total of a later page')
        names.push(...namesIn(page))
      }
      assert.equal(pages, Math.max(1, Math.ceil(matches.length / count)), 'the number of pages')
      assert.equal(new Set(names).size, names.length, 'something came twice')
      assertOrder(names, sort, day, searcher)
      return pages + compareNames(answered, names, matches.map(nameOf), currentOf(searcher, type).map(nameOf))
    },
  }
}

function assertOrder(
  names: readonly string[],
  sort: string,
  day: string | undefined,
  { shelf }: Searcher,
): void {
  const keys = names.flatMap((name) => {
    if (sort === '_sort=_id') return name
    return shelf.now(name)?.days[day ?? ''] ?? []
  })
  const sorted = keys.toSorted()
  assert.deepEqual(keys, sort.includes('=-') ? sorted.toReversed() : sorted, 'the order')
}

export function throwSystemSearch(searcher: Searcher): Asked {
  const types = searcher.dice.some(kinds, 1)
  const question = throwQuestion('Provenance', { ...searcher, dice: searcher.dice }, 2)
  const questions = question.text.startsWith('_') ? [question] : []
  return {
    target: `?${queryOf([`_type=${types.join(',')}`], textsOf(questions), ['_count=300'])}`,
    compare(answered) {
      const matches = types.flatMap((type) => matchesOf(type, questions, searcher))
      return compareNames(
        answered,
        namesIn(answered),
        matches.map(nameOf),
        currentOf(searcher, ...types).map(nameOf),
      )
    },
  }
}
