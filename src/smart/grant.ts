/**
 * The scopes that somebody holds, and how two such sets compare: by what they cover, never by their text.
 * Several scopes for one type add up; they are never merged key by key.
 */
import { conjoin, type Filter, filterCovers, splits } from './filter.ts'
import {
  formatScope,
  type Letter,
  type Level,
  orderLetters,
  parseScopes,
  type ResourceScope,
  type Scope,
} from './scope.ts'

/** A set of scopes; the order is the one they were asked in. */
export interface Grant {
  readonly scopes: readonly Scope[]
}

/** What apps are registered for and were granted is read with every request of theirs, and is the same text each time. */
const known = new Map<string, Grant>()
const mostKnown = 1000
const longestKnown = 4000

/** Reads a scope string and drops the tokens that are no scopes. @see RFC 6749 §3.3 */
export function parseGrant(text: string): Grant {
  const before = known.get(text)
  if (before) return before
  const grant = { scopes: parseScopes(text).scopes }
  if (text.length > longestKnown) return grant
  if (known.size >= mostKnown) known.delete(known.keys().next().value as string)
  known.set(text, grant)
  return grant
}

/** Writes a grant as a scope string; an empty grant is the empty string. */
export function formatGrant(grant: Grant): string {
  return grant.scopes.map(formatScope).join(' ')
}

/** The scopes that speak of resources. */
export function resourceScopes(grant: Grant): ResourceScope[] {
  return grant.scopes.filter((scope) => scope.kind === 'resource')
}

/** Whether everything that `narrow` allows, `wide` allows too. */
export function covers(wide: Grant, narrow: Grant): boolean {
  return narrow.scopes.every((scope) => coversScope(wide.scopes, scope))
}

/**
 * Whether the scopes of `wide` together cover one scope. Levels are different people's rights and do not cover
 * one another; other kinds of scope are covered by their equals.
 */
export function coversScope(wide: readonly Scope[], scope: Scope): boolean {
  if (scope.kind !== 'resource') return wide.some((other) => isSameScope(other, scope))
  let before: readonly Filter[] | undefined
  return scope.letters.every((letter) => {
    const filters = wide.filter((other) => gives(other, scope, letter)).map((other) => other.filter)
    // Letters mostly come from the same scopes, and what covered one of them covers the next.
    if (before && filters.length === before.length && filters.every((filter, at) => filter === before?.[at]))
      return true
    before = filters
    return coveredByAny(filters, scope.filter)
  })
}

function gives(other: Scope, scope: ResourceScope, letter: Letter): other is ResourceScope {
  return (
    other.kind === 'resource' &&
    other.level === scope.level &&
    (other.type === '*' || other.type === scope.type) &&
    other.letters.includes(letter)
  )
}

function coveredByAny(filters: readonly Filter[], narrow: Filter): boolean {
  const isCovered = (part: Filter) => filters.some((filter) => filterCovers(filter, part))
  // `category=a` and `category=b` cover `category=a,b` together, though neither does alone.
  return isCovered(narrow) || (filters.length > 1 && splits(narrow).some((parts) => parts.every(isCovered)))
}

function isSameScope(a: Scope, b: Scope): boolean {
  if (a.kind === 'context') return b.kind === 'context' && a.type === b.type && a.role === b.role
  return a.kind === b.kind && 'name' in a && 'name' in b && a.name === b.name
}

/** What both grants allow, each scope in the words of `b` where that says it. */
export function intersect(a: Grant, b: Grant): Grant {
  const scopes = b.scopes.flatMap((scope) => {
    if (coversScope(a.scopes, scope)) return [scope]
    return scope.kind === 'resource' ? resourceScopes(a).flatMap((other) => meet(other, scope)) : []
  })
  return simplify({ scopes })
}

function meet(a: ResourceScope, b: ResourceScope): ResourceScope[] {
  const letters = b.letters.filter((letter) => a.letters.includes(letter))
  const type = a.type === '*' ? b.type : b.type === '*' || a.type === b.type ? a.type : undefined
  if (a.level !== b.level || type === undefined || letters.length === 0) return []
  const filter = conjoin(b.filter, a.filter)
  return [{ ...b, type, letters, filter }]
}

/** The grant without scopes that the others cover, letters of otherwise equal scopes put together. */
export function simplify(grant: Grant): Grant {
  const scopes: Scope[] = []
  for (const scope of grant.scopes.flatMap((one) => joined(one, grant.scopes))) {
    if (!coversScope(scopes, scope)) scopes.push(scope)
  }
  return { scopes: scopes.filter((scope, at) => !coversScope(scopes.toSpliced(at, 1), scope)) }
}

function joined(scope: Scope, all: readonly Scope[]): Scope[] {
  if (scope.kind !== 'resource' || scope.version === 1) return [scope]
  const alike = all.filter((other) => isAlike(scope, other))
  return [{ ...scope, letters: orderLetters(alike.flatMap((other) => other.letters)) }]
}

function isAlike(scope: ResourceScope, other: Scope): other is ResourceScope {
  return (
    other.kind === 'resource' &&
    other.version === scope.version &&
    other.level === scope.level &&
    other.type === scope.type &&
    filterCovers(other.filter, scope.filter) &&
    filterCovers(scope.filter, other.filter)
  )
}

/** The part of a grant that was asked for on refresh; nothing when more was asked than granted. @see RFC 6749 §6 */
export function narrow(granted: Grant, requested: Grant): Grant | undefined {
  return covers(granted, requested) ? requested : undefined
}

/** The smallest scope that admits these letters on a type: what to ask for after a refusal. @see RFC 6750 §3.1 */
export function enoughScope(level: Level, type: string, letters: readonly Letter[]): string {
  return formatScope({
    kind: 'resource',
    level,
    type,
    letters: orderLetters(letters),
    filter: [],
    version: 2,
  })
}
