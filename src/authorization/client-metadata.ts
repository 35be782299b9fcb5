/** What an app says of itself when it registers: the members of RFC 7591 §2 in its JSON names, whole and checked or refused. */
import { z } from 'zod'
import { parseScopes } from '../smart/scope.ts'
import { tokenExchange } from './client.ts'
import { problemOfRedirectUri } from './redirect-uri-rule.ts'

const longestText = 200
const longestScope = 16_000
const most = 20

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/
const line = z
  .string()
  .trim()
  .min(1)
  .max(longestText)
  .refine((text) => !control.test(text), 'control and direction characters are not allowed')

const webUrl = z
  .string()
  .max(2000)
  .refine(isWebUrl, 'has to be an https URL (http on a loopback address only), without user information')

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return (protocol === 'https:' || (protocol === 'http:' && isLoopback)) && username === '' && password === ''
}

/** Launch addresses are fixed and complete like redirect URIs, but for the web only (REG-02). */
const launchUrl = webUrl.refine((text) => !text.includes('#'), 'a fragment is not allowed')

const redirectUri = z.string().superRefine((uri, context) => {
  const problem = problemOfRedirectUri(uri)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})

const scope = z
  .string()
  .max(longestScope)
  .refine((text) => parseScopes(text).scopes.length > 0, 'names no scope that is known here')

/** Unknown members are ignored (RFC 7591 §2). */
export const clientMetadata = z.object({
  client_name: line.default('Unnamed app'),
  redirect_uris: z.array(redirectUri).min(1).max(most),
  initiate_login_uri: launchUrl.optional(),
  grant_types: z
    .array(z.enum(['authorization_code', 'refresh_token', tokenExchange]))
    .max(most)
    .refine((types) => types.includes('authorization_code'), 'has to include authorization_code')
    .default(['authorization_code', 'refresh_token']),
  response_types: z.array(z.literal('code')).min(1).max(most).default(['code']),
  token_endpoint_auth_method: z
    .enum(['none', 'client_secret_basic', 'client_secret_post'])
    .default('client_secret_basic'),
  scope: scope.default(
    'launch launch/patient launch/encounter openid fhirUser profile offline_access online_access patient/*.cruds user/*.cruds',
  ),
  logo_uri: webUrl.optional(),
  client_uri: webUrl.optional(),
  policy_uri: webUrl.optional(),
  tos_uri: webUrl.optional(),
  contacts: z.array(line).max(most).optional(),
  software_id: line.optional(),
  software_version: line.optional(),
  access_token_format: z.enum(['jwt', 'opaque']).optional(),
  userinfo_signed_response_alg: z.enum(['RS256']).optional(),
})

export type ClientMetadata = z.infer<typeof clientMetadata>
