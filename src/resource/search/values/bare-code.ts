/**
 * Elements of type `code` hold no system: their binding names it. Such codes are indexed without one, so a system that
 * is asked for is compared here. @see https://hl7.org/fhir/R4/search.html#token
 */
import type { CodeSystems, Parameter, Source } from '../parameters.ts'
import type { TokenCondition } from '../plan.ts'

const coded = new Set(['CodeableConcept', 'Coding', 'Identifier', 'ContactPoint'])
const truth = new Set(['boolean', 'truth'])
const truthSystems: CodeSystems = { 'http://terminology.hl7.org/CodeSystem/special-values': true }

/** The same conditions, and for each with a system that bare codes of the parameter are from, one without. */
export function inKnownSystems(
  conditions: readonly TokenCondition[],
  parameter: Parameter,
): TokenCondition[] {
  const systems = parameter.sources.flatMap(bareSystems)
  if (systems.length === 0) return [...conditions]
  const isBare = parameter.sources.every(({ as }) => !coded.has(as))
  return conditions.flatMap((condition) => [
    // What has no element with a system is not asked for one: a long list would be asked twice.
    ...(isBare && condition.system ? [] : [condition]),
    ...systems.flatMap((known) => withoutSystem(condition, known)),
  ])
}

function bareSystems({ as, systems }: Source): CodeSystems[] {
  if (truth.has(as)) return [truthSystems]
  return systems ? [systems] : []
}

function withoutSystem({ system, code }: TokenCondition, known: CodeSystems): TokenCondition[] {
  const codes = system && Object.hasOwn(known, system) ? known[system] : undefined
  if (codes === undefined) return []
  if (codes === true) return [{ kind: 'token', system: '', ...(code !== undefined && { code }) }]
  const meant = code === undefined ? codes : codes.filter((one) => one === code)
  return meant.map((one) => ({ kind: 'token', system: '', code: one }))
}
