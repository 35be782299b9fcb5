import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseScopes } from '../smart/scope.ts'
import { authenticate } from './authenticate.ts'
import { FhirError } from './outcomes.ts'
import type { UserRights, VerifiedToken } from './ports.ts'

const realm = 'https://ehr.example.org/fhir'

const token: VerifiedToken = {
  clientId: 'app',
  user: 'user-1',
  fhirUser: 'Patient/1',
  patient: '1',
  scopes: parseScopes('openid launch/patient patient/Observation.rs').scopes,
  tokenId: 't1',
  grantId: 'g1',
}

const right = { letters: ['r', 's'], slice: { type: '*', compartments: ['Patient/1'], filter: [] } } as const

function attempt(authorization: string | undefined, verified: VerifiedToken | undefined = token) {
  const seen: string[] = []
  const verifier = {
    async verify(text: string) {
      seen.push(text)
      return text === 'good' ? verified : undefined
    },
  }
  const rights = {
    of: async (user: string) =>
      user === 'user-1' ? { rights: [right], withheld: [], fhirUser: 'Patient/own' } : undefined,
    ofClient: async () => ({ rights: [], withheld: [] }),
  }
  return { seen, caller: authenticate(authorization, verifier, rights, realm) }
}

async function refusalOf(authorization: string | undefined, verified?: VerifiedToken) {
  try {
    await attempt(authorization, verified).caller
  } catch (error) {
    if (error instanceof FhirError) return [error.kind.status, error.more.headers?.['www-authenticate']]
    throw error
  }
  return assert.fail('was let in')
}

test('RSRC-01: the caller has the token’s resource scopes, its context, and the user’s own rights', async () => {
  const caller = await attempt('Bearer good').caller
  assert.deepEqual(
    caller.authority.scopes.map((scope) => scope.type),
    ['Observation'],
  )
  assert.deepEqual(caller.authority.rights, [right])
  assert.deepEqual([caller.patient, caller.authority.patient, caller.grantId], ['1', '1', 'g1'])
})

test('RSRC-01: a person whom the token does not name by their record is on record as who the account says', async () => {
  const { fhirUser: _, ...nameless } = token
  assert.equal((await attempt('Bearer good').caller).fhirUser, 'Patient/1')
  assert.equal((await attempt('Bearer good', nameless).caller).fhirUser, 'Patient/own')
})

test('RFC-17: the scheme is compared without case', async () => {
  assert.equal((await attempt('bEARER good').caller).user, 'user-1')
})

const challenge = `Bearer realm="${realm}"`
const refusals: [string, string | undefined, number, string][] = [
  ['no header', undefined, 401, challenge],
  ['an empty header', '', 401, challenge],
  ['another scheme', 'Basic Z29vZDpnb29k', 401, challenge],
  ['a token without scheme', 'good', 401, challenge],
  ['a scheme without token', 'Bearer', 400, `${challenge}, error="invalid_request"`],
  ['two tokens', 'Bearer good good', 400, `${challenge}, error="invalid_request"`],
  ['characters outside of the grammar', 'Bearer go"od', 400, `${challenge}, error="invalid_request"`],
  ['a list of credentials', 'Bearer bad, Bearer good', 400, `${challenge}, error="invalid_request"`],
  ['an unknown token', 'Bearer bad', 401, `${challenge}, error="invalid_token"`],
]

for (const [name, header, status, expected] of refusals)
  test(`RFC-17: ${name} is refused with ${status}`, async () => {
    assert.deepEqual(await refusalOf(header), [status, expected])
  })

test('RSRC-09: a token of an account that is gone or disabled is refused', async () => {
  const expected = [401, `${challenge}, error="invalid_token"`]
  assert.deepEqual(await refusalOf('Bearer good', { ...token, user: 'user-2' }), expected)
})

test('RSRC-09: a token without user brings no rights', async () => {
  const { user: _user, ...clientOnly } = token
  assert.deepEqual((await attempt('Bearer good', clientOnly).caller).authority.rights, [])
})

test('RSRC-09: the same token and the same rights are the same caller; changed rights are felt at once', async () => {
  let own: UserRights = { rights: [right], withheld: [] }
  const ask = () =>
    authenticate(
      'Bearer good',
      { verify: async () => token },
      { of: async () => own, ofClient: async () => undefined },
      realm,
    )
  const [first, again] = [await ask(), await ask()]
  assert.equal(first, again)
  own = { rights: [], withheld: [] }
  assert.deepEqual((await ask()).authority.rights, [])
})

for (const patient of ['', 'Patient/1', '1/_history/1', '*', '1,2'])
  test(`SCOPE-20: a token whose patient claim is «${patient}» is refused`, async () => {
    const expected = [401, `${challenge}, error="invalid_token"`]
    assert.deepEqual(await refusalOf('Bearer good', { ...token, patient }), expected)
  })

test('a malformed token never reaches the verifier', async () => {
  const { seen, caller } = attempt('Bearer a b')
  await assert.rejects(caller)
  assert.deepEqual(seen, [])
})
