/** A compartment other than a patient's as a clause of a search. @see FHIR R4 http, variant searches */
import { parseReference } from '../../smart/ids.ts'
import { compartmentRules } from './compartment-parameters.ts'
import { pointingClause } from './include.ts'
import { findParameter } from './parameters.ts'
import type { Alternative, Clause } from './plan.ts'

/** Holds for what is in a compartment such as `Encounter/1`: of one type, or with `*` of any. */
export function compartmentClause(compartment: string, type: string): Clause {
  const owner = parseReference(compartment)
  const any = owner ? alternatives({ type: owner.type, id: owner.id }, type) : []
  return { kind: 'either', negated: false, any }
}

function alternatives(owner: { readonly type: string; readonly id: string }, type: string): Alternative[] {
  const members = [...compartmentRules(owner.type)].filter(([member]) => type === '*' || member === type)
  const itself: Alternative[] =
    type === '*' || type === owner.type ? [{ type: owner.type, clauses: [idClause(owner.id)] }] : []
  return [...itself, ...members.flatMap(([member, codes]) => memberOf(owner, member, codes))]
}

function memberOf(
  owner: { readonly type: string; readonly id: string },
  member: string,
  codes: readonly string[],
): readonly Alternative[] {
  const parameters = codes.flatMap((code) => findParameter(member, code) ?? [])
  return pointingClause(member, parameters, [owner]).any
}

function idClause(id: string): Clause {
  return {
    kind: 'value',
    parameter: { owner: 'Resource', code: '_id' },
    values: 'id',
    negated: false,
    any: [{ kind: 'id', id }],
  }
}
