/** A sandbox that strangers reach, and what they would have it ask on its own machine. REG-03, SEC-01, SEED-07. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { kindOfRun } from '../../fixtures/databases.ts'
import { newDatabase } from '../../fixtures/lent-databases.ts'
import { type Served, serve } from '../../fixtures/process.ts'

const onNetwork = ['--host', '0.0.0.0', '--sandbox-on-network', '--allow-insecure-http']

/** A service of the machine itself, which no stranger gets to; it writes down who asks. */
async function neighbour(t: TestContext): Promise<{ base: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('content-type', 'application/json')
    response.end('{"keys":[]}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { base: `http://localhost:${(server.address() as AddressInfo).port}`, asked }
}

async function sandbox(t: TestContext, ...options: string[]): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-network-'))
  const data = kindOfRun() === 'SQLite' ? folder : await newDatabase('bare')
  const served = await serve(data, '--sandbox', ...options)
  t.after(async () => {
    await served.kill()
    rmSync(folder, { recursive: true })
  })
  return served
}

/** An app whose `client_id` is an address, and one whose keys are at one. */
async function visit(origin: string, target: string): Promise<void> {
  await fetch(`${origin}/oauth/authorize?client_id=${encodeURIComponent(`${target}/document`)}`)
  const registered = await fetch(`${origin}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Curious',
      grant_types: ['client_credentials'],
      scope: 'system/*.rs',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `${target}/jwks`,
    }),
  })
  const { client_id: client } = (await registered.json()) as { client_id?: string }
  if (client === undefined) return
  const found = await fetch(`${origin}/fhir/.well-known/smart-configuration`)
  const { token_endpoint: aud } = (await found.json()) as { token_endpoint: string }
  const exp = Math.floor(Date.now() / 1000) + 200
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss: client, sub: client, aud, exp, jti: client }
  await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: `${part({ alg: 'ES384', kid: 'k', typ: 'JWT' })}.${part(claims)}.${part({})}`,
    }),
  })
}

test('SSRF: a sandbox on the network asks nothing of its own machine, whoever names it', async (t) => {
  const { base, asked } = await neighbour(t)
  const served = await sandbox(t, ...onNetwork)
  await visit(`http://127.0.0.1:${new URL(served.base).port}`, base)
  assert.deepEqual(asked, [])
})

test('REG-03: a sandbox of this machine alone asks its neighbours, for whoever develops an app', async (t) => {
  const { base, asked } = await neighbour(t)
  const served = await sandbox(t)
  await visit(served.base, base)
  assert.deepEqual(asked, ['/document', '/jwks'])
})
