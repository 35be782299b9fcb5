/** What the resources and values of the US Core searches are made of. */
import type { Resource } from '../../src/smart/resource.ts'

export interface UsCoreType {
  readonly resource: Resource
  /** By parameter: what finds the resource, and what does not. */
  readonly values: Readonly<Record<string, readonly [hit: string, miss: string]>>
  /** Parameters joined by `+`; every single parameter is asked as well. */
  readonly combinations: string
}

export const terminology = 'http://terminology.hl7.org/CodeSystem'
export const usCore = 'http://hl7.org/fhir/us/core'
export const concept = (system: string, code: string) => ({ coding: [{ system, code }] })
export const subject = { reference: 'Patient/mei' }
export const patient = { patient: ['mei', 'tom'] } as const
export const status = (hit: string, miss: string) => ({ status: [hit, miss] as const })
export const code = (system: string, hit: string) => [`${system}|${hit}`, `${system}|other`] as const
export const day = '2024-03-05T10:00:00+02:00'
export const onDay = ['2024-03-05', '2024-03-06'] as const
export const us = (name: string, extension: object) => ({
  url: `${usCore}/StructureDefinition/${name}`,
  ...extension,
})
