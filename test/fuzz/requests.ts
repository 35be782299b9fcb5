/** Requests to every address of the route table: some of them nearly good, some of them nothing that anybody would send. */
import fc from 'fast-check'
import type { InjectedRequest } from '../../src/http/inject.ts'
import type { House } from '../fixtures/house.ts'
import { headerNames, memberNames, parameterNames } from './names.ts'
import { anyValue, type Known } from './values.ts'

/** A request as it is sent, and the address of the table that it is meant for. */
export interface Fuzzed {
  readonly mount: string
  readonly request: InjectedRequest & { readonly method: string }
}

type Pairs = readonly (readonly [string, string])[]

const MORE_METHODS = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'QUERY',
  'PROPFIND',
] as const
const GIVING = /^\/(?:oauth|account|admin|fhir(?:\/\*)?$|ehr\/.*launch)/
const FORM = 'application/x-www-form-urlencoded'
const TYPES = [
  FORM,
  `${FORM}; charset=utf-8`,
  'application/json',
  'application/fhir+json',
  'multipart/form-data; boundary=x',
  'text/plain',
  'text/html',
  'nonsense',
  '',
]
const FHIR_PATHS = [
  'Patient/amara',
  'Patient',
  'Observation?patient=amara',
  'Observation/x/_history/1',
  '_history',
  'Patient/amara/$everything',
  '$access',
  'Patient/_search',
  'AuditEvent',
  'Binary/1',
]

/** Good requests, of which one thing is changed: they get past the first checks. */
const baselines: Readonly<Record<string, Pairs>> = {
  '/oauth/authorize': [
    ['response_type', 'code'],
    ['client_id', 'trends'],
    ['redirect_uri', 'http://localhost:8080/apps/trends/index.html'],
    ['scope', 'openid fhirUser launch/patient patient/*.rs'],
    ['state', 'state-1'],
    ['aud', 'http://localhost:8080/fhir'],
    ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
    ['code_challenge_method', 'S256'],
  ],
  '/oauth/flow/:id': [
    ['scope', 'openid'],
    ['decision', 'allow'],
    ['patient', 'amara'],
  ],
  '/account/sign-in': [
    ['username', 'nobody'],
    ['password', 'wrong'],
    ['return_to', '/account'],
  ],
  '/oauth/token': [
    ['grant_type', 'authorization_code'],
    ['client_id', 'trends'],
    ['code', 'A'.repeat(43)],
    ['redirect_uri', 'http://localhost:8080/apps/trends/index.html'],
    ['code_verifier', 'v'.repeat(43)],
  ],
}

const GOOD_METADATA = { redirect_uris: ['https://app.example/cb'], scope: 'openid patient/*.rs' }

/** Any request to the house; those that give something come more often than those that show what everybody may see. */
export function anyRequest(house: House, known: Known): fc.Arbitrary<Fuzzed> {
  const value = anyValue(known)
  const headers = headersOf(value, known)
  const toAddress = ({ path, methods }: House['app']['addresses'][number]) =>
    fc
      .record({
        mount: fc.constant(path),
        method: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom(...methods.filter((method) => method !== 'OPTIONS')) },
          { weight: 1, arbitrary: fc.constantFrom(...MORE_METHODS) },
        ),
        url: addressOf(path, value, known),
        query: fc.oneof(
          { weight: 2, arbitrary: fc.constant([]) },
          { weight: 3, arbitrary: pairs(path, value) },
        ),
        body: bodyOf(path, value, known),
        headers,
        signedIn: fc.boolean(),
      })
      .map(toRequest(known))
  const weighed = house.app.addresses.map((address) => ({
    weight: GIVING.test(address.path) ? 6 : 1,
    arbitrary: toAddress(address),
  }))
  return fc.oneof(...weighed)
}

function toRequest(known: Known) {
  return (raw: {
    mount: string
    method: string
    url: string
    query: Pairs
    body: { type: string; text: string }
    headers: Record<string, string>
    signedIn: boolean
  }): Fuzzed => {
    const { mount, method, url, query, body, headers, signedIn } = raw
    const hasBody = method !== 'GET' && method !== 'HEAD' && body.text !== ''
    const cookies = signedIn ? known.cookies : {}
    return {
      mount,
      request: {
        method,
        url: url + (query.length === 0 ? '' : `?${encoded(query)}`),
        headers: { ...(hasBody && body.type !== '' && { 'content-type': body.type }), ...headers },
        ...(hasBody && { body: body.text }),
        ...(headers.cookie === undefined && { cookies }),
      },
    }
  }
}

