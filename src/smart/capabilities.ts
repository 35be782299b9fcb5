/** The capability names of SMART App Launch 2.2 and what each promises; a name that is published has to work. */
export const capabilityPromises = {
  'launch-ehr': 'an app can be launched from the EHR',
  'launch-standalone': 'an app can start by itself',
  'authorize-post': 'the authorization endpoint takes POST',
  'client-public': 'clients without a secret are served',
  'client-confidential-symmetric': 'clients authenticate with a secret',
  'client-confidential-asymmetric': 'clients authenticate with a signed JWT',
  'sso-openid-connect': 'an ID token tells who the user is',
  'context-banner': 'need_patient_banner is delivered',
  'context-style': 'smart_style_url is delivered',
  'context-ehr-patient': 'an EHR launch gives the patient',
  'context-ehr-encounter': 'an EHR launch gives the encounter',
  'context-standalone-patient': 'a standalone launch gives the patient',
  'context-standalone-encounter': 'a standalone launch gives the encounter',
  'permission-offline': 'offline_access gives a refresh token',
  'permission-online': 'online_access gives a refresh token',
  'permission-patient': 'patient-level scopes work',
  'permission-user': 'user-level scopes work',
  'permission-v1': 'scopes in SMART 1.0 syntax work',
  'permission-v2': 'granular scopes in SMART 2 syntax work',
  'smart-app-state': 'apps can keep state',
} as const satisfies Record<string, string>

export type Capability = keyof typeof capabilityPromises

/** The four sets a client works out from the published names. @see SMART App Launch 2.2, capability sets */
export const capabilitySets = {
  'Patient Access for Standalone Apps': [
    'launch-standalone',
    'context-standalone-patient',
    'permission-patient',
  ],
  'Patient Access for EHR Launch': ['launch-ehr', 'context-ehr-patient', 'permission-patient'],
  'Clinician Access for Standalone': ['launch-standalone', 'permission-user', 'permission-patient'],
  'Clinician Access for EHR Launch': [
    'launch-ehr',
    'context-ehr-patient',
    'context-ehr-encounter',
    'permission-user',
    'permission-patient',
  ],
} as const satisfies Record<string, readonly Capability[]>

/** The sets that a list of capabilities satisfies; each also asks for a public or a symmetric client. */
export function setsOf(capabilities: readonly string[]): string[] {
  const clients = ['client-public', 'client-confidential-symmetric']
  if (!clients.some((name) => capabilities.includes(name))) return []
  return Object.entries(capabilitySets)
    .filter(([, needed]) => needed.every((name) => capabilities.includes(name)))
    .map(([set]) => set)
}
