/**
 * The patient compartment: for each resource type, the element paths that make a resource belong to a patient.
 */
import type { Elements } from './elements.ts'
import { reduceExpression } from './expression.ts'
import type { ParameterTable } from './search-parameters.ts'
import type { Compartment } from './source.ts'

export interface CompartmentEntry {
  readonly params: readonly string[]
  readonly paths: readonly (readonly string[])[]
}

/** Reduces the compartment's search parameters to element paths; a parameter without paths stops the compiler. */
export function compileCompartment(
  compartment: Compartment,
  table: ParameterTable,
  elements: Elements,
): Record<string, CompartmentEntry> {
  const compiled: Record<string, CompartmentEntry> = {}
  for (const { code: type, param: params } of compartment.resource) {
    if (!params?.length) continue
    const paths = params.flatMap((param) => pathsOf(type, param, table, elements))
    compiled[type] = { params, paths: unique(paths).map((path) => path.split('.')) }
  }
  return compiled
}

function pathsOf(type: string, param: string, table: ParameterTable, elements: Elements): string[] {
  const expression = table.get(type)?.get(param)?.expression ?? ''
  const paths = reduceExpression(expression, type, elements)
  if (!paths?.length) throw new Error(`no path for ${type}?${param}`)
  // Membership counts only references to a Patient, so `resolve() is Patient` adds nothing to a path.
  return paths.map(({ path, as }) => {
    if (as !== 'Reference') throw new Error(`${type}.${path} is no reference`)
    return path
  })
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
