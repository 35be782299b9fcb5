/** A scope in plain words, short and long. CONS-02 to CONS-05, SCOPE-26. */
import { typeOfContextScope } from '../../smart/context.ts'
import type { FilterItem } from '../../smart/filter.ts'
import type { ContextScope, Letter, ResourceScope, Scope } from '../../smart/scope.ts'
import type { Messages } from '../../ui/messages.ts'
import { introspectScope } from '../introspect/scope.ts'

type Words = Messages['consent']

/** Under which heading a scope stands. */
export type Section = 'record' | 'userRecords' | 'identity' | 'session'

export interface ScopeWords {
  readonly section: Section
  readonly short: string
  /** What the short words leave out. */
  readonly notes: readonly string[]
  /** Whether the app could change something: it has to stand out. */
  readonly writes: boolean
}

/** What granting the scope means. */
export function scopeWords(scope: Scope, words: Words): ScopeWords {
  switch (scope.kind) {
    case 'resource':
      return resourceWords(scope, words)
    case 'identity':
      return plain('identity', words.scopes[scope.name === 'openid' ? 'openid' : 'fhirUser'])
    case 'refresh':
      return plain('session', words.scopes[scope.name])
    case 'context':
      return plain('session', contextWords(scope, words))
    case 'extension':
      return plain('session', scope.name === introspectScope ? words.scopes[introspectScope] : scope.name)
  }
}

/** A part of a broad scope, as one says it beside the whole. */
export function partWords({ type, filter }: ResourceScope, words: Words): string {
  if (filter.length === 0) return words.classes[type] ?? words.otherClass(type)
  return filter.map((item) => limit(item, words)).join('; ')
}

function plain(section: Section, short: string): ScopeWords {
  return { section, short, notes: [], writes: false }
}

function contextWords({ type }: ContextScope, words: Words): string {
  if (type === undefined) return words.scopes.launch
  if (type === 'patient' || type === 'encounter') return words.scopes[`launch/${type}`]
  const name = typeOfContextScope(type) ?? type
  const thing = words.things[name]
  return thing === undefined ? words.scopes.launchOther(name) : words.scopes.launchAbout(thing)
}

function resourceWords(scope: ResourceScope, words: Words): ScopeWords {
  const { letters, type, filter, level } = scope
  const what = words.classes[type] ?? words.otherClass(type)
  const writes = letters.some((letter) => letter === 'c' || letter === 'u' || letter === 'd')
  return {
    section: level === 'patient' ? 'record' : 'userRecords',
    short: writes ? words.access.change(deeds(letters, words), what) : words.access.see(what),
    notes: [
      ...(filter.length > 0 ? [words.limitedTo(filter.map((item) => limit(item, words)).join('; '))] : []),
      ...(type === '*' ? [words.wildcard] : []),
    ],
    writes,
  }
}

function deeds(letters: readonly Letter[], words: Words): string {
  const { see, c, u, d } = words.access.deeds
  const isSeeing = letters.includes('r') || letters.includes('s')
  const changes = (['c', 'u', 'd'] as const).filter((letter) => letters.includes(letter))
  return words.access.join([...(isSeeing ? [see] : []), ...changes.map((letter) => ({ c, u, d })[letter])])
}

/** The usual limits have words of their own; a code is known with or without its system. */
function limit({ parameter, value }: FilterItem, words: Words): string {
  const code = value.slice(value.lastIndexOf('|') + 1)
  return words.limits[`${parameter}=${code}`] ?? words.limit(parameter, value)
}
