/** Random search parameters: the text that is sent, and what it means to the model. */
import type { Dice } from './dice.ts'
import { type Fact, type Kind, kinds, labels, nameOf, shapeOf } from './facts.ts'
import { mayHave } from './model.ts'
import type { Setting } from './setting.ts'
import type { Shelf } from './shelf.ts'

/** One parameter. What it links to counts as far as the searcher may search for it. */
export interface Question {
  readonly text: string
  readonly isMetBy: (fact: Fact) => boolean
}

export interface Searcher {
  readonly dice: Dice
  readonly shelf: Shelf
  readonly setting: Setting
}

/** So many links a chain has at most. */
export const deepest = 2

/** A random parameter of a type; chains go so deep. */
export function throwQuestion(type: Kind, searcher: Searcher, depth = 0): Question {
  const { dice } = searcher
  const ways = [byCode, byCode, byCode, byId, byLabel, byDay, byLink, byAbsence]
  if (depth < deepest) ways.push(byChain, byChain, byReverseChain)
  return dice.pick(ways)(type, searcher, depth) ?? byId(type, searcher)
}

type Way = (type: Kind, searcher: Searcher, depth: number) => Question | undefined

function byId(type: Kind, { dice, shelf }: Searcher): Question {
  const known = shelf.stories.filter((story) => story.type === type).map(({ id }) => id)
  const ids = [...dice.some(known, 1), 'nobody']
  return { text: `_id=${ids.join(',')}`, isMetBy: ({ id }) => ids.includes(id) }
}

const byCode: Way = (type, { dice }) => {
  const known = Object.entries(shapeOf(type).codes)
  if (known.length === 0) return undefined
  const [parameter, codes] = dice.pick(known)
  return amongCodes(parameter, dice.some(codes, 1), dice.once(4))
}

const byLabel: Way = (_type, { dice }) => amongCodes('_security', dice.some(labels, 1), dice.once(4))

function amongCodes(parameter: string, codes: readonly string[], not: boolean): Question {
  const has = (fact: Fact) => (fact.codes[parameter] ?? []).some((code) => codes.includes(code))
  return {
    text: `${parameter}${not ? ':not' : ''}=${codes.join(',')}`,
    isMetBy: (fact) => has(fact) !== not,
  }
}

const byDay: Way = (type, { dice }) => {
  const { day: parameter } = shapeOf(type)
  if (parameter === undefined) return undefined
  const day = `2024-0${1 + dice.below(3)}-15`
  const comparisons: readonly [string, (one: string) => boolean][] = [
    ['ge', (one) => one >= day],
    ['gt', (one) => one > day],
    ['lt', (one) => one < day],
    ['', (one) => one === day],
  ]
  const [prefix, compare] = dice.pick(comparisons)
  return {
    text: `${parameter}=${prefix}${day}`,
    isMetBy: ({ days }) => days[parameter] !== undefined && compare(days[parameter]),
  }
}

const byLink: Way = (type, { dice, shelf }) => {
  const known = Object.entries(shapeOf(type).links)
  if (known.length === 0) return undefined
  const [parameter, types] = dice.pick(known)
  const target = dice.pick(types)
  const to = dice.pick(shelf.stories.filter((story) => story.type === target).map(nameOf))
  const isPatient = parameter === 'subject' && dice.once(2)
  return {
    text: isPatient ? `patient=${to.slice('Patient/'.length)}` : `${parameter}=${to}`,
    isMetBy: ({ links }) => (links[parameter] ?? []).includes(to),
  }
}

const byAbsence: Way = (type, { dice }) => {
  const { links, optional } = shapeOf(type)
  const known = [...Object.keys(links), ...optional]
  if (known.length === 0) return undefined
  const parameter = dice.pick(known)
  const missing = dice.once(2)
  return {
    text: `${parameter}:missing=${missing}`,
    isMetBy: ({ links, codes }) => ((links[parameter] ?? codes[parameter] ?? []).length === 0) === missing,
  }
}

/** A chain is met when something that may be found is at its end. */
const byChain: Way = (type, searcher, depth) => {
  const { dice, shelf, setting } = searcher
  const known = Object.entries(shapeOf(type).links)
  if (known.length === 0) return undefined
  const [parameter, types] = dice.pick(known)
  const target = dice.pick(types)
  const inner = throwQuestion(target, searcher, depth + 1)
  if (inner.text.startsWith('_has')) return undefined
  return {
    text: `${parameter}:${target}.${inner.text}`,
    isMetBy: ({ links }) =>
      (links[parameter] ?? []).some((name) => {
        const found = name.startsWith(`${target}/`) ? shelf.now(name) : undefined
        return found !== undefined && mayHave(found, 's', setting) && inner.isMetBy(found)
      }),
  }
}

const byReverseChain: Way = (type, searcher, depth) => {
  const { dice, shelf, setting } = searcher
  const known = kinds.flatMap((source) =>
    Object.entries(shapeOf(source).links)
      .filter(([, types]) => types.includes(type))
      .map(([parameter]) => [source, parameter] as const),
  )
  if (known.length === 0) return undefined
  const [source, parameter] = dice.pick(known)
  const inner = throwQuestion(source, searcher, depth + 1)
  return {
    text: `_has:${source}:${parameter}:${inner.text}`,
    isMetBy: (fact) =>
      shelf
        .current()
        .some(
          (one) =>
            one.type === source &&
            (one.links[parameter] ?? []).includes(nameOf(fact)) &&
            mayHave(one, 's', setting) &&
            inner.isMetBy(one),
        ),
  }
}
