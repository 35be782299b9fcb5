/** What exists in the house that is fuzzed: people who are signed in, an app that holds tokens, an authorization that waits. */
import { createHash } from 'node:crypto'
import { parseForms } from '../fixtures/forms.ts'
import type { House } from '../fixtures/house.ts'
import type { Known } from './values.ts'

const REDIRECT = '/apps/trends/index.html'
const VERIFIER = 'v'.repeat(43)

/** Furnishes a house with what hostile requests may name. */
export async function settle(house: House): Promise<Known> {
  const doctor = await signIn(house, 'dr.lin')
  const patient = await signIn(house, 'patient.amara')
  const { access_token = '', refresh_token = '' } = await tokensFor(house, patient)
  const waiting = await house.inject({ url: authorizeUrl(house), cookies: patient.cookies })
  const flow = waiting.headers.location?.split('/').at(-1) ?? ''
  return { ...doctor, flow, accessToken: access_token, refreshToken: refresh_token, baseUrl: house.baseUrl }
}

/** A browser: its cookies, and the field that its forms carry. */
interface SignedIn {
  readonly cookies: Readonly<Record<string, string>>
  readonly csrf: string
}

async function signIn(house: House, username: string): Promise<SignedIn> {
  const page = await house.inject({ url: '/account/sign-in' })
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
  const form = { _csrf: csrf, username, password: 'sandbox' }
  const reply = await house.inject({ url: '/account/sign-in', cookies: page.cookies, form })
  return { cookies: { ...page.cookies, ...reply.cookies }, csrf }
}

function authorizeUrl({ baseUrl }: House): string {
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'trends',
    redirect_uri: baseUrl + REDIRECT,
    scope: 'openid fhirUser launch/patient offline_access patient/*.rs',
    state: 'state-1',
    aud: `${baseUrl}/fhir`,
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return `/oauth/authorize?${query}`
}

/** Goes the way of an authorization for somebody with one record, allowing everything. */
async function tokensFor(house: House, { cookies, csrf }: SignedIn) {
  const opened = await house.inject({ url: authorizeUrl(house), cookies })
  const url = (opened.headers.location ?? '').replace(house.baseUrl, '')
  const page = await house.inject({ url, cookies })
  const form = parseForms(page.body).find(({ buttons }) => buttons.some(({ name }) => name === 'decision'))
  if (!form) throw new Error(`no consent page: ${page.status} ${page.body.slice(0, 500)}`)
  const fields = form.fields.filter(([name]) => name !== '_csrf')
  const allowed = [...fields, ['_csrf', csrf] as const, ['decision', 'allow'] as const]
  const back = await house.inject({ url, cookies, form: allowed })
  const code = new URL(back.headers.location ?? '').searchParams.get('code') ?? ''
  const exchange = {
    grant_type: 'authorization_code',
    client_id: 'trends',
    redirect_uri: house.baseUrl + REDIRECT,
    code,
    code_verifier: VERIFIER,
  }
  const reply = await house.inject({ url: '/oauth/token', form: exchange })
  return JSON.parse(reply.body) as { access_token?: string; refresh_token?: string }
}
