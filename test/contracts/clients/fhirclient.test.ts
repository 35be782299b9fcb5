/** `fhirclient` on a server: the reference SMART client, with its discovery, PKCE, sessions and refresh. The browser's half is in the flows. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import smart from 'fhirclient'
import { useOpenDoor } from '../../fixtures/open-door.ts'
import { Visitor } from '../../fixtures/visitor.ts'

const SCOPE = 'openid fhirUser launch/patient patient/*.rs offline_access'

const kept = new Map<string, unknown>()
let app: Server
let address: string
let clientId: string

/** One session, in memory. */
const storage = {
  get: async (key: string) => kept.get(key),
  set: async (key: string, value: unknown) => {
    kept.set(key, value)
    return value
  },
  unset: async (key: string) => kept.delete(key),
}

const house = useOpenDoor(async (opened) => {
  app = createServer((request, response) => {
    answer(request, response).catch((error: Error) => {
      response.writeHead(500).end(error.message)
    })
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(app.address() as AddressInfo).port}`
  const metadata = {
    client_name: 'Server',
    redirect_uris: [`${address}/back`],
    scope: SCOPE,
    token_endpoint_auth_method: 'none',
  }
  const body = JSON.stringify(metadata)
  const reply = await opened.inject({
    url: '/oauth/register',
    body,
    headers: { 'content-type': 'application/json' },
  })
  clientId = JSON.parse(reply.body).client_id
})
after(() => app.close())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const api = smart(request as never, response as never, storage as never)
  if (request.url?.startsWith('/start'))
    return void (await api.authorize({
      clientId,
      scope: SCOPE,
      redirectUri: '/back',
      iss: `${house().baseUrl}/fhir`,
    }))
  const client = await api.ready()
  const patient = (await client.patient.read()) as { id?: string }
  const observations = await client.patient.request<{ total?: number }>('Observation?_count=1')
  const before = client.state.tokenResponse?.access_token
  const { tokenResponse } = await client.refresh()
  const told = {
    patient: patient.id,
    user: client.user.fhirUser,
    observations,
    refreshed: tokenResponse?.access_token !== before,
  }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
}

test('SEED-17, SEED-28: the reference client on a server signs in, reads the record in context and refreshes', async () => {
  const visitor = new Visitor(house().baseUrl, { username: 'parent.diego', password: 'sandbox' })
  const back = await visitor.follow(`${address}/start`, `${address}/back`)
  const reply = await fetch(back)
  const text = await reply.text()
  assert.equal(reply.status, 200, text)
  const told = JSON.parse(text) as {
    patient: string
    user: string
    observations: { resourceType: string }
    refreshed: boolean
  }
  assert.ok(told.patient)
  assert.match(told.user, /RelatedPerson|Patient/)
  assert.equal(told.observations.resourceType, 'Bundle')
  assert.equal(told.refreshed, true)
})
