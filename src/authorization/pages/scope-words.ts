/** A scope in plain words, short and long. CONS-02 to CONS-05, SCOPE-26. */
import type { FilterItem } from '../../smart/filter.ts'
import type { ContextScope, Letter, ResourceScope, Scope } from '../../smart/scope.ts'
import type { Messages } from '../../ui/messages.ts'
import { introspectScope } from '../introspect/scope.ts'

type Words = Messages['consent']

/** The headings under which scopes stand, in their order. */
export const sections = ['record', 'userRecords', 'identity', 'session'] as const

/** Under which heading a scope stands. */
export type Section = (typeof sections)[number]

export interface ScopeWords {
  readonly section: Section
  readonly short: string
  /** What the short words leave out. */
  readonly notes: readonly string[]
  /** What the app can do with it, and what not; nothing for a scope that has no words of its own. */
  readonly long: string
  /** Whether the app could change something: it has to stand out. */
  readonly writes: boolean
}

/** What granting the scope means. */
export function scopeWords(scope: Scope, words: Words): ScopeWords {
  switch (scope.kind) {
    case 'resource':
      return resourceWords(scope, words)
    case 'identity':
      return named('identity', scope.name === 'openid' ? 'openid' : 'fhirUser', words)
    case 'refresh':
      return named('session', scope.name, words)
    case 'context':
      return contextWords(scope, words)
    case 'extension':
      return scope.name === introspectScope
        ? named('session', introspectScope, words)
        : plain('session', scope.name, '')
  }
}

/** A part of a broad scope, as one says it beside the whole. */
export function partWords({ type, filter }: ResourceScope, words: Words): string {
  if (filter.length === 0) return words.classes[type] ?? words.otherClass(type)
  return filter.map((item) => limit(item, words)).join('; ')
}

function plain(section: Section, short: string, long: string): ScopeWords {
  return { section, short, notes: [], long, writes: false }
}

type Named = Exclude<keyof Words['scopes'], 'launchOther'>

function named(section: Section, name: Named, { scopes, details }: Words): ScopeWords {
  return plain(section, scopes[name], details[name])
}

function contextWords({ type }: ContextScope, words: Words): ScopeWords {
  if (type === undefined) return named('session', 'launch', words)
  if (type === 'patient' || type === 'encounter') return named('session', `launch/${type}`, words)
  const known = Object.keys(words.classes).find((one) => one.toLowerCase() === type.toLowerCase())
  const kind = words.classes[known ?? ''] ?? words.otherClass(type)
  return plain('session', words.scopes.launchOther(kind), words.details.launchOther)
}

function resourceWords(scope: ResourceScope, words: Words): ScopeWords {
  const { letters, type, filter, level } = scope
  const category = categoryWords(scope, words)
  const what = category ?? words.classes[type] ?? words.otherClass(type)
  const writes = letters.some(isChange)
  const notes = [
    ...(filter.length > 0 && category === undefined
      ? [words.limitedTo(filter.map((item) => limit(item, words)).join('; '))]
      : []),
    ...(type === '*' ? [words.wildcard] : []),
  ]
  return {
    section: level === 'patient' ? 'record' : 'userRecords',
    short: writes ? words.access.change(deeds(letters, words), what) : words.access.see(what),
    notes,
    long: words.details.join([...powers(scope, words), ...notes]),
    writes,
  }
}

function isChange(letter: Letter): boolean {
  return letter === 'c' || letter === 'u' || letter === 'd'
}

/** What the letters allow, what their absence rules out, and in whose record. */
function powers({ letters, level }: ResourceScope, { details }: Words): string[] {
  const order = ['s', 'r', 'c', 'u', 'd'] as const
  return [
    ...order.filter((letter) => letters.includes(letter)).map((letter) => details[letter]),
    ...(letters.some(isChange) ? [] : [details.readOnly]),
    ...(letters.every(isChange) ? [details.writeOnly] : []),
    level === 'patient' ? details.patient : details.user,
  ]
}

/** Kinds of data whose categories say by themselves what they are: laboratory results are always observations. */
const namedByCategory: ReadonlySet<string> = new Set(['Observation', 'Condition', 'DocumentReference'])

/** A category that is all the limit there is, and has words of its own, is what the scope is about. */
function categoryWords({ type, filter }: ResourceScope, words: Words): string | undefined {
  const [only, ...more] = filter
  if (only?.parameter !== 'category' || more.length > 0 || !namedByCategory.has(type)) return undefined
  return limitWords(only, words)
}

function deeds(letters: readonly Letter[], words: Words): string {
  const { see, c, u, d } = words.access.deeds
  const isSeeing = letters.includes('r') || letters.includes('s')
  const changes = (['c', 'u', 'd'] as const).filter((letter) => letters.includes(letter))
  return words.access.join([...(isSeeing ? [see] : []), ...changes.map((letter) => ({ c, u, d })[letter])])
}

/** A limit in words, or as it is written. */
function limit(item: FilterItem, words: Words): string {
  return limitWords(item, words) ?? words.limit(item.parameter, item.value)
}

/** The usual limits have words of their own, with or without the system of a code; of several codes each one must have. */
function limitWords({ parameter, value }: FilterItem, words: Words): string | undefined {
  const said = value
    .split(',')
    .map((code) => words.limits[`${parameter}=${code.slice(code.lastIndexOf('|') + 1)}`])
  return said.every((one) => one !== undefined) ? words.list(said) : undefined
}
