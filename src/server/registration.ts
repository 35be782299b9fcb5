/** How apps come to be registered, by the settings and by whether this is a sandbox. */
import { everyRecord } from '../authorization/registration/approval.ts'
import type { DocumentRules } from '../authorization/registration/document-clients.ts'
import type { RegistrationRules } from '../authorization/registration/rules.ts'
import type { Sections } from '../config/sections.ts'

/** The rules of `chartkey.yaml`; a sandbox is open to everybody besides. */
export function registrationRules(
  { registration, softwareStatements }: Sections,
  isSandbox: boolean,
): RegistrationRules {
  return {
    ...(isSandbox && { open: everyRecord }),
    keepsWaiting: registration.withoutToken === 'approval',
    mostWaiting: registration.mostWaiting,
    statementIssuers: softwareStatements.map(({ issuer, jwks, jwksUri, approves }) => ({
      issuer,
      ...(jwks && { jwks }),
      ...(jwksUri !== undefined && { jwksUri }),
      ...(approves && { approves }),
    })),
  }
}

/**
 * Whether, and how far, metadata documents are believed: in the sandbox all of them, elsewhere by the settings. Where this
 * machine may be asked, they may stand on it.
 */
export function documentRules(
  { clientIdMetadataDocuments: { enabled, trust, scope } }: Sections,
  { isSandbox, asksOwnMachine }: { isSandbox: boolean; asksOwnMachine: boolean },
): DocumentRules | undefined {
  if (!(enabled ?? isSandbox)) return undefined
  return {
    ...(isSandbox && { open: everyRecord }),
    allowsLoopback: asksOwnMachine,
    trust,
    trustedScope: scope,
  }
}
