/**
 * One scope token and the value it stands for. A token is read whole or refused: no part of it is ever matched,
 * and `format` and `parse` are inverses.
 * @see SMART App Launch 2.2, scopes and launch context
 */
import { resourceTypes } from './compartment.r4.ts'
import { type Filter, formatFilter, parseFilter } from './filter.ts'

/** Whose rights stand behind a resource scope. */
export type Level = 'patient' | 'user' | 'system'

/** create, read, update, delete, search. */
export type Letter = 'c' | 'r' | 'u' | 'd' | 's'

/** Access to resources: letters on a type (`*` is every type, present and future), within a filter. */
export interface ResourceScope {
  readonly kind: 'resource'
  readonly level: Level
  readonly type: string
  readonly letters: readonly Letter[]
  readonly filter: Filter
  /** The syntax it is written in: 1 for `.read`, `.write`, `.*`; 2 for letters. */
  readonly version: 1 | 2
  readonly uri?: true
}

/** `launch`, or `launch/<type>` with an optional role. */
export interface ContextScope {
  readonly kind: 'context'
  readonly type?: string
  readonly role?: string
  readonly uri?: true
}

/** Who the user is; `profile` is the 1.0 name of `fhirUser`. */
export interface IdentityScope {
  readonly kind: 'identity'
  readonly name: 'openid' | 'fhirUser' | 'profile'
  readonly uri?: true
}

/** Whether a refresh token is asked for, and for how long it works. */
export interface RefreshScope {
  readonly kind: 'refresh'
  readonly name: 'offline_access' | 'online_access'
  readonly uri?: true
}

/** A scope that SMART does not define: `__name`, an absolute URI, or one of {@link ownScopes}. */
export interface ExtensionScope {
  readonly kind: 'extension'
  readonly name: string
}

export type Scope = ResourceScope | ContextScope | IdentityScope | RefreshScope | ExtensionScope

/** All five letters in the only order in which a scope may have them. */
export const letterOrder: readonly Letter[] = ['c', 'r', 'u', 'd', 's']

const wordsOfVersion1: Readonly<Record<string, readonly Letter[]>> = {
  read: ['r', 's'],
  write: ['c', 'u', 'd'],
  '*': letterOrder,
}

const smartPrefix = 'http://smarthealthit.org/fhir/scopes/'
const openidPrefix = 'http://openid.net/specs/openid-connect-core-1_0#'

const types = new Set(resourceTypes)
const lowerTypes = new Set(resourceTypes.map((type) => type.toLowerCase()))

const scopeCharacters = /^[\x21\x23-\x5b\x5d-\x7e]+$/
const version2 = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(?=[cruds])(c?r?u?d?s?)(?:\?|$)/
const version1 = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]*)\.(read|write|\*)$/
const context = /^launch(?:\/([a-z]+)(?:\?role=([^\s&]+))?)?$/
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s]+$/

/** Reads one scope token; nothing when it is not a scope this server can name in full. @see RFC 6749 §3.3 */
export function parseScope(token: string): Scope | undefined {
  if (!scopeCharacters.test(token)) return undefined
  if (token.startsWith(smartPrefix)) return asUri(parseSmart(token.slice(smartPrefix.length)))
  if (token.startsWith(openidPrefix)) return asUri(parseNamed(token.slice(openidPrefix.length)))
  return parseSmart(token) ?? parseExtension(token)
}

function asUri(scope: Scope | undefined): Scope | undefined {
  return scope && scope.kind !== 'extension' ? { ...scope, uri: true } : undefined
}

function parseSmart(token: string): Scope | undefined {
  return parseNamed(token) ?? parseContext(token) ?? parseVersion1(token) ?? parseVersion2(token)
}

function parseNamed(token: string): Scope | undefined {
  switch (token) {
    case 'openid':
    case 'fhirUser':
    case 'profile':
      return { kind: 'identity', name: token }
    case 'offline_access':
    case 'online_access':
      return { kind: 'refresh', name: token }
    default:
      return undefined
  }
}

