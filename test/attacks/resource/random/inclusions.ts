/** Random `_include` and `_revinclude`, and what they bring to matches by the model. */
import { type Fact, type Kind, kinds, nameOf, shapeOf } from './facts.ts'
import { mayHave } from './model.ts'
import type { Searcher } from './questions.ts'

export interface Inclusion {
  readonly text: string
  readonly iterate: boolean
  /** What it brings to one resource. */
  readonly from: (fact: Fact) => readonly Fact[]
}

/** What is pointed to needs `r`, what points needs `s`. */
export function throwInclusion(type: Kind, searcher: Searcher): Inclusion | undefined {
  const { dice, shelf, setting } = searcher
  const iterate = dice.once(3)
  const modifier = iterate ? ':iterate' : ''
  const found = (names: readonly string[]) =>
    names.flatMap((name) => shelf.now(name) ?? []).filter((fact) => mayHave(fact, 'r', setting))
  if (dice.once(5))
    return { text: `_include${modifier}=*`, iterate, from: ({ links }) => found(Object.values(links).flat()) }
  const start = iterate ? dice.pick(kinds) : type
  if (dice.once(2)) {
    const known = Object.keys(shapeOf(start).links)
    if (known.length === 0) return undefined
    const parameter = dice.pick(known)
    return {
      text: `_include${modifier}=${start}:${parameter}`,
      iterate,
      from: (fact) => (fact.type === start ? found(fact.links[parameter] ?? []) : []),
    }
  }
  const pointing = kinds.flatMap((source) =>
    Object.entries(shapeOf(source).links)
      .filter(([, types]) => types.includes(start))
      .map(([parameter]) => [source, parameter] as const),
  )
  if (pointing.length === 0) return undefined
  const [source, parameter] = dice.pick(pointing)
  return {
    text: `_revinclude${modifier}=${source}:${parameter}`,
    iterate,
    from: (fact) =>
      shelf
        .current()
        .filter(
          (one) =>
            one.type === source &&
            (one.links[parameter] ?? []).includes(nameOf(fact)) &&
            mayHave(one, 's', setting),
        ),
  }
}

/** What inclusions bring to all matches: each once, and nothing that is a match. */
export function included(matches: readonly Fact[], inclusions: readonly Inclusion[]): Set<string> {
  const all = new Map(matches.map((fact) => [nameOf(fact), fact]))
  let from = matches
  let asked = inclusions
  while (from.length > 0) {
    const added = from
      .flatMap((fact) => asked.flatMap((inclusion) => inclusion.from(fact)))
      .filter((fact) => !all.has(nameOf(fact)))
    for (const fact of added) all.set(nameOf(fact), fact)
    from = [...new Map(added.map((fact) => [nameOf(fact), fact])).values()]
    asked = inclusions.filter(({ iterate }) => iterate)
  }
  for (const match of matches) all.delete(nameOf(match))
  return new Set(all.keys())
}
