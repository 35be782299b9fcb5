/** SMART delegates what people may do already: sign-in, sessions, policy and audit are the EHR's own, and stand below every scope. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashSecret } from '../../../src/authorization/secrets.ts'
import { type House, openHouse } from '../../fixtures/house.ts'
import { settle } from '../../fuzz/settle.ts'

const HOUR = 60 * 60 * 1000

async function inHouse(
  work: (house: House, known: Awaited<ReturnType<typeof settle>>) => Promise<void>,
): Promise<void> {
  const house = await openHouse()
  try {
    await work(house, await settle(house))
  } finally {
    await house.close()
  }
}

test('SEC-14, SEED-43, SEED-18: patients and clinicians sign in with accounts of the EHR, whose sessions end by themselves, and what is read is on record', () =>
  inHouse(async (house, { cookies, accessToken }) => {
    assert.equal((await house.inject({ url: '/ehr', cookies })).status, 200)
    const authorization = `Bearer ${accessToken}`
    assert.equal((await house.inject({ url: '/fhir/Patient/amara', headers: { authorization } })).status, 200)
    const recorded = await house.sql.get<{ n: number }>('SELECT count(*) AS n FROM audit')
    assert.ok(Number(recorded?.n) > 0)
    house.pass(13 * HOUR)
    assert.match((await house.inject({ url: '/ehr', cookies })).headers.location ?? '', /\/account\/sign-in/)
  }))

test('SEED-16, SEED-23, SEED-35, SEED-88: nothing of a record is given without a token, whatever is asked', () =>
  inHouse(async (house) => {
    for (const url of [
      '/fhir/Patient/amara',
      '/fhir/Patient',
      '/fhir/Observation?patient=amara',
      '/fhir/_history',
      '/fhir/Patient/amara/$everything',
    ]) {
      const reply = await house.inject({ url })
      assert.equal(reply.status, 401, url)
      assert.match(reply.headers['www-authenticate'] ?? '', /^Bearer/)
      assert.doesNotMatch(reply.body, /Adeyemi/)
    }
  }))

test('SEED-33, SEED-76, RSRC-05: the resource server checks a token by its signature, asking nobody', () =>
  inHouse(async (house, { accessToken }) => {
    const ask = (token: string) =>
      house.inject({ url: '/fhir/Patient/amara', headers: { authorization: `Bearer ${token}` } })
    assert.equal((await ask(accessToken)).status, 200)
    const [header, claims, signature = ''] = accessToken.split('.')
    const bent = `${header}.${claims}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    assert.equal((await ask(bent)).status, 401)
  }))

test('SEED-37: what is asked about a person may stand in the body, so that it is in no address and no log', () =>
  inHouse(async (house, { accessToken }) => {
    const headers = { authorization: `Bearer ${accessToken}` }
    const asked = await house.inject({ url: '/fhir/Observation?_count=3&_sort=_id', headers })
    const posted = await house.inject({
      url: '/fhir/Observation/_search',
      form: { _count: '3', _sort: '_id' },
      headers,
    })
    assert.equal(posted.status, 200)
    const ids = (text: string) =>
      (JSON.parse(text).entry ?? []).map(({ fullUrl }: { fullUrl: string }) => fullUrl)
    assert.deepEqual(ids(posted.body), ids(asked.body))
  }))

test('SEED-37: what was asked in a body is in no address of a later page, in no line of the log, and kept by no cache', async () => {
  const lines: string[] = []
  const told = (fields: object, sentence: string) => void lines.push(JSON.stringify([fields, sentence]))
  const house = await openHouse({ log: { debug: told, info: told, warn: told, error: told } })
  try {
    const { accessToken } = await settle(house)
    lines.length = 0
    const headers = { authorization: `Bearer ${accessToken}` }
    const form = {
      'code:text': 'Blood-pressure-of-Amara',
      _count: '1',
      _total: 'accurate',
      'code:missing': 'false',
    }
    const posted = await house.inject({ url: '/fhir/Observation/_search', form, headers })
    assert.equal(posted.status, 200, posted.body)
    const paged = await house.inject({
      url: '/fhir/Observation/_search',
      form: { _count: '1', date: 'gt1901-07-13' },
      headers,
    })
    const links: { relation: string; url: string }[] = JSON.parse(paged.body).link
    const next = links.find(({ relation }) => relation === 'next')?.url ?? ''
    assert.match(next, /^http:\/\/localhost:8080\/fhir\/Observation\?_page=[A-Za-z0-9_-]+$/)
    const later = await house.inject({ url: next.replace(house.baseUrl, ''), headers })
    assert.equal(JSON.parse(later.body).entry.length, 1)
    for (const reply of [posted, paged, later]) assert.match(reply.headers['cache-control'] ?? '', /no-store/)
    assert.ok(lines.length >= 3)
    assert.doesNotMatch(lines.join('\n'), /Blood-pressure|1901-07-13/)
  } finally {
    await house.close()
  }
})

test('SEED-30: an app that comes without a launch starts by itself, and is given its context all the same', () =>
  inHouse(async (_, { accessToken }) => {
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
    assert.equal(claims.patient, 'amara')
  }))

test('BKND-22, BKND-24, BKND-26: an app that acts for itself is asked for its token, and gets what that covers while it lives', () =>
  inHouse(async (house) => {
    const secret = 'a-secret-of-an-app-that-acts-for-itself'
    await house.stores.clients.add({
      id: 'nightly',
      name: 'Nightly',
      authMethod: 'client_secret_basic',
      secrets: [{ hash: hashSecret(secret), createdAt: 0 }],
      redirectUris: [],
      grantTypes: ['client_credentials'],
      scope: 'system/Patient.rs',
      createdAt: 0,
    })
    const basic = `Basic ${Buffer.from(`nightly:${secret}`).toString('base64')}`
    const form = { grant_type: 'client_credentials', scope: 'system/Patient.rs' }
    const given = await house.inject({ url: '/oauth/token', form, headers: { authorization: basic } })
    assert.equal(given.status, 200, given.body)
    const { access_token, expires_in } = JSON.parse(given.body)
    const ask = (url: string) => house.inject({ url, headers: { authorization: `Bearer ${access_token}` } })
    assert.equal((await ask('/fhir/Patient?_count=1')).status, 200)
    assert.equal((await ask('/fhir/Condition?_count=1')).status, 403)
    assert.equal((await house.inject({ url: '/fhir/Patient?_count=1' })).status, 401)
    house.pass(expires_in * 1000)
    assert.equal((await ask('/fhir/Patient?_count=1')).status, 401)
  }))
