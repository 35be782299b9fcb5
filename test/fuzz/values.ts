/** What parameters are filled with: what nearly fits, and what was made to break things. */
import fc from 'fast-check'

/** Things that exist in the house that is fuzzed. */
export interface Known {
  /** Of somebody who is signed in, and the field that goes with them. */
  readonly cookies: Readonly<Record<string, string>>
  readonly csrf: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly flow: string
  readonly baseUrl: string
}

export const hostile: readonly string[] = [
  '\u0000',
  'a\u0000b',
  'x\r\nSet-Cookie: stolen=1',
  'x\nLocation: https://evil.example/',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' OR 1=1 --",
  '"; DROP TABLE clients; --',
  '../../../../etc/passwd',
  '..%2f..%2f',
  `\${7*7}{{7*7}}<%= 7*7 %>`,
  '__proto__',
  'constructor',
  'hasOwnProperty',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u2066\ufeff',
  'İıſK',
  '𝔘𝔫𝔦',
  'e\u0301'.repeat(50),
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '1e309',
  '9'.repeat(400),
  '%',
  '%zz',
  '%00',
  '%C0%AF',
  '+ +',
  ' ',
  '\t',
  'a'.repeat(5_000),
  'A'.repeat(43),
  'x '.repeat(3_000),
  '{"a":'.repeat(500),
  '['.repeat(2_000),
  'javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'https://evil.example/',
  'https://evil.example@localhost/',
  'http://[::1]:99999/',
  '//evil.example',
  '\\\\evil.example',
  'file:///etc/passwd',
  'urn:x',
  'http://169.254.169.254/latest/meta-data/',
]

const near = [
  'code',
  'S256',
  'plain',
  'none',
  'login consent',
  'select_account',
  'query',
  'fragment',
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  'urn:ietf:params:oauth:token-type:access_token',
  'trends',
  'dr.lin',
  'patient.amara',
  'amara',
  'Patient/amara',
  'allow',
  'deny',
  'true',
  'false',
  'en',
  'zh-TW',
  'en-GB;q=0.9,*;q=0.1',
  'openid fhirUser launch/patient patient/*.rs offline_access',
  'patient/*.read launch',
  'system/*.rs',
  'user/Observation.rs?category=laboratory',
  'patient/Observation.dus',
  'launch/patient?role=friend',
  'http://localhost:8080/fhir',
  'http://localhost:8080/apps/trends/index.html',
  '2024-01-01',
  'http://loinc.org|8867-4',
]

/** A JSON Web Token of any header and claims, signed by nobody. */
const token = fc
  .tuple(
    fc.record({
      alg: fc.constantFrom('none', 'HS256', 'RS384', 'ES384', 'ES256', 'EdDSA', 'x'),
      typ: fc.constantFrom('JWT', 'at+jwt', 'dpop+jwt', ''),
      kid: fc.string({ maxLength: 20 }),
    }),
    fc.record({
      iss: fc.constantFrom('trends', 'http://localhost:8080', ''),
      sub: fc.constantFrom('trends', 'dr.lin', ''),
      aud: fc.constantFrom('http://localhost:8080', 'http://localhost:8080/oauth/token', 'x'),
      exp: fc.oneof(fc.integer(), fc.constant(4_102_444_800), fc.constant('soon')),
      jti: fc.string({ maxLength: 20 }),
    }),
    fc.base64String({ maxLength: 100 }),
  )
  .map((parts) => parts.map((part) => (typeof part === 'string' ? part : encode(part))).join('.'))

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

function textsOf({ cookies, ...known }: Known): string[] {
  return [...Object.values(known), ...Object.values(cookies)]
}

/** Any value of a parameter or a member. */
export function anyValue(known: Known): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...near) },
    { weight: 3, arbitrary: fc.constantFrom(...textsOf(known)) },
    { weight: 5, arbitrary: fc.constantFrom(...hostile) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
    { weight: 1, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
    { weight: 1, arbitrary: token },
    { weight: 1, arbitrary: fc.constant('') },
  )
}
