/** How the values of each type of parameter are read, under each modifier that it has. */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import type { Context } from './context.ts'
import type { Parameter } from './parameters.ts'
import type { Condition } from './plan.ts'
import { inKnownSystems } from './values/bare-code.ts'
import { parseDate } from './values/date.ts'
import { unescapeValue } from './values/escapes.ts'
import { parseNumber, parseQuantity } from './values/quantity.ts'
import { parseReferenceValue } from './values/reference.ts'
import { fold } from './values/string.ts'
import { parseWords } from './values/text.ts'
import { parseToken } from './values/token.ts'
import { uriAbove, uriBelow } from './values/uri.ts'
import { noVocabulary } from './vocabulary.ts'

/** Reads one alternative: conditions, in words why there can be none, or nothing when the value is malformed. */
export type ConditionReader = (part: string) => readonly Condition[] | string | undefined

const knownTypes = new Set(resourceTypes)

/** The reader for a parameter under a modifier (empty for none); nothing when the modifier is not one of its type. */
export function conditionReader(
  parameter: Parameter,
  modifier: string,
  context: Context,
): ConditionReader | undefined {
  if (parameter.type === 'reference') return referenceReader(parameter, modifier, context)
  if (parameter.key.code === '_id')
    return modifier === '' || modifier === 'not'
      ? (part) => [{ kind: 'id', id: unescapeValue(part) }]
      : undefined
  const readers = Object.hasOwn(readersByType, parameter.type) ? readersByType[parameter.type] : undefined
  const make = readers && Object.hasOwn(readers, modifier) ? readers[modifier] : undefined
  return make?.(parameter, context)
}

type Make = (parameter: Parameter, context: Context) => ConditionReader

const token: Make = (parameter) => (part) => {
  const condition = parseToken(part)
  return condition && inKnownSystems([condition], parameter)
}

const memberOf: Make =
  (parameter, { vocabulary = noVocabulary }) =>
  (part) => {
    const codes = vocabulary.members(unescapeValue(part))
    return typeof codes === 'string' ? codes : inKnownSystems(codes, parameter)
  }

const related =
  (direction: 'above' | 'below'): Make =>
  (parameter, { vocabulary = noVocabulary }) =>
  (part) => {
    const asked = parseToken(part)
    if (!asked?.system || asked.code === undefined) return 'expected system|code'
    const codes = vocabulary[direction](asked.system, asked.code)
    return typeof codes === 'string' ? codes : inKnownSystems(codes, parameter)
  }

const text =
  (match: 'starts' | 'contains'): Make =>
  () =>
  (part) => {
    const folded = fold(unescapeValue(part))
    // A value of nothing but accents would be the beginning of every string.
    return folded === '' ? undefined : [{ kind: 'string', match, text: folded }]
  }

const plain =
  (read: (part: string) => Condition | undefined): Make =>
  () =>
  (part) => {
    const condition = read(part)
    return condition && [condition]
  }

const readersByType: Readonly<Record<string, Readonly<Record<string, Make>>>> = {
  token: {
    '': token,
    not: token,
    text: plain((part) => parseWords(unescapeValue(part))),
    in: memberOf,
    'not-in': memberOf,
    above: related('above'),
    below: related('below'),
  },
  string: {
    '': text('starts'),
    contains: text('contains'),
    exact: plain((part) => ({ kind: 'string', match: 'exact', text: unescapeValue(part) })),
  },
  uri: {
    '': plain((part) => ({ kind: 'string', match: 'folded', text: unescapeValue(part) })),
    above: () => (part) => uriAbove(unescapeValue(part)),
    below: () => (part) => uriBelow(unescapeValue(part)),
  },
  date: { '': plain(parseDate) },
  number: { '': plain(parseNumber) },
  quantity: { '': plain(parseQuantity) },
}

function referenceReader(
  { targets }: Parameter,
  modifier: string,
  { base }: Context,
): ConditionReader | undefined {
  if (modifier === 'identifier')
    return (part) => {
      const condition = parseToken(part)
      return condition && [condition]
    }
  if (modifier === '') return (part) => parseReferenceValue(part, targets, base)
  return knownTypes.has(modifier) ? (part) => parseReferenceValue(part, [modifier], base) : undefined
}
