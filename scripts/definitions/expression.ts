/**
 * The FHIRPath of the published search parameters, reduced to element paths.
 *
 * They use a small part of the language: members, `where(member = 'text')`, `where(resolve() is Type)` and
 * `ofType(Type)`. Reduced to member names at compile time, none of it is interpreted while a resource is stored.
 */
import type { CodeSystems } from './code-systems.ts'
import type { Elements, Member } from './elements.ts'

export interface ElementPath {
  /**
   * Member names joined by dots; `name[member=text]` keeps those elements whose member equals the text.
   * For `truth`, the alternatives are joined by `|`.
   */
  readonly path: string
  /** The type found at the end, or `truth`: is there a value other than false? */
  readonly as: string
  /** Of references, only those to this resource type count. */
  readonly only?: string
  /** Of a `code`: the systems that its codes are from. */
  readonly systems?: CodeSystems
}

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'type'; readonly name: string }
  | { readonly kind: 'only'; readonly name: string }
  | { readonly kind: 'equals'; readonly member: string; readonly text: string }

const stepForms: readonly [RegExp, (match: RegExpExecArray) => Step][] = [
  [/^\.ofType\((\w+)\)/, ([, name = '']) => ({ kind: 'type', name })],
  [/^\.where\(resolve\(\) is (\w+)\)/, ([, name = '']) => ({ kind: 'only', name })],
  [/^\.where\((\w+)\s*=\s*'([^']*)'\)/, ([, member = '', text = '']) => ({ kind: 'equals', member, text })],
  [/^\.(\w+)(?!\w*\()/, ([, name = '']) => ({ kind: 'member', name })],
]

/** The paths of `expression` that start at `type`; undefined when some part of it says more than a path can. */
export function reduceExpression(
  expression: string,
  type: string,
  elements: Elements,
): ElementPath[] | undefined {
  const paths: ElementPath[] = []
  for (const part of expression.split('|').map((text) => withoutParentheses(text.trim()))) {
    const below = startAt(part, type)
    if (below === undefined) continue
    const found = truth(below, type, elements) ?? reducePart(below, type, elements)
    if (!found) return undefined
    paths.push(...found)
  }
  return paths.filter((path, at) => paths.findIndex((other) => same(path, other)) === at)
}

/** The steps below `type`, or nothing when the part is about another type; a part may leave its own type out. */
function startAt(part: string, type: string): string | undefined {
  if (part === type) return ''
  if (part.startsWith(`${type}.`)) return part.slice(type.length)
  return /^[a-z]/.test(part) ? `.${part}` : undefined
}

function reducePart(text: string, type: string, elements: Elements): ElementPath[] | undefined {
  const steps = parseSteps(text)
  return steps && walk(steps, type, elements)
}

/** `X.exists() and X != false`: one answer for the whole resource, whatever type X has. */
function truth(text: string, type: string, elements: Elements): ElementPath[] | undefined {
  const name = /^\.(\w+)\.exists\(\) and \w+\.\1 != false$/.exec(text)?.[1]
  if (!name) return undefined
  return [
    {
      path: membersNamed(elements, type, name)
        .map((member) => member.name)
        .join('|'),
      as: 'truth',
    },
  ]
}

/** `(A.b).c` and `(A.b)` are `A.b.c` and `A.b`; the parentheses of a call stay. */
function withoutParentheses(text: string): string {
  if (!text.startsWith('(')) return text
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    if (text[at] === ')' && --depth === 0) return text.slice(1, at) + text.slice(at + 1)
  }
  return text
}

function parseSteps(text: string): Step[] | undefined {
  const steps: Step[] = []
  let rest = text
  while (rest) {
    const step = takeStep(rest)
    if (!step) return undefined
    steps.push(step[0])
    rest = rest.slice(step[1])
  }
  return steps
}

function takeStep(text: string): [Step, number] | undefined {
  for (const [form, make] of stepForms) {
    const match = form.exec(text)
    if (match) return [make(match), match[0].length]
  }
  return undefined
}

interface Place {
  readonly names: readonly string[]
  readonly type: string
  readonly only?: string
  readonly systems?: CodeSystems
}

function walk(steps: readonly Step[], type: string, elements: Elements): ElementPath[] {
  let places: Place[] = [{ names: [], type }]
  for (const step of steps) places = places.flatMap((place) => advance(place, step, elements))
  return places.map(({ names, type: as, only, systems }) => ({
    path: names.join('.'),
    as,
    ...(only && { only }),
    ...(systems && { systems }),
  }))
}

function advance(place: Place, step: Step, elements: Elements): Place[] {
  const { names, type } = place
  switch (step.kind) {
    case 'member':
      return membersNamed(elements, type, step.name).map((member) => ({
        names: [...names, member.name],
        type: member.type,
        ...(member.systems && { systems: member.systems }),
      }))
    case 'type':
      return type === step.name ? [place] : []
    case 'only':
      return type === 'Reference' || type === 'canonical' ? [{ ...place, only: step.name }] : []
    case 'equals':
      return [{ names: [...names.slice(0, -1), `${names.at(-1)}[${step.member}=${step.text}]`], type }]
  }
}

function membersNamed(elements: Elements, type: string, name: string): readonly Member[] {
  const members = elements.get(type) ?? []
  const byElement = members.filter((member) => member.element === name)
  // US Core names the JSON member of a choice (`valueDateTime`) where FHIRPath would say `value`.
  return byElement.length > 0 ? byElement : members.filter((member) => member.name === name)
}

function same(a: ElementPath, b: ElementPath): boolean {
  return a.path === b.path && a.as === b.as && a.only === b.only
}
