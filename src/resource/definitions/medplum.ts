/** The validator's package, loaded when a resource is first validated: it is larger than all that a start needs. */
import { createRequire } from 'node:module'

type Medplum = typeof import('@medplum/core')

let loaded: Medplum | undefined

/** `@medplum/core`, loaded once. */
export function medplum(): Medplum {
  loaded ??= createRequire(import.meta.url)('@medplum/core') as Medplum
  return loaded
}
