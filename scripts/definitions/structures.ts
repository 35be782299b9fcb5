/**
 * Structure definitions with nothing left but what validation reads: paths, cardinalities, types, fixed values
 * and the invariants that are errors.
 */
import type { ElementDefinition, StructureDefinition } from './source.ts'

type Type = NonNullable<ElementDefinition['type']>[number] & {
  readonly extension?: readonly { readonly url: string; readonly valueUrl?: string }[]
}

interface Constraint {
  readonly key: string
  readonly severity: string
  readonly human: string
  readonly expression?: string
}

/** `name`, `url` and `kind` as published; `element` as in a snapshot. */
export interface CompiledStructure {
  readonly name: string
  readonly url: string
  readonly kind: string
  readonly element: readonly Readonly<Record<string, unknown>>[]
}

/** True of every element by the shape of its JSON, which is checked anyway. */
const impliedConstraints = new Set(['ele-1'])
const realTypeUrl = 'http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type'

/** Compiles the data types and the given resource types; profiles are left out, but for those used as types. */
export function compileStructures(
  structures: readonly StructureDefinition[],
  isResourceType: (type: string) => boolean,
): Record<string, CompiledStructure> {
  const compiled: Record<string, CompiledStructure> = {}
  for (const structure of structures) {
    const wanted = structure.kind === 'resource' ? isResourceType(structure.type) : true
    if (wanted) compiled[structure.name] = compile(structure)
  }
  return compiled
}

function compile(structure: StructureDefinition): CompiledStructure {
  const { name, url, kind, snapshot } = structure
  return { name, url, kind, element: (snapshot?.element ?? []).map(compileElement) }
}

function compileElement(element: ElementDefinition): Record<string, unknown> {
  const base = element.base as { max?: string } | undefined
  const constraints = compileConstraints((element.constraint ?? []) as readonly Constraint[])
  return {
    path: element.path,
    ...(element.min && { min: element.min }),
    max: element.max,
    ...(base?.max && base.max !== element.max && { base: { max: base.max } }),
    ...(element.contentReference && { contentReference: element.contentReference }),
    ...(element.type && { type: element.type.map(compileType) }),
    ...(constraints.length > 0 && { constraint: constraints }),
    ...Object.fromEntries(Object.entries(element).filter(([name]) => /^(fixed|pattern)[A-Z]/.test(name))),
  }
}

function compileType(type: Type): Record<string, unknown> {
  const real = type.extension?.find(({ url }) => url === realTypeUrl)?.valueUrl
  return { code: real ?? type.code, ...(type.targetProfile && { targetProfile: type.targetProfile }) }
}

function compileConstraints(constraints: readonly Constraint[]): Constraint[] {
  return constraints
    .filter(({ key, severity }) => severity === 'error' && !impliedConstraints.has(key))
    .map(({ key, severity, human, expression }) => ({
      key,
      severity,
      human,
      ...(expression && { expression }),
    }))
}