/** Segments of the table's pattern, filled. */
function addressOf(path: string, value: fc.Arbitrary<string>, known: Known): fc.Arbitrary<string> {
  const segment = fc
    .oneof(value, fc.constantFrom(known.flow, 'amara', 'trends'))
    .map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 3_000))
  const parts = path.split('/').map((part) => {
    if (part.startsWith(':')) return segment
    if (part !== '*') return fc.constant(part)
    return fc.oneof(
      fc.constantFrom(...FHIR_PATHS),
      segment,
      fc.array(segment, { maxLength: 4 }).map((all) => all.join('/')),
    )
  })
  return fc.tuple(...parts).map((filled) => filled.join('/') || '/')
}

function pairs(path: string, value: fc.Arbitrary<string>): fc.Arbitrary<Pairs> {
  const free = fc.array(fc.tuple(fc.constantFrom(...parameterNames), value), { maxLength: 8 })
  const good = baselines[path]
  if (!good) return free
  const changed = fc
    .tuple(fc.nat(good.length - 1), value, free, fc.constantFrom('change', 'drop', 'repeat', 'add'))
    .map(([at, text, more, how]): Pairs => {
      if (how === 'change') return good.map(([name, old], index) => [name, index === at ? text : old])
      if (how === 'drop') return good.filter((_, index) => index !== at)
      return how === 'add' ? [...good, ...more] : [...good, [good[at]?.[0] ?? '', text]]
    })
  return fc.oneof({ weight: 3, arbitrary: changed }, { weight: 1, arbitrary: free })
}

function bodyOf(path: string, value: fc.Arbitrary<string>, known: Known) {
  const form = fc
    .tuple(pairs(path, value), fc.boolean())
    .map(([fields, forged]) => encoded(forged ? fields : [...fields, ['_csrf', known.csrf]]))
  const member = fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.jsonValue({ maxDepth: 2 }))
  const json = fc
    .tuple(fc.boolean(), fc.dictionary(fc.constantFrom(...memberNames), member, { maxKeys: 6 }))
    .map(([good, members]) => JSON.stringify(good ? { ...GOOD_METADATA, ...members } : members))
  const type = fc.constantFrom(...TYPES)
  return fc.oneof(
    { weight: 5, arbitrary: fc.record({ type: fc.constant(FORM), text: form }) },
    {
      weight: 3,
      arbitrary: fc.record({
        type: fc.constantFrom('application/json', 'application/fhir+json'),
        text: json,
      }),
    },
    { weight: 1, arbitrary: fc.record({ type, text: fc.json() }) },
    { weight: 1, arbitrary: fc.record({ type, text: value }) },
    { weight: 1, arbitrary: fc.record({ type, text: fc.constant('') }) },
  )
}

function headersOf(value: fc.Arbitrary<string>, known: Known): fc.Arbitrary<Record<string, string>> {
  const printable = value.map((text) => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 2_000))
  const any = fc.dictionary(fc.constantFrom(...headerNames), printable, { maxKeys: 3 })
  const authorization = fc.oneof(
    fc.constant({}),
    fc.constant({ authorization: `Bearer ${known.accessToken}` }),
    fc.constant({ authorization: `Bearer ${known.accessToken}` }),
    printable.map((text) => ({ authorization: `Bearer ${text}` })),
    fc.tuple(value, value).map((both) => ({
      authorization: `Basic ${Buffer.from(both.join(':')).toString('base64')}`,
    })),
  )
  return fc.tuple(authorization, any).map(([first, second]) => withoutLength({ ...first, ...second }))
}

/** The length is the client's own to tell; a wrong one is tried over the wire elsewhere. */
function withoutLength({ 'content-length': _, ...headers }: Record<string, string>): Record<string, string> {
  return headers
}

/** Form-encoded, lone surrogates and bytes that are no UTF-8 included. */
function encoded(fields: Pairs): string {
  return fields
    .map(([name, text]) =>
      text === '%zz' || text === '%' ? `${name}=${text}` : new URLSearchParams([[name, text]]).toString(),
    )
    .join('&')
}
