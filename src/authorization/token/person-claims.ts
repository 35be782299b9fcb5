// What the identity scopes tell of the user, the same in ID tokens and at the UserInfo endpoint. CTX-39 to CTX-45, D.2 (profile).
import type { IdentityScope, Scope } from '../../smart/scope.ts'
import type { UserGrant } from '../grant.ts'

/** The names of the identity scopes among `scopes`. */
export function namesIn(scopes: readonly Scope[]): ReadonlySet<IdentityScope['name']> {
  return new Set(scopes.flatMap((scope) => (scope.kind === 'identity' ? [scope.name] : [])))
}

/** Whether these scopes let the app know which record the user is. */
export function isNamedBy(names: ReadonlySet<IdentityScope['name']>): boolean {
  return names.has('openid') && (names.has('fhirUser') || names.has('profile'))
}

/** The claims beside `sub`; undefined members are left out of JSON. */
export function personClaims(
  grant: Pick<UserGrant, 'fhirUser' | 'userName' | 'userLocale'>,
  names: ReadonlySet<IdentityScope['name']>,
  fhirBase: string,
): Record<'fhirUser' | 'name' | 'profile' | 'locale', string | undefined> {
  const isNamed = grant.fhirUser !== undefined && (names.has('fhirUser') || names.has('profile'))
  const fhirUser = isNamed ? `${fhirBase}/${grant.fhirUser}` : undefined
  return {
    fhirUser,
    name: isNamed ? grant.userName : undefined,
    // SMART 1.0 apps look for the same URL under its old name.
    profile: names.has('profile') ? fhirUser : undefined,
    locale: names.has('profile') ? grant.userLocale : undefined,
  }
}
