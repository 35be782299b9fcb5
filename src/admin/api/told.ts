/** What the administration API tells: the names of RFC 7591 where it has one, times as instants, never a hash. */
import type { ActivationCode, AdminAccount, AdminApp, AdminGrant, InitialToken, MadeApp } from '../ports.ts'

const instant = (milliseconds: number) => new Date(milliseconds).toISOString()

export function toldApp({ id, metadata, ...app }: AdminApp) {
  return {
    client_id: id,
    version: app.version,
    ...metadata,
    status: app.state,
    kind: app.kind,
    registered_by: app.origin,
    waits_for: app.waitsFor,
    pre_approved: app.preApproved,
    smart1: app.smart1,
    resource_server: app.resourceServer,
    registered_at: instant(app.createdAt),
    secrets: app.secrets.map(({ createdAt, endsAt }) => ({
      made_at: instant(createdAt),
      ...(endsAt !== undefined && { ends_at: instant(endsAt) }),
    })),
  }
}

export function toldMade({ app, secret }: MadeApp) {
  return { ...toldApp(app), ...(secret !== undefined && { client_secret: secret }) }
}

export function toldToken(token: InitialToken) {
  const { id, name, scope, backend, usesLeft, createdAt, expiresAt, revokedAt } = token
  return {
    id,
    name,
    scope,
    backend,
    uses_left: usesLeft,
    made_at: instant(createdAt),
    expires_at: instant(expiresAt),
    ...(revokedAt !== undefined && { revoked_at: instant(revokedAt) }),
  }
}

export function toldAccount({ id, username, name, roles, fhirUser, records, disabled }: AdminAccount) {
  return {
    id,
    username,
    name,
    roles,
    ...(fhirUser !== undefined && { fhir_user: fhirUser }),
    records,
    disabled,
  }
}

export function toldCode({ patient, madeAt, expiresAt }: ActivationCode) {
  return { patient: `Patient/${patient}`, made_at: instant(madeAt), expires_at: instant(expiresAt) }
}

export function toldGrant({ id, clientId, userId, patient, scope, createdAt }: AdminGrant) {
  return {
    id,
    client_id: clientId,
    ...(userId !== undefined && { user: userId }),
    ...(patient !== undefined && { patient }),
    scope,
    made_at: instant(createdAt),
  }
}
