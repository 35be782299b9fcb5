/** The least that the core asks of a FHIR resource: a type, and members it can walk. */
export interface Resource {
  readonly resourceType: string
  readonly id?: string
  readonly meta?: {
    readonly versionId?: string
    readonly lastUpdated?: string
    readonly [member: string]: unknown
  }
  readonly [member: string]: unknown
}
