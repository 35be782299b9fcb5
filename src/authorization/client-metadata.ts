/** What an app says of itself when it registers: the members of RFC 7591 §2 in its JSON names, whole and checked or refused. */
import { z } from 'zod'
import { parseGrant, resourceScopes } from '../smart/grant.ts'
import { tokenExchange } from './client.ts'
import { clientAlgorithms } from './client-keys/algorithms.ts'
import { problemOfText } from './readable-text.ts'
import { problemOfRedirectUri } from './redirect-uri-rule.ts'
import { keySet } from './registration/key-set.ts'
import { knownScopesOf } from './registration/known-scopes.ts'
import { problemOfWebUrl } from './web-url-rule.ts'

const longestText = 200
const longestScope = 16_000
const most = 20

const line = z
  .string()
  .trim()
  .min(1)
  .max(longestText)
  .superRefine((text, context) => {
    const problem = problemOfText(text)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })

const webUrl = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const problem = problemOfWebUrl(text)
    if (problem) context.addIssue({ code: 'custom', message: problem })
  })

/** Launch addresses are fixed and complete like redirect URIs, but for the web only (REG-02). */
const fixedUrl = webUrl.refine((text) => !text.includes('#'), 'a fragment is not allowed')

const redirectUri = z.string().superRefine((uri, context) => {
  const problem = problemOfRedirectUri(uri)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})

const scope = z
  .string()
  .max(longestScope)
  .regex(/^[\x20\x21\x23-\x5b\x5d-\x7e]*$/, 'has characters that no scope has')
  .refine((text) => knownScopesOf(text) !== '', 'names no scope that is known here')
  .transform(knownScopesOf)

const interactiveGrants = ['authorization_code', 'refresh_token'] as const
const interactiveScope =
  'launch launch/patient launch/encounter openid fhirUser profile offline_access online_access patient/*.cruds user/*.cruds'

const members = z.object({
  client_name: line.default('Unnamed app'),
  redirect_uris: z.array(redirectUri).max(most).default([]),
  initiate_login_uri: fixedUrl.optional(),
  grant_types: z
    .array(z.enum([...interactiveGrants, 'client_credentials', tokenExchange]))
    .min(1)
    .max(most)
    .default([...interactiveGrants]),
  response_types: z.array(z.literal('code')).max(most).optional(),
  token_endpoint_auth_method: z
    .enum(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'])
    .default('client_secret_basic'),
  token_endpoint_auth_signing_alg: z.enum(clientAlgorithms).optional(),
  scope: scope.optional(),
  jwks: keySet.optional(),
  jwks_uri: fixedUrl.optional(),
  logo_uri: webUrl.optional(),
  client_uri: webUrl.optional(),
  policy_uri: webUrl.optional(),
  tos_uri: webUrl.optional(),
  contacts: z.array(line).max(most).optional(),
  software_id: line.optional(),
  software_version: line.optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  require_signed_request_object: z.boolean().optional(),
  request_object_signing_alg: z.enum(clientAlgorithms).optional(),
  request_uris: z.array(fixedUrl).max(most).optional(),
  dpop_bound_access_tokens: z.boolean().optional(),
  post_logout_redirect_uris: z.array(redirectUri).max(most).optional(),
  backchannel_logout_uri: fixedUrl.optional(),
  userinfo_signed_response_alg: z.literal('RS256').optional(),
  access_token_format: z.enum(['jwt', 'opaque']).optional(),
})

type Members = z.infer<typeof members>

/** What does not fit together: the member to change, and how. */
function contradictions(told: Members): readonly (readonly [keyof Members, string] | false)[] {
  const isInteractive = told.grant_types.includes('authorization_code')
  const isBackend = told.grant_types.includes('client_credentials')
  const hasKeys = told.jwks !== undefined || told.jwks_uri !== undefined
  const asked = parseGrant(told.scope ?? '')
  const actsForItself = resourceScopes(asked).some(({ level }) => level === 'system')
  const hasOwn = actsForItself || asked.scopes.some(({ kind }) => kind === 'extension')
  return [
    isInteractive && told.redirect_uris.length === 0 && ['redirect_uris', 'one is needed at least'],
    !isInteractive &&
      told.redirect_uris.length > 0 && ['redirect_uris', 'are of use with authorization_code only'],
    !isInteractive &&
      !isBackend && ['grant_types', 'has to include authorization_code or client_credentials'],
    !isInteractive &&
      told.grant_types.includes('refresh_token') && ['grant_types', 'refresh_token needs authorization_code'],
    isInteractive &&
      told.response_types?.length === 0 && ['response_types', 'has to be ["code"] with authorization_code'],
    !isInteractive &&
      (told.response_types?.length ?? 0) > 0 && [
        'response_types',
        'has to be empty without authorization_code',
      ],
    told.jwks !== undefined && told.jwks_uri !== undefined && ['jwks', 'and jwks_uri exclude one another'],
    told.require_signed_request_object === true &&
      !hasKeys && ['jwks', 'or jwks_uri is needed for signed request objects'],
    told.token_endpoint_auth_method === 'private_key_jwt' &&
      !hasKeys && ['jwks', 'or jwks_uri is needed with private_key_jwt'],
    isBackend &&
      told.token_endpoint_auth_method === 'none' && [
        'token_endpoint_auth_method',
        'client_credentials needs an app that authenticates',
      ],
    isBackend &&
      told.scope === undefined && [
        'scope',
        'is needed with client_credentials: it is what the app may be granted',
      ],
    isBackend &&
      !isInteractive &&
      told.scope !== undefined &&
      !hasOwn && ['scope', 'has to name a system/ scope with client_credentials: others need a user'],
    told.grant_types.includes(tokenExchange) &&
      told.token_endpoint_auth_method === 'none' && [
        'token_endpoint_auth_method',
        'token exchange needs an app that authenticates',
      ],
    actsForItself &&
      told.token_endpoint_auth_method !== 'private_key_jwt' && [
        'token_endpoint_auth_method',
        'system/ scopes need private_key_jwt',
      ],
    actsForItself && !isBackend && ['grant_types', 'system/ scopes need client_credentials'],
  ]
}

/** Unknown members are ignored (RFC 7591 §2). */
export const clientMetadata = members
  .superRefine((told, context) => {
    for (const found of contradictions(told)) {
      if (found) context.addIssue({ code: 'custom', path: [found[0]], message: found[1] })
    }
  })
  .transform((told) => ({
    ...told,
    scope: told.scope ?? interactiveScope,
    response_types: told.grant_types.includes('authorization_code') ? ['code' as const] : [],
  }))

export type ClientMetadata = z.infer<typeof clientMetadata>
