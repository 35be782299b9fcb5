import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Params } from '../../http/params.ts'
import { parseScopes } from '../../smart/scope.ts'
import { checkAudience } from './check-audience.ts'

const { scopes } = parseScopes('patient/*.rs')

function isFor(aud: string, base: string): boolean {
  try {
    checkAudience(new Params([['aud', aud]]), scopes, base)
    return true
  } catch {
    return false
  }
}

const same: readonly (readonly [string, string])[] = [
  ['https://ehr.example/fhir', 'https://ehr.example/fhir/'],
  ['https://ehr.example/fhir', 'https://ehr.example:443/fhir'],
  ['https://ehr.example/fhir', 'HTTPS://EHR.Example/fhir'],
  ['http://ehr.example/fhir', 'http://ehr.example:80/fhir'],
  ['https://ehr.example:8443/fhir', 'https://EHR.EXAMPLE:8443/fhir'],
  ['http://[::1]:8080/fhir', 'http://[::1]:8080/fhir/'],
]
for (const [base, aud] of same) test(`AMB-04, AUTHZ-13: ${aud} is ${base}`, () => assert.ok(isFor(aud, base)))

const others: readonly (readonly [string, string])[] = [
  ['https://ehr.example/fhir', 'http://ehr.example/fhir'],
  ['https://ehr.example/fhir', 'https://ehr.example:80/fhir'],
  ['https://ehr.example/fhir', 'https://ehr.example:8443/fhir'],
  ['http://ehr.example/fhir', 'http://ehr.example:443/fhir'],
  ['https://ehr.example/fhir', 'https://ehr.example/Fhir'],
  ['https://ehr.example/fhir', 'https://ehr.example/%66hir'],
  ['https://ehr.example/fhir', 'https://ehr.example/fhir/Patient'],
  ['https://ehr.example/fhir', 'https://ehr.example/fhir//'],
  ['https://ehr.example/fhir', 'https://ehr.example./fhir'],
  ['https://ehr.example/fhir', 'https://ehr.example'],
  ['https://ehr.example/fhir', 'https://ehr.example.evil.example/fhir'],
  ['https://ehr.example:8443/fhir', 'https://ehr.example/fhir'],
  ['https://ehr.example/fhir', 'https://ehr.example/fhir#x'],
  ['https://ehr.example/fhir', 'https://evil.example\\@ehr.example/fhir'],
  ['https://ehr.example/fhir', ' https://ehr.example/fhir'],
  ['https://ehr.example/fhir', '/fhir'],
]
for (const [base, aud] of others)
  test(`AMB-04, AUTHZ-13: ${aud} is not ${base}`, () => assert.ok(!isFor(aud, base)))

test('AUTHZ-11, AUTHZ-12: a refusal tells which aud it has to be, and how a request object says it', () => {
  const base = 'https://ehr.example/fhir'
  const missing = 'The parameter aud is missing: it has to be https://ehr.example/fhir, the FHIR server.'
  assert.throws(() => checkAudience(new Params([]), scopes, base), {
    text: `${missing} A request object says so in resource, or beside the issuer in its aud.`,
  })
  assert.throws(() => checkAudience(new Params([['aud', 'https://ehr.example']]), scopes, base), {
    text: 'The parameter aud has to be https://ehr.example/fhir, the FHIR server of this authorization server.',
  })
  const resource = new Params([['resource', 'https://ehr.example']])
  assert.throws(() => checkAudience(resource, scopes, base), { text: /^The parameter resource has to be/ })
})
