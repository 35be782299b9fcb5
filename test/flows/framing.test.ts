import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { serve } from '../fixtures/process.ts'
import { TRENDS } from './fixture/trends.ts'
import { useWorld } from './fixture/use-world.ts'

const world = useWorld()

async function ancestorsOf(address: string): Promise<string | undefined> {
  const { headers } = await fetch(address)
  return /frame-ancestors ([^;]+)/.exec(headers.get('content-security-policy') ?? '')?.[1]
}

test('in a sandbox its own pages may frame sign-in, consent and app, and no other page may', async () => {
  for (const path of ['/account/sign-in', '/oauth/authorize', '/oauth/flow/none', TRENDS.home])
    assert.equal(await ancestorsOf(`${world.base}${path}`), "'self'", path)
})

test('elsewhere no page may frame them', async () => {
  const data = await mkdtemp(join(tmpdir(), 'chartkey-flow-'))
  const server = await serve(data)
  try {
    for (const path of ['/account/sign-in', '/oauth/authorize', '/oauth/flow/none'])
      assert.equal(await ancestorsOf(`${server.base}${path}`), "'none'", path)
  } finally {
    await server.stop()
    await rm(data, { recursive: true, force: true })
  }
})
