/** What identity and the EHR put on record, in the words of the audit trail. */
import {
  type AuditEvent,
  accountChanged,
  launchStarted,
  resetAsked,
  signedIn,
  signedOut,
  signInFailed,
} from '../audit/event.ts'
import type { EhrEvent } from '../ehr/ports.ts'
import type { IdentityEvent } from '../identity/ports.ts'

/** How the trail names what a person proved who they are with; of two factors, both. */
const methodNames: Readonly<Record<string, string>> = {
  pwd: 'password',
  otp: 'one-time code',
  pop: 'passkey',
  fed: 'identity provider',
  ehr: 'launch',
}

function methodText(methods: readonly string[] = ['pwd']): string {
  return methods.flatMap((method) => methodNames[method] ?? []).join(', ')
}

/** An event at the door. */
export function fromIdentity(event: IdentityEvent): AuditEvent {
  const { address, accountId, fhirUser, name = '', detail = '' } = event
  const actor = {
    address,
    ...(accountId !== undefined && { user: accountId }),
    ...(fhirUser !== undefined && { fhirUser }),
  }
  switch (event.action) {
    case 'signed-in':
      return signedIn(actor, methodText(event.methods))
    case 'sign-in-failed':
      return signInFailed(actor, methodText(event.methods), name, detail)
    case 'signed-out':
      return signedOut(actor)
    case 'account-changed':
      return accountChanged(actor, event.change ?? '')
    case 'reset-asked':
      return resetAsked(actor, name)
  }
}

/** A launch from the EHR or the portal, or the refusal of one. */
export function fromEhr(event: EhrEvent): AuditEvent {
  const { clientId, userId, patient, encounter, detail, by, address } = event
  const launch = launchStarted(
    {
      ...(clientId !== undefined && { client: clientId }),
      ...(userId !== undefined && { user: userId }),
      ...(address !== undefined && { address }),
    },
    {
      ...(patient !== undefined && { patient }),
      ...(encounter !== undefined && { encounter }),
      ...(by !== undefined && { by }),
    },
  )
  if (event.action === 'launched') return launch
  return { ...launch, outcome: 'refused', ...(detail !== undefined && { reason: detail }) }
}
