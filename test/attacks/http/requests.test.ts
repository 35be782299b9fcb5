/** Requests to a running server that pretend: methods, paths and headers in disguise, tokens in wrong places or without claims, links of others. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { disguises } from '../resource/disguises.ts'
import { labs } from '../resource/laboratory.ts'
import { observation } from '../resource/records.ts'
import { assertTight, namesIn } from './answers.ts'
import { useHospital } from './hospital.ts'
import { closed } from './records.ts'
import { type Answered, transmit, type Wire } from './wire.ts'

const hospital = useHospital()
const whole = 'patient/*.cruds'

type Pairs = Wire['headers']

/** Sends a request as it stands, and fails when it wrote anything. */
async function wire(path: string, headers: Pairs, more: Partial<Wire> = {}): Promise<Answered> {
  const start = await hospital().versions()
  const reply = await transmit(hospital().base, { method: 'GET', path, headers, ...more })
  assert.equal(await hospital().versions(), start)
  assertTight(reply)
  return reply
}

const bearer = (token: string): Pairs[number] => ['authorization', `Bearer ${token}`]

describe('SCOPE-20: a path in disguise opens nothing', () => {
  const more = [
    '/fhir/../fhir/Patient/b',
    '/fhir/%2e/Patient/b',
    '/fhir/Patient/a/%2E%2E/b',
    '//fhir/Patient/b',
    '/fhir\\Patient\\b',
    '/fhir/Patient/b?',
    '/fhir/Patient/b??',
    '/fhir/Patient%252Fb',
    '/fhir/Patient/a/Observation/../../b',
    '/%66hir/Patient/b',
    '/fhir/Patient/a/_history/../../b',
    '/fhir/Observation/b-lab%23',
    '/fhir/Observation/b-lab?_id=a-lab',
    '/fhir/Observation/a-lab/../b-lab',
    '/fhir/Patient/a/../b/Observation',
    '/fhir/OBSERVATION/b-lab',
    '/fhir/observation?_id=b-lab',
    '/fhir/Observation?_ID=b-lab',
    '/fhir/Patient/B',
  ]
  for (const path of [...disguises, ...more])
    test(path, async () => {
      const token = await hospital().mint(whole)
      await wire(path.replace(/#.*/, ''), [bearer(token)])
      const reply = await wire(path.replace(/#.*/, ''), [])
      assert.ok(reply.status >= 300, reply.body)
    })
})

describe('SCOPE-14: a method in disguise does nothing', () => {
  const body = JSON.stringify(observation('a-lab', 'a', 'laboratory', 'amended'))
  const json: Pairs[number] = ['content-type', 'application/fhir+json']
  for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override'])
    for (const hidden of ['PUT', 'DELETE', 'PATCH'])
      test(`${header}: ${hidden}`, async () => {
        const token = await hospital().mint('patient/*.cruds')
        const headers = [bearer(token), [header, hidden]] as const
        await wire('/fhir/Observation/a-lab', headers)
        await wire('/fhir/Observation/a-lab', [...headers, json], { method: 'POST', body })
        await wire(`/fhir/Observation/a-lab?_method=${hidden}`, [...headers, json], { method: 'POST', body })
        await wire('/fhir/Observation?_id=a-lab', headers)
      })

  for (const [target, status] of [
    ['Patient/a', 200],
    ['Patient/b', 404],
    ['Observation/a-vital', 404],
    ['Observation/a-lab/_history/1', 200],
    ['Observation?patient=b', 200],
    ['Condition?_id=b-pointing', 403],
  ] as const)
    test(`HEAD ${target} is judged as GET, and has no body`, async () => {
      const token = await hospital().mint(`${labs} patient/Patient.rs`)
      const reply = await wire(`/fhir/${target}`, [bearer(token)], { method: 'HEAD' })
      assert.deepEqual([reply.status, reply.body], [status, ''])
      const asked = await wire(`/fhir/${target}`, [bearer(token)])
      const { 'content-length': _, ...headers } = reply.headers
      const { 'content-length': __, ...same } = asked.headers
      assert.deepEqual(headers, same)
    })

  for (const target of ['Observation/b-lab', 'Observation/zzzzz', 'Observation?_id=b-lab', '', '_history'])
    test(`OPTIONS «${target}» does nothing and tells nothing, with a token and without`, async () => {
      for (const headers of [[], [bearer(await hospital().mint(whole))]]) {
        const reply = await wire(`/fhir/${target}`, headers, { method: 'OPTIONS' })
        assert.deepEqual([reply.status < 300, reply.body], [true, ''])
      }
    })

  for (const method of ['TRACE', 'PROPFIND', 'SEARCH', 'LOCK', 'LINK', 'MOVE', 'COPY'])
    test(`${method} is no way in`, async () => {
      const reply = await wire('/fhir/Patient/a', [bearer(await hospital().mint(whole))], { method })
      assert.ok(reply.status >= 400)
      assert.doesNotMatch(reply.body, /Family-a/)
    })

  for (const path of [
    'Observation//a-vital',
    'Observation%2Fa-vital',
    'observation/a-vital',
    'Observation/a-vital/',
  ])
    for (const method of ['DELETE', 'PATCH', 'PUT'])
      test(`${method} ${path} is no way to a resource`, async () => {
        const reply = await wire(`/fhir/${path}`, [bearer(await hospital().mint(whole))], { method })
        assert.ok(reply.status >= 400)
      })
})

describe('RFC-17, RFC-18: a token counts once, in its header', () => {
  const places: readonly [string, (token: string) => Partial<Wire> & { readonly path?: string }][] = [
    ['in the query', (token) => ({ path: `/fhir/Patient/a?access_token=${token}` })],
    [
      'in a form',
      (token) => ({
        method: 'POST',
        path: '/fhir/Patient/_search',
        headers: [['content-type', 'application/x-www-form-urlencoded']],
        body: `access_token=${token}`,
      }),
    ],
    [
      'in a body',
      (token) => ({
        method: 'POST',
        path: '/fhir/Observation',
        headers: [['content-type', 'application/fhir+json']],
        body: JSON.stringify({ resourceType: 'Observation', access_token: token }),
      }),
    ],
    [
      'in a cookie',
      (token) => ({ headers: [['cookie', `access_token=${token}; authorization=Bearer ${token}`]] }),
    ],
    [
      'in another header',
      (token) => ({
        headers: [
          ['x-authorization', `Bearer ${token}`],
          ['proxy-authorization', `Bearer ${token}`],
        ],
      }),
    ],
    [
      'as Basic',
      (token) => ({ headers: [['authorization', `Basic ${Buffer.from(`${token}:`).toString('base64')}`]] }),
    ],
    ['without a scheme', (token) => ({ headers: [['authorization', token]] })],
    ['in a path', (token) => ({ path: `/fhir/${token}/Patient/a` })],
    ['behind another one', (token) => ({ headers: [['authorization', `Bearer x, Bearer ${token}`]] })],
    ['before another one', (token) => ({ headers: [['authorization', `Bearer ${token}, Bearer x`]] })],
    ['in a second header', (token) => ({ headers: [['authorization', 'Bearer x'], bearer(token)] })],
    ['behind Basic', (token) => ({ headers: [['authorization', 'Basic eDp4'], bearer(token)] })],
  ]
  for (const [name, request] of places)
    test(`${name} it opens nothing`, async () => {
      const { path = '/fhir/Patient/a', headers = [], ...more } = request(await hospital().mint(whole))
      const reply = await wire(path, headers, more)
      assert.ok([400, 401, 404].includes(reply.status), `${reply.status} ${reply.body}`)
      assert.doesNotMatch(reply.body, /Family-a/)
    })

  test('of two good tokens none counts, whichever comes first', async () => {
    const tokens = await Promise.all(['a', 'b'].map((patient) => hospital().mint(whole, { patient })))
    const pairs = tokens.map(bearer)
    for (const headers of [pairs, pairs.toReversed()])
      assert.equal((await wire('/fhir/Patient', headers)).status, 400)
  })
})

describe('RSRC-02, RSRC-04: a token whose claims were bent', () => {
  const [past, future] = [1, 4_102_444_800]
  const bent: readonly [string, Readonly<Record<string, unknown>>][] = [
    ['expired', { exp: past }],
    ['without an end', { exp: undefined }],
    ['for another server', { aud: 'https://elsewhere.example/fhir' }],
    ['for several servers', { aud: ['https://elsewhere.example/fhir'] }],
    ['of another issuer', { iss: 'https://elsewhere.example' }],
    ['of a grant that never was', { grant: 'grant_none' }],
    ['of no grant', { grant: undefined }],
    ['without scopes', { scope: undefined }],
    ['of nobody at all', { sub: undefined }],
    ['of no app', { client_id: undefined }],
    ['of nobody', { sub: 'u-nobody' }],
    ['for a patient who is a path', { patient: 'a/../b' }],
    ['for a patient who is a reference', { patient: 'Patient/b' }],
    ['for several patients', { patient: 'a,b' }],
    ['for any patient', { patient: '*' }],
    ['that ends as text', { exp: String(future) }],
  ]
  for (const [name, claims] of bent)
    test(name, async () => {
      const reply = await wire('/fhir/Patient/a', [bearer(await hospital().mint(whole, claims))])
      assert.equal(reply.status, 401)
      assert.match(reply.headers['www-authenticate'] ?? '', /error="invalid_token"/)
    })

  const forged: readonly [string, (token: string) => string][] = [
    ['unsigned', (token) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${token.split('.')[1]}.`],
    [
      'with another patient under the old signature',
      (token) => {
        const [header, claims = '', signature] = token.split('.')
        return `${header}.${encode({ ...decode(claims), patient: 'b' })}.${signature}`
      },
    ],
    ['with a signature cut short', (token) => token.slice(0, -4)],
    ['with something behind it', (token) => `${token}.x`],
    [
      'of another type',
      (token) => {
        const [header = '', claims, signature] = token.split('.')
        return `${encode({ ...decode(header), typ: 'JWT' })}.${claims}.${signature}`
      },
    ],
  ]
  for (const [name, forge] of forged)
    test(name, async () => {
      const reply = await wire('/fhir/Patient/a', [bearer(forge(await hospital().mint(whole)))])
      assert.equal(reply.status, 401)
    })
})

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const decode = (text: string): object => JSON.parse(Buffer.from(text, 'base64url').toString())

describe('SCOPE-20, RSRC-09: a claim that is missing closes, and opens nothing', () => {
  const targets = [
    'Patient/a',
    'Patient',
    'Observation/a-lab',
    'Observation?patient=a',
    'Patient/a/$everything',
    '_history',
  ]
  for (const target of targets) {
    test(`patient scopes without a patient: ${target}`, async () => {
      const reply = await wire(`/fhir/${target}`, [
        bearer(await hospital().mint(whole, { patient: undefined })),
      ])
      assert.equal(reply.status, 403)
      assert.doesNotMatch(reply.body, /Family-a|secret of a/)
    })

    test(`no scopes at all: ${target}`, async () => {
      for (const scope of [
        '',
        'openid fhirUser launch/patient',
        'patient/*.',
        'patient/*.x',
        'Patient/*.rs',
        'patient/*.rs?',
      ])
        assert.equal(
          (await wire(`/fhir/${target}`, [bearer(await hospital().mint(scope))])).status,
          403,
          scope,
        )
    })
  }

  test('a user scope with a patient’s account behind it stays in that record, whatever the claims say', async () => {
    for (const claims of [
      {},
      { fhirUser: undefined },
      { fhirUser: 'Practitioner/doctor' },
      { patient: 'b' },
    ]) {
      const token = await hospital().mint('user/*.cruds', { sub: 'u-patient', ...claims })
      assert.deepEqual(namesIn(await wire('/fhir/Patient', [bearer(token)])), ['Patient/a'])
      assert.equal((await wire('/fhir/Observation/b-lab', [bearer(token)])).status, 404)
      const hidden = await wire('/fhir/Patient/b/$everything', [bearer(token)])
      assert.equal(hidden.status, 404)
    }
  })

  test('a patient scope for somebody else’s record gives a patient nothing', async () => {
    const token = await hospital().mint(whole, { sub: 'u-patient', patient: 'b' })
    for (const target of ['Patient/b', 'Observation/b-lab'])
      assert.equal((await wire(`/fhir/${target}`, [bearer(token)])).status, 404)
    assert.deepEqual(namesIn(await wire('/fhir/Observation', [bearer(token)])), [])
  })

  test('the authorization server lets no patient pick another’s record', async () => {
    const token = await hospital().authorize('launch/patient patient/*.rs', 'patient', 'b')
    const reply = await wire('/fhir/Patient', [bearer(token)])
    assert.deepEqual(namesIn(reply), ['Patient/a'])
  })
})

describe('RSRC-03: a page link is good for its grant alone', () => {
  const starts = [
    'Observation?_count=1',
    'Observation/_history?_count=1',
    '_history?_count=1',
    'Patient/a/$everything?_count=1',
    '?_type=Observation&_count=1',
  ]
  for (const start of starts)
    test(start, async () => {
      const first = await hospital().ask(await hospital().mint(whole), start)
      const { link } = JSON.parse(first.body) as { link: { relation: string; url: string }[] }
      const next = new URL(link.find(({ relation }) => relation === 'next')?.url ?? '')
      const path = next.pathname + next.search
      const other = await hospital().authorize(`launch/patient ${whole}`, 'clinician', 'b')
      const same = await hospital().authorize(`launch/patient ${whole}`, 'clinician', 'a')
      for (const token of [other, same]) {
        const reply = await transmit(hospital().base, { method: 'GET', path, headers: [bearer(token)] })
        assert.ok(reply.status >= 400, reply.body)
      }
      // The same grant with less in its token: the page is judged anew.
      const narrow = await hospital().mint(labs)
      assertTight(await wire(path, [bearer(narrow)]), closed)
      const elsewhere = path.replace('Observation', 'Condition').replace('Patient/a', 'Patient/b')
      if (elsewhere !== path)
        assert.ok((await wire(elsewhere, [bearer(await hospital().mint(whole))])).status >= 400)
      const spoilt = `${path.slice(0, -2)}${path.endsWith('A') ? 'B' : 'A'}x`
      assert.ok((await wire(spoilt, [bearer(await hospital().mint(whole))])).status >= 400)
    })
})

describe('error texts tell of the request, not of the record', () => {
  const broken: readonly [string, string, string?][] = [
    ['GET', 'Observation?date=x&_id=b-lab'],
    ['GET', 'Observation?_sort=nonsense&subject=Patient/b'],
    ['GET', 'Observation/b-lab?_format=xml'],
    ['GET', 'Observation/b-lab/_history?_count=x'],
    ['PUT', 'Observation/b-lab', '{"resourceType":"Observation","id":"other"}'],
    ['PUT', 'Observation/b-lab', '{'],
    ['PATCH', 'Observation/b-lab', '{}'],
    ['POST', 'Observation/b-lab', '{}'],
    ['POST', 'Observation/b-lab/$validate', '{}'],
    ['DELETE', 'Observation?value-string:exact=secret'],
  ]
  for (const [method, target, body] of broken)
    test(`${method} ${target} ${body ?? ''}`, async () => {
      const headers: Pairs = [bearer(await hospital().mint(whole)), ['content-type', 'application/fhir+json']]
      const more = { method, ...(body !== undefined && { body }) }
      const hidden = await wire(`/fhir/${target}`, headers, more)
      const absent = await wire(`/fhir/${target.replace('b-lab', 'zzzzz')}`, headers, more)
      assert.equal(hidden.status, absent.status)
      assert.equal(hidden.body.replaceAll('b-lab', 'zzzzz'), absent.body)
    })
})

test('nothing was a fault of ours', () => {
  assert.deepEqual(hospital().faults, [])
})
