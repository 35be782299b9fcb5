import assert from 'node:assert/strict'
import { test } from 'node:test'
import { usable } from './style.js'

const style = {
  color_background: '#f4f7f7',
  color_highlight: '#0b6670',
  color_text: '#14282e',
  dim_border_radius: '8px',
  font_family_body: 'system-ui, "Noto Sans", sans-serif',
}

test('CTX-24: the app takes on radius and font, and colours by day', () => {
  const byDay = Object.fromEntries(usable(style, false))
  assert.equal(byDay['--accent'], '#0b6670')
  assert.equal(byDay['--radius'], '8px')
  const byNight = Object.fromEntries(usable(style, true))
  assert.deepEqual(Object.keys(byNight), ['--radius', 'font-family'])
})

test('what is no plain value is left alone', () => {
  const hostile = {
    color_background: 'url(https://evil.example/)',
    color_highlight: 'red;position:fixed',
    dim_border_radius: 'calc(1px * 9999)',
    font_family_body: 'x; background: url(//evil)',
  }
  assert.deepEqual(usable(hostile, false), [])
  for (const nothing of [undefined, null, 'text', 7, []]) assert.deepEqual(usable(nothing, false), [])
})
