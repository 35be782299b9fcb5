/**
 * Chains (`subject:Patient.name`) and reverse chains (`_has:Observation:patient:code`) as links. Whatever stands at the
 * other end counts only as far as the caller may find it: each link carries the reach of its own type, so that neither a
 * value nor the existence of anything outside shows in the result. @see https://hl7.org/fhir/R4/search.html#chaining
 */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import type { Context, Links } from './context.ts'
import { findParameter, type Parameter } from './parameters.ts'
import type { Clause, Link } from './plan.ts'
import { SearchError } from './search-error.ts'

/** Reads the rest of a chain on the type that it has come to. */
export type ParseRest = (name: string, value: string, context: Context) => Clause | undefined

const deepest = 5
const knownTypes = new Set(resourceTypes)
const reversed = '_has:'

/** Whether a name is a chain or a reverse chain. */
export function isLinked(name: string): boolean {
  return name === '_has' || name.startsWith(reversed) || name.includes('.')
}

/** The clause of a chain of either kind; undefined when its first parameter does not exist. */
export function parseLinked(
  name: string,
  value: string,
  context: Context,
  parse: ParseRest,
): Clause | undefined {
  const links = linksOf(name, context)
  return name.startsWith('_has')
    ? parseHas(name, value, { ...context, links }, parse)
    : parseChain(name, value, { ...context, links }, parse)
}

type Linked = Context & { readonly links: Links }

function linksOf(name: string, { links }: Context): Links {
  if (!links) throw new SearchError(name, 'a chain is not supported here')
  if (links.depth >= deepest) throw new SearchError(name, `a chain has at most ${deepest} links`)
  return links
}

function parseChain(name: string, value: string, context: Linked, parse: ParseRest): Clause | undefined {
  const dot = name.indexOf('.')
  const rest = name.slice(dot + 1)
  const [code = '', wanted, ...more] = name.slice(0, dot).split(':')
  const parameter = findParameter(context.type, code)
  if (!parameter) return undefined
  const any = targetsOf(name, parameter, more.length === 0 ? wanted : '').flatMap((type) =>
    link(name, parameter, type, rest, value, context, parse),
  )
  if (any.length === 0) throw new SearchError(name, `nothing that ${code} points to has ${rest}`)
  return { kind: 'link', reverse: false, any }
}

function targetsOf(name: string, parameter: Parameter, wanted: string | undefined): readonly string[] {
  const { targets, sources } = parameter
  if (parameter.type !== 'reference' || !sources.some(({ as }) => as === 'Reference'))
    throw new SearchError(name, `${parameter.key.code} is no reference that could be followed`)
  if (wanted === undefined) return targets
  if (!targets.includes(wanted))
    throw new SearchError(name, `${parameter.key.code} does not point to '${wanted}'`)
  return [wanted]
}

function parseHas(name: string, value: string, context: Linked, parse: ParseRest): Clause | undefined {
  const [, type = '', code = '', ...more] = name.split(':')
  const rest = more.join(':')
  const parameter = knownTypes.has(type) ? findParameter(type, code) : undefined
  if (rest === '' || parameter?.type !== 'reference')
    throw new SearchError(name, 'expected _has:Type:reference:parameter')
  if (context.type !== '*' && !parameter.targets.includes(context.type)) {
    // Of the types that a chain may lead to, this is one that nothing of the kind points to.
    if (context.links.depth > 0) return undefined
    throw new SearchError(name, `${code} of ${type} does not point to ${context.type}`)
  }
  const any = link(name, parameter, type, rest, value, context, parse)
  if (any.length === 0) throw new SearchError(name, `${type} has no search parameter ${rest}`)
  return { kind: 'link', reverse: true, any }
}

function link(
  name: string,
  parameter: Parameter,
  type: string,
  rest: string,
  value: string,
  context: Linked,
  parse: ParseRest,
): Link[] {
  const { links } = context
  if (!links.spend())
    throw new SearchError(name, 'too many links: name the types, as in subject:Patient.name')
  const clause = parse(rest, value, { ...context, type, links: { ...links, depth: links.depth + 1 } })
  return clause ? [{ parameter: parameter.key, type, reach: links.reachOf(type), clauses: [clause] }] : []
}
