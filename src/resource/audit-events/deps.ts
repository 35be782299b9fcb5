import type { TrailReader } from '../../audit/reader.ts'
import type { Bounds } from './bounds.ts'
import type { Names } from './forms.ts'

/** What audit events are served from. */
export interface AuditEventDeps {
  readonly trail: TrailReader
  readonly names: Names
  /** The FHIR base URL, without a trailing slash. */
  readonly base: string
  /** Default {@link usualBounds}. */
  readonly bounds?: Bounds
}
