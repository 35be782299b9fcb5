import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from './app.ts'
import { silentLog } from './log.ts'
import { json, text } from './reply.ts'

const problem = (status: number, sentence: string) => json(status, { error: sentence })

test('the neighbours of an address are those nearest to it', async () => {
  const page = { method: 'GET', handle: () => text(200, 'page') } as const
  const called = { method: 'GET', failure: problem, handle: () => text(200, 'called') } as const
  const app = createApp({
    log: silentLog,
    baseUrl: 'http://localhost:8080',
    allowsOrigin: async () => false,
    routes: [
      { ...page, path: '/admin' },
      { ...page, path: '/admin/apps/:id' },
      { ...called, path: '/admin/api/apps' },
      { ...called, path: '/admin/api/apps/:id/secrets' },
      { ...page, path: '/ehr' },
      { ...called, path: '/ehr/launches' },
      { ...page, path: '/ehr/launches/start/:id' },
      { ...called, path: '/oauth/token' },
      { ...page, path: '/oauth/authorize' },
      { ...page, path: '/oauth/flow/:id' },
      { ...page, path: '/oauth/mixed/page' },
      { ...called, path: '/oauth/mixed/called' },
      { ...called, path: '/.well-known/one' },
    ],
  })
  const isTold = async (url: string) => {
    const { status, headers } = await app.inject({ url })
    assert.equal(status, 404, url)
    return headers['content-type']?.startsWith('application/json')
  }
  for (const url of [
    '/admin/api',
    '/admin/api/',
    '/admin/api/nothing',
    '/admin/api/apps/1/nothing',
    '/ehr/launches/nothing',
    '/ehr/launches/1/2/3',
    '/oauth/nothing',
    '/oauth/token/1',
    '/oauth/mixed/nothing',
    '/.well-known/nothing',
  ])
    assert.ok(await isTold(url), url)
  for (const url of [
    '/nothing',
    '/admin/nothing',
    '/admin/apps/1/2',
    '/admin/apis',
    '/ehr/launches/start/1/2',
    '/ehr/nothing',
    '/oauth/authorize/1',
    '/oauth/flow/1/2',
    `/${'/'.repeat(30_000)}`,
  ])
    assert.ok(!(await isTold(url)), url)
})
