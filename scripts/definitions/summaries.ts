/**
 * The members of each resource type that a summary shows, and those that the rest cannot be read without.
 */
import type { StructureDefinition } from './source.ts'

export interface CompiledSummary {
  readonly summary: readonly string[]
  /** Mandatory, or changing the meaning of the rest. */
  readonly needed: readonly string[]
}

/** Compiles the members directly below the given resource types. */
export function compileSummaries(
  structures: readonly StructureDefinition[],
  types: readonly string[],
): Record<string, CompiledSummary> {
  const wanted = new Set(types)
  const compiled: Record<string, CompiledSummary> = {}
  for (const { type, derivation, snapshot } of structures) {
    if (!wanted.has(type) || derivation === 'constraint') continue
    const members = (snapshot?.element ?? []).filter(({ path }) => path.split('.').length === 2)
    const names = (chosen: typeof members) => chosen.map(({ path }) => path.slice(type.length + 1))
    compiled[type] = {
      summary: names(members.filter(({ isSummary }) => isSummary)),
      needed: names(members.filter(({ min, isModifier }) => (min ?? 0) > 0 || isModifier)),
    }
  }
  return compiled
}
