/**
 * Search parameters by resource type, their expressions reduced to typed element paths.
 */
import { type CompiledComposite, compileComposite } from './composites.ts'
import type { Elements } from './elements.ts'
import { type ElementPath, reduceExpression } from './expression.ts'
import type { SearchParameter } from './source.ts'

export type ParameterTable = ReadonlyMap<string, ReadonlyMap<string, SearchParameter>>

export interface CompiledParameter extends CompiledComposite {
  readonly type: string
  /** Absent when the search has no index for the parameter. */
  readonly paths?: readonly ElementPath[]
  /** The resource types that a reference parameter may point to. */
  readonly targets?: readonly string[]
}

/** Those that every resource type has, kept under `Resource`. */
const commonParameters: Readonly<Record<string, CompiledParameter>> = {
  _id: { type: 'token', paths: [{ path: 'id', as: 'id' }] },
  _lastUpdated: { type: 'date', paths: [{ path: 'meta.lastUpdated', as: 'instant' }] },
  _profile: { type: 'uri', paths: [{ path: 'meta.profile', as: 'canonical' }] },
  _security: { type: 'token', paths: [{ path: 'meta.security', as: 'Coding' }] },
  _source: { type: 'uri', paths: [{ path: 'meta.source', as: 'uri' }] },
  _tag: { type: 'token', paths: [{ path: 'meta.tag', as: 'Coding' }] },
}

/** Published as paths to a bare code, although the coding around it has a system to ask for as well. */
const withSystem: Readonly<Record<string, string>> = {
  'Patient.race': 'us-core-race.extension.valueCoding as Coding',
  'Patient.ethnicity': 'us-core-ethnicity.extension.valueCoding as Coding',
  'Patient.gender-identity': 'us-core-genderIdentity.valueCodeableConcept as CodeableConcept',
}

/** Groups parameters by resource type and code. */
export function tableOf(parameters: readonly SearchParameter[]): ParameterTable {
  const table = new Map<string, Map<string, SearchParameter>>()
  for (const parameter of parameters) {
    for (const type of parameter.base ?? []) {
      const codes = table.get(type) ?? new Map<string, SearchParameter>()
      // The base specification comes first: what an implementation guide adds never replaces it.
      if (!codes.has(parameter.code)) codes.set(parameter.code, parameter)
      table.set(type, codes)
    }
  }
  return table
}

/** Compiles the parameters of `types`, in alphabetical order, with the common ones under `Resource`. */
export function compileParameters(
  types: readonly string[],
  published: readonly SearchParameter[],
  elements: Elements,
): Record<string, Record<string, CompiledParameter>> {
  const table = tableOf(published)
  const byUrl = new Map(published.map((parameter) => [parameter.url, parameter]))
  const compiled: Record<string, Record<string, CompiledParameter>> = { Resource: commonParameters }
  for (const type of types) {
    const codes = [...(table.get(type)?.values() ?? [])].sort((a, b) => (a.code < b.code ? -1 : 1))
    compiled[type] = Object.fromEntries(
      codes.map((parameter) => [parameter.code, compile(parameter, type, byUrl, elements)]),
    )
  }
  return compiled
}

function compile(
  parameter: SearchParameter,
  type: string,
  byUrl: ReadonlyMap<string, SearchParameter>,
  elements: Elements,
): CompiledParameter {
  if (parameter.type === 'special') return { type: parameter.type }
  if (parameter.type === 'composite')
    return { type: parameter.type, ...compileComposite(parameter, type, byUrl, elements) }
  const paths =
    systemPath(type, parameter.code) ?? reduceExpression(parameter.expression ?? '', type, elements)
  if (!paths?.length) return { type: parameter.type }
  const targets = parameter.type === 'reference' ? targetsOf(parameter, paths) : undefined
  return { type: parameter.type, paths, ...(targets && { targets }) }
}

function systemPath(type: string, code: string): ElementPath[] | undefined {
  const [extension, members = '', as = ''] =
    /^([\w-]+)\.(\S+) as (\w+)$/.exec(withSystem[`${type}.${code}`] ?? '')?.slice(1) ?? []
  if (!extension) return undefined
  const url = `http://hl7.org/fhir/us/core/StructureDefinition/${extension}`
  return [{ path: `extension[url=${url}].${members}`, as }]
}

/** `patient` is published with every target of the element; `resolve() is Patient` leaves one. */
function targetsOf(parameter: SearchParameter, paths: readonly ElementPath[]): string[] {
  const only = new Set(paths.map((path) => path.only))
  if (only.size > 0 && !only.has(undefined)) return [...only] as string[]
  return [...(parameter.target ?? [])]
}

/** The codes of each type's token parameters. */
export function tokenParameters(
  compiled: Record<string, Record<string, CompiledParameter>>,
): Record<string, string[]> {
  const common = tokensOf(compiled.Resource ?? {})
  const byType: Record<string, string[]> = {}
  for (const [type, codes] of Object.entries(compiled)) {
    if (type !== 'Resource') byType[type] = [...common, ...tokensOf(codes)]
  }
  return byType
}

function tokensOf(codes: Readonly<Record<string, CompiledParameter>>): string[] {
  return Object.keys(codes).filter((code) => codes[code]?.type === 'token')
}
