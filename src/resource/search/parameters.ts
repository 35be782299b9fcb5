/** The search parameters of R4 and US Core, by resource type, as compiled from the definitions. */
import { readFileSync } from 'node:fs'
import { type Collect, compilePath } from './path.ts'
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

export interface Source {
  /** The type of the elements that `collect` finds, or `truth`. */
  readonly as: string
  readonly collect: Collect
  /** Of references, only those to this type count. */
  readonly only?: string
}

export interface Parameter {
  readonly key: ParameterKey
  readonly type: ParameterType
  /** Empty when there is no index for it: it cannot be searched. */
  readonly sources: readonly Source[]
  /** The types that a reference may point to; empty for other parameters. */
  readonly targets: readonly string[]
}

interface Compiled {
  readonly type: ParameterType
  readonly paths?: readonly { readonly path: string; readonly as: string; readonly only?: string }[]
  readonly targets?: readonly string[]
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
  return [...parametersOf(common).values(), ...parametersOf(type).values()].filter(
    ({ sources }) => sources.length > 0,
  )
}

function compileType(type: string): ReadonlyMap<string, Parameter> {
  definitions ??= JSON.parse(readFileSync(file, 'utf8')) as Definitions
  const codes = Object.hasOwn(definitions, type) ? definitions[type] : undefined
  return new Map(Object.entries(codes ?? {}).map(([code, compiled]) => [code, compile(type, code, compiled)]))
}

function compile(owner: string, code: string, { type, paths = [], targets = [] }: Compiled): Parameter {
  const sources = paths.map(({ path, as, only }) => ({
    as,
    collect: compilePaths(path),
    ...(only && { only }),
  }))
  return { key: { owner, code }, type, sources, targets }
}

function compilePaths(text: string): Collect {
  const paths = text.split('|').map(compilePath)
  const [only] = paths
  if (paths.length === 1 && only) return only
  return (value, found) => {
    for (const path of paths) path(value, found)
  }
}
