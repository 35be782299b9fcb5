/** What a writer expects of the current version, and that it is not so. */
import type { VersionRow } from './version.ts'

export interface Expectation {
  /** The version that must be current. */
  readonly ifMatch?: string
  /** Whether there must be no current version. */
  readonly ifAbsent?: boolean
}

type Current = Pick<VersionRow, 'version'> | undefined

/** What {@link isVersionConflict} of the port knows by its name. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict'
  readonly current?: string

  constructor(current?: Current, reason = 'there is no such resource') {
    super(current ? `the current version is ${current.version}` : reason)
    if (current) this.current = String(current.version)
  }
}

/** Throws a {@link VersionConflict} unless the current version is the one expected. */
export function checkExpectation(current: Current, { ifMatch, ifAbsent }: Expectation): void {
  if (ifMatch !== undefined && ifMatch !== String(current?.version ?? '')) throw new VersionConflict(current)
  if (ifAbsent && current) throw new VersionConflict(current)
}
