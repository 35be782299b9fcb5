/** A decision about an app as the server keeps one, a patient's own denial, and the patients. */
import { keptTag } from '../../../src/smart/read-only.ts'
import type { Resource } from '../../../src/smart/resource.ts'

const codes = 'http://terminology.hl7.org/CodeSystem'

function consent(id: string, of: string, more: object): Resource {
  return {
    resourceType: 'Consent',
    id,
    status: 'active',
    scope: { coding: [{ system: `${codes}/consentscope`, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: `${codes}/v3-ActCode`, code: 'INFA' }] }],
    patient: { reference: `Patient/${of}` },
    policyRule: { coding: [{ system: `${codes}/v3-ActCode`, code: 'OPTIN' }] },
    ...more,
  }
}

export const resourceTexts = {
  /** A permission for an app, with the mark. */
  decision: (id: string, of: string) =>
    consent(id, of, {
      meta: { tag: [keptTag] },
      provision: {
        type: 'permit',
        class: [{ system: 'http://hl7.org/fhir/resource-types', code: 'Observation' }],
      },
    }),
  /** A denial of everything. */
  denial: (id: string, of: string) => consent(id, of, { provision: { type: 'deny' } }),
}

export function patient(id: string): Resource {
  return { resourceType: 'Patient', id, name: [{ family: id }] }
}
