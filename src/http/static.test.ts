import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createApp } from './app.ts'
import { silentLog } from './log.ts'
import { staticFile, staticFolder } from './static.ts'

const root = mkdtempSync(join(tmpdir(), 'static-'))
after(() => rmSync(root, { recursive: true }))
mkdirSync(join(root, 'site', 'demo'), { recursive: true })
writeFileSync(join(root, 'secret.txt'), 'secret')
writeFileSync(join(root, 'site', 'demo', 'index.html'), '<p>demo</p>')
writeFileSync(join(root, 'site', 'demo', 'a b.js'), '1')
writeFileSync(join(root, 'site', '.hidden'), 'secret')
symlinkSync(join(root, 'secret.txt'), join(root, 'site', 'link.txt'))

const app = createApp({
  routes: [
    ...staticFolder('/apps', join(root, 'site')),
    staticFile('/one.css', join(root, 'secret.txt'), { cors: 'any' }),
  ],
  log: silentLog,
  baseUrl: 'http://localhost',
  allowsOrigin: async () => false,
})

test('files have their type, a policy when they are pages, and an ETag that spares the next answer', async () => {
  const page = await app.inject({ url: '/apps/demo/' })
  assert.equal(page.body, '<p>demo</p>')
  assert.match(page.headers['content-type'] ?? '', /^text\/html/)
  assert.equal(page.headers['cross-origin-opener-policy'], 'same-origin')
  const etag = page.headers.etag ?? ''
  const again = await app.inject({ url: '/apps/demo/', headers: { 'if-none-match': `W/"x", ${etag}` } })
  assert.equal(again.status, 304)
  assert.equal(again.body, '')
  const script = await app.inject({ url: '/apps/demo/a%20b.js' })
  assert.match(script.headers['content-type'] ?? '', /^text\/javascript/)
})

test('a changed file is read anew', async () => {
  const before = await app.inject({ url: '/one.css' })
  writeFileSync(join(root, 'secret.txt'), 'changed content')
  const now = await app.inject({ url: '/one.css', headers: { 'if-none-match': before.headers.etag ?? '' } })
  assert.equal(now.status, 200)
  assert.equal(now.body, 'changed content')
})

test('nothing outside of the folder, hidden, or behind a link is served', async () => {
  const attempts = [
    '../secret.txt',
    'demo/../../secret.txt',
    '..%2Fsecret.txt',
    '%2e%2e/secret.txt',
    'demo/..%5C..%5Csecret.txt',
    '.hidden',
    'link.txt',
    'demo%00',
    '/etc/passwd',
    '',
    'demo',
  ]
  for (const attempt of attempts) {
    const reply = await app.inject({ url: `/apps/${attempt}` })
    assert.ok(reply.status === 404 || reply.status === 400, attempt)
    assert.ok(!reply.body.includes('secret'), attempt)
  }
})