function parseContext(token: string): ContextScope | undefined {
  const parts = context.exec(token)
  if (!parts) return undefined
  const [, type, role] = parts
  if (type === undefined) return { kind: 'context' }
  if (!lowerTypes.has(type)) return undefined
  return role === undefined ? { kind: 'context', type } : { kind: 'context', type, role }
}

function parseVersion1(token: string): ResourceScope | undefined {
  const [, level, type, word] = version1.exec(token) ?? []
  const letters = word === undefined ? undefined : wordsOfVersion1[word]
  if (!letters || !isType(type)) return undefined
  return { kind: 'resource', level: level as Level, type, letters, filter: [], version: 1 }
}

function parseVersion2(token: string): ResourceScope | undefined {
  const [head, level, type, letters] = version2.exec(token) ?? []
  if (head === undefined || letters === undefined || !isType(type)) return undefined
  const filter = head.endsWith('?') ? parseFilter(token.slice(head.length)) : []
  if (!filter) return undefined
  return {
    kind: 'resource',
    level: level as Level,
    type,
    letters: [...letters] as Letter[],
    filter,
    version: 2,
  }
}

function isType(type: string | undefined): type is string {
  return type === '*' || (type !== undefined && types.has(type))
}

/** What this server defines for other systems, and grants to no app: launching apps by the launch API, and administration. */
export const ownScopes: readonly string[] = ['ehr.launch', 'chartkey.admin']

function parseExtension(token: string): ExtensionScope | undefined {
  const isOne =
    ownScopes.includes(token) || (token.startsWith('__') && token.length > 2) || absoluteUri.test(token)
  return isOne ? { kind: 'extension', name: token } : undefined
}

/** Writes a scope in the syntax it came in. A 1.0 scope whose letters have no 1.0 word is written in letters. */
export function formatScope(scope: Scope): string {
  if (scope.kind === 'extension') return scope.name
  if (!scope.uri) return formatPlain(scope)
  return (isOpenid(scope) ? openidPrefix : smartPrefix) + formatPlain(scope)
}

function isOpenid(scope: Scope): boolean {
  return (
    (scope.kind === 'identity' && scope.name !== 'fhirUser') ||
    (scope.kind === 'refresh' && scope.name === 'offline_access')
  )
}

function formatPlain(scope: Exclude<Scope, ExtensionScope>): string {
  switch (scope.kind) {
    case 'identity':
    case 'refresh':
      return scope.name
    case 'context':
      return formatContext(scope)
    case 'resource':
      return formatResource(scope)
  }
}

function formatContext(scope: ContextScope): string {
  if (scope.type === undefined) return 'launch'
  return scope.role === undefined ? `launch/${scope.type}` : `launch/${scope.type}?role=${scope.role}`
}

function formatResource(scope: ResourceScope): string {
  const word = scope.version === 1 && scope.filter.length === 0 ? wordOf(scope.letters) : undefined
  const query = scope.filter.length > 0 ? `?${formatFilter(scope.filter)}` : ''
  return `${scope.level}/${scope.type}.${word ?? scope.letters.join('')}${query}`
}

function wordOf(letters: readonly Letter[]): string | undefined {
  const text = letters.join('')
  return Object.keys(wordsOfVersion1).find((word) => wordsOfVersion1[word]?.join('') === text)
}

/** Puts letters into the order of the grammar, each once. */
export function orderLetters(letters: Iterable<Letter>): readonly Letter[] {
  const wanted = new Set(letters)
  return letterOrder.filter((letter) => wanted.has(letter))
}

/** Reads a scope string: the scopes in order, and the tokens that are none. Empty text has neither. */
export function parseScopes(text: string): { readonly scopes: Scope[]; readonly refused: string[] } {
  const scopes: Scope[] = []
  const refused: string[] = []
  for (const token of text.split(' ')) {
    if (token === '') continue
    const scope = parseScope(token)
    if (scope) scopes.push(scope)
    else refused.push(token)
  }
  return { scopes, refused }
}
