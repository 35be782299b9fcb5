/** Chooses what a request is about, so that not most of them are refused before anything is looked at. */
import { type Fact, type Kind, kinds, nameOf } from './facts.ts'
import { hasLetter, mayHave } from './model.ts'
import type { Searcher } from './questions.ts'
import type { GivenScope } from './setting.ts'
import { lastOf, type Story } from './shelf.ts'

type Letter = GivenScope['letters'][number]

/** Any of them once in so many times; else one that is likely to be answered, if there is one. */
const anyOf = 4

/** A type, mostly one that the caller has these letters on. */
export function throwKind({ dice, setting }: Searcher, letters: readonly Letter[], among = kinds): Kind {
  const likely = among.filter((kind) => letters.every((letter) => hasLetter(kind, letter, setting)))
  return dice.pick(dice.once(anyOf) || likely.length === 0 ? among : likely)
}

/** A resource, in half of the cases one that the caller has this letter on. */
export function throwStory({ dice, shelf, setting }: Searcher, letter: Letter, among = kinds): Story {
  const stories = shelf.stories.filter(({ type }) => among.includes(type))
  const isLikely = (story: Story) => {
    const last: Fact | undefined = shelf.now(nameOf(story)) ?? lastOf(story)
    return last !== undefined && mayHave(last, letter, setting)
  }
  const likely = stories.filter(isLikely)
  return dice.pick(dice.once(2) || likely.length === 0 ? stories : likely)
}
