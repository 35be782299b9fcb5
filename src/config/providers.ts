/**
 * `providers`: the organisations at which people may sign in instead of here, by OpenID Connect; one row each.
 * What is not said is not allowed: a provider confers only the roles it is given, and opens no account by itself.
 * @see docs/guides/identity-providers.md
 */
import { createPrivateKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

const roles = ['clinician', 'patient', 'admin'] as const
/** The methods of RFC 8176 §2 that say something about strength. */
const methods = ['pwd', 'otp', 'sms', 'pin', 'face', 'fpt', 'hwk', 'swk', 'pop', 'sc', 'kba', 'mfa'] as const
/** Claims that people change or providers give to somebody else later: they may not say which account it is. */
const reassigned = ['email', 'preferred_username', 'name', 'nickname', 'phone_number', 'upn', 'unique_name']
const keyTypes = ['rsa', 'ec', 'ed25519']
const leastRsaBits = 2048

const text = z.string().min(1).max(200)
const claim = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'the name of a claim has no spaces')
const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i, 'a URI is expected')

const issuer = z
  .url({ protocol: /^https?$/ })
  .refine((url) => !/[?#@]/.test(url), 'an issuer has no query, fragment or user name')
  .refine(
    (url) => url.startsWith('https://') || isLoopbackUrl(url),
    'https is expected; plain http is for a provider on this machine only',
  )

const privateKey = z.string().transform((pem, context): KeyObject => {
  const key = parseKey(pem)
  const problem = problemOf(key)
  if (key && problem === undefined) return key
  context.addIssue({ code: 'custom', message: problem ?? 'not a private key in PEM (PKCS #8)' })
  return z.NEVER
})

const identifier = z.strictObject({ claim, system: uri })

const claims = z
  .strictObject({
    account: claim
      .refine((name) => !reassigned.includes(name), 'people change it, so it cannot say whose account it is')
      .default('sub'),
    username: claim.default('preferred_username'),
    name: claim.default('name'),
    email: claim.default('email'),
    role: claim.optional(),
    fhirUser: claim.optional(),
    practitioner: identifier.optional(),
  })
  .prefault({})

const patientMatch = z.strictObject({
  given: claim.default('given_name'),
  family: claim.default('family_name'),
  birthDate: claim.default('birthdate'),
  identifier,
  verified: z.union(
    [
      z.strictObject({ claim, values: z.array(text).min(1) }),
      z.strictObject({ trustFrameworks: z.array(text).min(1) }),
    ],
    '{ claim, values } is expected, or { trustFrameworks }, each with a list of texts',
  ),
})

const provider = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'lower-case letters, digits and dashes are expected, 32 at most'),
    name: z.union(
      [text.transform((name) => ({ en: name, 'zh-TW': name })), z.strictObject({ en: text, 'zh-TW': text })],
      'a text is expected, or one for each language, en and zh-TW',
    ),
    issuer,
    clientId: text,
    clientSecret: z.string().min(8, 'eight characters at least').optional(),
    clientSecretBy: z.enum(['basic', 'post']).default('basic'),
    privateKey: privateKey.optional(),
    privateKeyId: text.optional(),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'a scope has no spaces or quotes'))
      .refine((scopes) => scopes.includes('openid'), 'openid has to be among them')
      .default(['openid', 'profile', 'email']),
    roles: z.array(z.enum(roles)).min(1),
    roleValues: z.record(z.string().min(1), z.enum(roles)).default({}),
    careTeamOnly: z.array(text).default([]),
    firstSignIn: z.enum(['match', 'invitation', 'refuse']).default('refuse'),
    claims,
    patientMatch: patientMatch.optional(),
    methods: z.record(z.string().min(1), z.array(z.enum(methods)).min(1)).default({}),
    acrValues: z.array(z.string().regex(/^\S+$/, 'a value has no spaces')).default([]),
    signOutThere: z.boolean().default(true),
  })
  .superRefine((one, context) => {
    for (const [path, message] of conflictsOf(one)) context.addIssue({ code: 'custom', path, message })
  })

/** The section: any number of providers, each id and each issuer once. */
export const providers = z
  .array(provider)
  .max(32)
  .default([])
  .superRefine((list, context) => {
    list.forEach((one, index) => {
      for (const key of ['id', 'issuer'] as const)
        if (list.findIndex((other) => sameText(other[key], one[key])) < index)
          context.addIssue({ code: 'custom', path: [index, key], message: 'another provider has it already' })
    })
  })

type Row = z.output<typeof provider>
type Conflict = readonly [path: string[], message: string]

/** What each member allows by itself and all together do not. */
function conflictsOf(one: Row): Conflict[] {
  const found: Conflict[] = []
  const unless = (holds: boolean, path: string[], message: string) => {
    if (!holds) found.push([path, message])
  }
  const matches = one.firstSignIn === 'match'
  const { role, fhirUser, practitioner } = one.claims
  unless(
    (one.clientSecret === undefined) !== (one.privateKey === undefined),
    ['clientSecret'],
    'one of clientSecret and privateKey is expected',
  )
  unless(
    one.privateKeyId === undefined || one.privateKey !== undefined,
    ['privateKeyId'],
    'there is no privateKey that it could name',
  )
  unless(
    role !== undefined || one.roles.length === 1,
    ['claims', 'role'],
    'needed where there are several roles',
  )
  unless(
    role === undefined || Object.keys(one.roleValues).length > 0,
    ['roleValues'],
    'needed with claims.role: which value is which role',
  )
  unless(
    role !== undefined || Object.keys(one.roleValues).length === 0,
    ['claims', 'role'],
    'needed with roleValues',
  )
  unless(role !== undefined || one.careTeamOnly.length === 0, ['claims', 'role'], 'needed with careTeamOnly')
  for (const [value, conferred] of Object.entries(one.roleValues))
    unless(one.roles.includes(conferred), ['roleValues', value], `${conferred} is not among the roles`)
  unless(
    !matches || !one.roles.includes('clinician') || fhirUser !== undefined || practitioner !== undefined,
    ['claims', 'practitioner'],
    'needed to match clinicians, or claims.fhirUser',
  )
  unless(
    !matches || !one.roles.includes('patient') || fhirUser !== undefined || one.patientMatch !== undefined,
    ['patientMatch'],
    'needed to match patients, or claims.fhirUser',
  )
  unless(
    one.firstSignIn !== 'invitation' || one.roles.includes('patient'),
    ['firstSignIn'],
    'invitations are for patients',
  )
  return found
}

function sameText(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '')
}

function isLoopbackUrl(text: string): boolean {
  return /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?(?:\/|$)/i.test(text)
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem)
  } catch {
    // The cause may repeat what was given.
    return undefined
  }
}

function problemOf(key: KeyObject | undefined): string | undefined {
  if (!key) return undefined
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (!keyTypes.includes(key.asymmetricKeyType ?? '')) return 'RSA, P-256, P-384 or Ed25519 is expected'
  if (key.asymmetricKeyType === 'rsa' && (modulusLength ?? 0) < leastRsaBits)
    return `an RSA key of ${leastRsaBits} bits at least is expected`
  return namedCurve === undefined || ['prime256v1', 'secp384r1'].includes(namedCurve)
    ? undefined
    : 'P-256 or P-384 is expected'
}
