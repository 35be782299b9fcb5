/** The search parameters of R4 and US Core, by resource type, as compiled from the definitions. */
import { readFileSync } from 'node:fs'
import { type Collect, compilePath } from './path.ts'
import type { Values } from './plan.ts'
import type { ParameterKey } from './rows.ts'

export type ParameterType =
  | 'token'
  | 'string'
  | 'date'
  | 'number'
  | 'quantity'
  | 'reference'
  | 'uri'
  | 'composite'
  | 'special'

/** The systems that the codes of an element are from: all codes of a system, or those listed. */
export type CodeSystems = Readonly<Record<string, true | readonly string[]>>

export interface Source {
  /** The type of the elements that `collect` finds, or `truth`. */
  readonly as: string
  readonly collect: Collect
  /** Of references, only those to this type count. */
  readonly only?: string
  /** Of elements that hold a bare code, where that is known. */
  readonly systems?: CodeSystems
}

/** One part of a composite, as a parameter within an element. */
export interface Component extends Parameter {
  /** Whether its sources start at the resource and not at the element. */
  readonly root: boolean
}

/** Elements, and what is to be found together in each. */
export interface Group {
  readonly collect: Collect
  readonly parts: readonly Component[]
}

export interface Parameter {
  readonly key: ParameterKey
  readonly type: ParameterType
  /** Empty when there is no index for it: it cannot be searched. */
  readonly sources: readonly Source[]
  /** The types that a reference may point to; empty for other parameters. */
  readonly targets: readonly string[]
  /** Of a composite: the parameters that together are it, all of them on the resource itself. */
  readonly together: readonly string[]
  /** Of a composite, and of an identifier with its type. */
  readonly groups: readonly Group[]
}

interface CompiledPath {
  readonly path: string
  readonly as: string
  readonly only?: string
  readonly systems?: CodeSystems
}

interface CompiledPart {
  readonly type: ParameterType
  readonly paths: readonly CompiledPath[]
  readonly root?: boolean
}

interface Compiled {
  readonly type: ParameterType
  readonly paths?: readonly CompiledPath[]
  readonly targets?: readonly string[]
  readonly together?: readonly string[]
  readonly groups?: readonly { readonly path: string; readonly parts: readonly CompiledPart[] }[]
}

type Definitions = Readonly<Record<string, Readonly<Record<string, Compiled>>>>

const file = new URL('../definitions/search-parameters.r4.json', import.meta.url)
const common = 'Resource'

let definitions: Definitions | undefined
const byType = new Map<string, ReadonlyMap<string, Parameter>>()

/** The parameter of that name on a resource type, or on every type; with `*`, only the latter. */
export function findParameter(type: string, code: string): Parameter | undefined {
  return parametersOf(common).get(code) ?? (type === '*' ? undefined : parametersOf(type).get(code))
}

/** A type's own parameters and, under `Resource`, those that every type has. */
export function parametersOf(type: string): ReadonlyMap<string, Parameter> {
  const known = byType.get(type)
  if (known) return known
  const parameters = compileType(type)
  // Only what the definitions name is kept: types come from outside.
  if (parameters.size > 0) byType.set(type, parameters)
  return parameters
}

/** All parameters that can be searched on a type, for the CapabilityStatement. */
export function searchParametersOf(type: string): Parameter[] {
  const own = type === common ? [] : parametersOf(type).values()
  return [...parametersOf(common).values(), ...own].filter(isSearchable)
}

/** Whether anything of a resource is found by the parameter. */
export function isSearchable({ type, sources, together, groups }: Parameter): boolean {
  return type === 'composite' ? together.length + groups.length > 0 : sources.length > 0
}

/** Where a parameter's values are found. */
export function indexOf({ key, type }: Parameter): Values {
  if (key.code === '_id') return 'id'
  if (key.code === '_lastUpdated') return 'lastUpdated'
  if (type === 'uri') return 'string'
  if (type === 'quantity') return 'number'
  return type as Values
}

function compileType(type: string): ReadonlyMap<string, Parameter> {
  definitions ??= JSON.parse(readFileSync(file, 'utf8')) as Definitions
  const codes = Object.hasOwn(definitions, type) ? definitions[type] : undefined
  return new Map(Object.entries(codes ?? {}).map(([code, compiled]) => [code, compile(type, code, compiled)]))
}

function compile(owner: string, code: string, compiled: Compiled): Parameter {
  const { type, paths = [], targets = [], together = [], groups = typedIdentifiers(paths) } = compiled
  return {
    key: { owner, code },
    type,
    sources: paths.map(compileSource),
    targets,
    together,
    groups: groups.map(({ path, parts }) => ({
      collect: compilePath(path),
      parts: parts.map((part, at) => compilePart(owner, `${code}$${at}`, part)),
    })),
  }
}

/** The type and the value of an identifier, for `:of-type`. */
function typedIdentifiers(paths: readonly CompiledPath[]): NonNullable<Compiled['groups']> {
  const parts: readonly CompiledPart[] = [
    { type: 'token', paths: [{ path: 'type.coding', as: 'Coding' }] },
    { type: 'token', paths: [{ path: 'value', as: 'string' }] },
  ]
  return paths.flatMap(({ path, as }) => (as === 'Identifier' ? { path, parts } : []))
}

function compilePart(owner: string, code: string, { type, paths, root = false }: CompiledPart): Component {
  return { ...compile(owner, code, { type, paths, groups: [] }), root }
}

function compileSource({ path, as, only, systems }: CompiledPath): Source {
  return { as, collect: compilePaths(path), ...(only && { only }), ...(systems && { systems }) }
}

function compilePaths(text: string): Collect {
  const paths = text.split('|').map(compilePath)
  const [only] = paths
  if (paths.length === 1 && only) return only
  return (value, found) => {
    for (const path of paths) path(value, found)
  }
}
