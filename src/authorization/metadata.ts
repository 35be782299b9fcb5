/**
 * The discovery documents: what works here and nothing else. DISC-01 to DISC-33, RFC-25, RFC-26, annex B; RFC 8414, RFC 9207.
 * JSON whatever the `Accept` header says (DISC-04), every address absolute (DISC-07).
 */
import { json } from '../http/reply.ts'
import type { HttpReply, Route } from '../http/route.ts'
import type { Capability } from '../smart/capabilities.ts'
import { acrValues } from './acr.ts'
import { tokenExchange } from './client.ts'
import { clientAlgorithms } from './client-keys/algorithms.ts'
import { proofAlgorithms } from './dpop/proof.ts'
import { JWKS_KEPT } from './durations.ts'
import { introspectScope } from './introspect/scope.ts'
import type { KeyRing } from './keys.ts'
import { tokenFailure } from './token/form.ts'

const capabilities = [
  'launch-ehr',
  'launch-standalone',
  'authorize-post',
  'client-public',
  'client-confidential-symmetric',
  'client-confidential-asymmetric',
  'sso-openid-connect',
  'context-banner',
  'context-style',
  'context-ehr-patient',
  'context-ehr-encounter',
  'context-standalone-patient',
  'context-standalone-encounter',
  'permission-offline',
  'permission-online',
  'permission-patient',
  'permission-user',
  'permission-v1',
  'permission-v2',
] as const satisfies readonly Capability[]

// Every one of these works (DISC-23); narrower and granular ones work too (DISC-24).
const scopes = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'launch/diagnosticreport',
  'launch/documentreference',
  'launch/imagingstudy',
  'launch/questionnaire',
  'launch/relatedperson',
  'offline_access',
  'online_access',
  'patient/*.cruds',
  'patient/*.rs',
  'patient/*.read',
  'patient/*.write',
  'patient/*.*',
  'user/*.cruds',
  'user/*.rs',
  'user/*.read',
  'user/*.write',
  'user/*.*',
  'system/*.cruds',
  'system/*.rs',
  'system/*.read',
  'system/*.write',
  'system/*.*',
  introspectScope,
]

const keptAsKeys = { 'cache-control': `public, max-age=${JWKS_KEPT / 1000}` }
const keptShortly = { 'cache-control': 'public, max-age=300' }

/** Where the organisation has published its Brand Bundle, and which brand in it is its own. DISC-21, BRND-17, BRND-19. */
export interface Brands {
  readonly bundle: string
  readonly identifier?: { readonly system?: string | undefined; readonly value: string } | undefined
}

interface MetadataDeps {
  readonly baseUrl: string
  readonly brands?: Brands
  readonly hasDocuments: boolean
  readonly keys: KeyRing
}

/** The routes of the discovery documents and of the public keys. */
export function metadataRoutes(deps: MetadataDeps): Route[] {
  const server = oauthMetadata(deps)
  const documents: readonly (readonly [string, object])[] = [
    ['/fhir/.well-known/smart-configuration', { ...server, ...smartMembers(deps) }],
    [
      '/.well-known/openid-configuration',
      { ...server, ...openidMembers, end_session_endpoint: `${deps.baseUrl}/oauth/logout`, capabilities },
    ],
    ['/.well-known/oauth-authorization-server', server],
  ]
  return [
    ...documents.map(([path, document]) => {
      // Asked for by every app that starts, and the same for all of them.
      const reply = json(200, document, keptShortly)
      return jsonRoute(path, () => reply)
    }),
    jsonRoute('/oauth/jwks', () => json(200, deps.keys.jwks, keptAsKeys)),
  ]
}

/** What SMART has besides, or in other words. */
function smartMembers({ brands }: MetadataDeps) {
  return {
    capabilities,
    // SMART names three ways to authenticate; that an app may have none is the capability `client-public` (DISC-15).
    token_endpoint_auth_methods_supported: confidentialMethods,
    ...(brands && { user_access_brand_bundle: brands.bundle }),
    ...(brands?.identifier && { user_access_brand_identifier: brands.identifier }),
  }
}

function jsonRoute(path: string, handle: () => HttpReply): Route {
  return { method: 'GET', path, cors: 'any', handle, failure: tokenFailure }
}

const confidentialMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const

const openidMembers = {
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  claims_supported: [
    'iss',
    'sub',
    'aud',
    'exp',
    'iat',
    'auth_time',
    'sid',
    'acr',
    'amr',
    'nonce',
    'name',
    'locale',
    'fhirUser',
    'profile',
  ],
  acr_values_supported: acrValues,
  userinfo_signing_alg_values_supported: ['none', 'RS256'],
  claims_parameter_supported: false,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
  prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
}

function oauthMetadata({ baseUrl, hasDocuments }: MetadataDeps) {
  return {
    issuer: baseUrl,
    jwks_uri: `${baseUrl}/oauth/jwks`,
    authorization_endpoint: `${baseUrl}/oauth/authorize`,
    pushed_authorization_request_endpoint: `${baseUrl}/oauth/par`,
    require_pushed_authorization_requests: false,
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    require_request_uri_registration: true,
    request_object_signing_alg_values_supported: clientAlgorithms,
    require_signed_request_object: false,
    token_endpoint: `${baseUrl}/oauth/token`,
    registration_endpoint: `${baseUrl}/oauth/register`,
    client_id_metadata_document_supported: hasDocuments,
    introspection_endpoint: `${baseUrl}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: confidentialMethods,
    introspection_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    introspection_signing_alg_values_supported: ['RS256'],
    revocation_endpoint: `${baseUrl}/oauth/revoke`,
    revocation_endpoint_auth_methods_supported: ['none', ...confidentialMethods],
    revocation_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    userinfo_endpoint: `${baseUrl}/oauth/userinfo`,
    management_endpoint: `${baseUrl}/account/apps`,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials', tokenExchange],
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'form_post'],
    scopes_supported: scopes,
    token_endpoint_auth_methods_supported: ['none', ...confidentialMethods],
    token_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    code_challenge_methods_supported: ['S256'],
    dpop_signing_alg_values_supported: proofAlgorithms,
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: ['en', 'zh-TW'],
  }
}
