import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../http/app.ts'
import { silentLog } from '../http/log.ts'
import { uiRoutes } from './assets.ts'
import { styleDocument, styleDocumentOf } from './style-document.ts'

const app = createApp({
  routes: uiRoutes(),
  log: silentLog,
  baseUrl: 'http://localhost',
  allowsOrigin: async () => false,
})
const tokens = (radius: string) =>
  `:root { --ground: #fff; --danger: #f00; --accent: #00f; --backdrop: #0008; --success: #0f0; --ink: #000;
  --radius: ${radius}; --text-body: 1rem; --space-4: 0.5rem; --font:
    "A B", sans-serif; }
  @media (x) { :root { --ground: #000; } }`

test('CTX-22: the style document is served to every origin, with every member and values of the stylesheet', async () => {
  const reply = await app.inject({ url: styleDocument.path, headers: { origin: 'https://app.example' } })
  assert.equal(reply.status, 200)
  assert.match(String(reply.headers['content-type']), /^application\/json/)
  assert.equal(reply.headers['access-control-allow-origin'], '*')
  const style = JSON.parse(reply.body)
  const colors = ['background', 'error', 'highlight', 'modal_backdrop', 'success', 'text'].map(
    (name) => `color_${name}`,
  )
  const dims = ['border_radius', 'font_size', 'spacing_size'].map((name) => `dim_${name}`)
  const fonts = ['font_family_body', 'font_family_heading']
  assert.deepEqual(Object.keys(style), [...colors, ...dims, ...fonts])
  for (const name of colors) assert.match(style[name], /^#(?:[\da-f]{6}|[\da-f]{8})$/)
  for (const name of dims) assert.match(style[name], /^\d+(?:\.\d+)?px$/)
  for (const name of fonts) assert.match(style[name], /sans-serif$/)
})

test('CTX-23: another content has another address, the same content the same one, and it is kept for good', async () => {
  const first = styleDocumentOf(tokens('4px'))
  assert.notEqual(styleDocumentOf(tokens('0.5rem')).path, first.path)
  assert.equal(styleDocumentOf(tokens('4px')).path, first.path)
  assert.equal(JSON.parse(first.body).color_background, '#fff')
  assert.equal(JSON.parse(first.body).font_family_body, '"A B", sans-serif')
  const reply = await app.inject({ url: styleDocument.path })
  assert.equal(reply.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal((await app.inject({ url: '/ui/style/of-another-version.json' })).status, 404)
})

test('a stylesheet without one of the values makes no document', () => {
  assert.throws(() => styleDocumentOf(':root { --ground: #fff; }'), /--danger/)
})
