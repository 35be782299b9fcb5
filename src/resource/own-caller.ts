/** A person who uses the server's own pages: everything that person may do, through no app. */
import { letterOrder } from '../smart/scope.ts'
import type { UserRights } from './ports.ts'
import type { Caller } from './request.ts'

/** The caller of a signed-in person: `user/*.cruds` within that person's rights. */
export function ownCaller(
  person: { readonly user: string; readonly fhirUser?: string },
  own: UserRights,
): Caller {
  const everything = {
    kind: 'resource',
    level: 'user',
    type: '*',
    letters: letterOrder,
    filter: [],
    version: 2,
  } as const
  const { rights, withheld, fhirUser } = own
  return {
    authority: { scopes: [everything], rights, withheld },
    ...(fhirUser !== undefined && { fhirUser }),
    ...person,
  }
}
