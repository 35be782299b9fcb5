/**
 * Composites: values that must be found together, in the resource or in one of its elements, `$` between them.
 * @see https://hl7.org/fhir/R4/search.html#composite
 */
import type { Context } from './context.ts'
import { findParameter, type Group, indexOf, type Parameter } from './parameters.ts'
import type { Alternative, Clause, Condition, GroupClause, PartCondition, ValueClause } from './plan.ts'
import { conditionReader } from './read-conditions.ts'
import { SearchError } from './search-error.ts'
import { splitValue, unescapeValue } from './values/escapes.ts'

/** The clause of a composite for these alternatives. */
export function compositeClause(
  name: string,
  parameter: Parameter,
  alternatives: readonly string[],
  context: Context,
): Clause {
  const asked = alternatives.map((alternative) => splitValue(alternative, '$'))
  const together: Alternative[] =
    parameter.together.length === 0
      ? []
      : asked.map((values) => ({ clauses: togetherClauses(name, parameter, values, context) }))
  if (parameter.groups.length === 0) return { kind: 'either', negated: false, any: together }
  const any = asked.flatMap((values) =>
    parameter.groups.map((group) => partConditions(name, group, values, context)),
  )
  const group: GroupClause = { kind: 'group', parameter: parameter.key, negated: false, any }
  if (together.length === 0) return group
  return { kind: 'either', negated: false, any: [...together, { clauses: [group] }] }
}

/** Whether a resource has any value for a composite. */
export function compositePresent(parameter: Parameter, negated: boolean): Clause {
  const present: readonly Condition[] = [{ kind: 'present' }]
  const together = componentsOf(parameter).map(
    (component): ValueClause => ({
      kind: 'value',
      parameter: component.key,
      values: indexOf(component),
      negated: false,
      any: present,
    }),
  )
  const any = parameter.groups.map(({ parts }) =>
    parts.slice(0, 1).map(({ key }): PartCondition => ({ component: key, any: present })),
  )
  const group: GroupClause = { kind: 'group', parameter: parameter.key, negated: false, any }
  return {
    kind: 'either',
    negated,
    any: [
      ...(together.length > 0 ? [{ clauses: together }] : []),
      ...(any.length > 0 ? [{ clauses: [group] }] : []),
    ],
  }
}

/** `identifier:of-type=system|code|value`: the type of the identifier, and its value. */
export function typedIdentifierClause(
  name: string,
  { key, groups }: Parameter,
  alternatives: readonly string[],
): GroupClause {
  const any = alternatives.flatMap((alternative) => {
    const [system, code, value, ...more] = splitValue(alternative, '|').map(unescapeValue)
    if (!system || !code || !value || more.length > 0)
      throw new SearchError(name, 'expected system|code|value')
    // The value first: it leaves fewer candidates than the type.
    return groups.map(({ parts: [type, identifier] }) => [
      { component: identifier?.key ?? key, any: [{ kind: 'token', code: value } as const] },
      { component: type?.key ?? key, any: [{ kind: 'token', system, code } as const] },
    ])
  })
  return { kind: 'group', parameter: key, negated: false, any }
}

function componentsOf({ key, together }: Parameter): Parameter[] {
  return together.flatMap((code) => findParameter(key.owner, code) ?? [])
}

function togetherClauses(
  name: string,
  parameter: Parameter,
  values: readonly string[],
  context: Context,
): Clause[] {
  const components = componentsOf(parameter)
  checkCount(name, components.length, values)
  return components.map((component, at) => ({
    kind: 'value',
    parameter: component.key,
    values: indexOf(component),
    negated: false,
    any: readPart(name, component, values[at] ?? '', context),
  }))
}

function partConditions(
  name: string,
  { parts }: Group,
  values: readonly string[],
  context: Context,
): PartCondition[] {
  checkCount(name, parts.length, values)
  return parts.map((part, at) => ({
    component: part.key,
    any: readPart(name, part, values[at] ?? '', context),
  }))
}

function checkCount(name: string, expected: number, values: readonly string[]): void {
  if (values.length !== expected)
    throw new SearchError(name, `expected ${expected} values with $ between them`)
}

function readPart(name: string, component: Parameter, value: string, context: Context): readonly Condition[] {
  const conditions = value === '' ? undefined : conditionReader(component, '', context)?.(value)
  if (!conditions || typeof conditions === 'string')
    throw new SearchError(name, `'${value}' is no ${component.type} value`)
  return conditions
}
