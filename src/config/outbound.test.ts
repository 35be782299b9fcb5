import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outboundShape } from './outbound.ts'

test('nothing private is called unless the site names it', () => {
  assert.deepEqual(outboundShape.parse(undefined).allow, [])
  const allow = ['10.20.0.0/16', '192.168.7.9', 'fd12::/16', 'app.hospital.internal', 'intranet']
  assert.deepEqual(outboundShape.parse({ allow }).allow, allow)
})

test('an entry that would open this machine, the link, the internet or nothing is refused', () => {
  for (const entry of [
    '0.0.0.0/0',
    '127.0.0.1',
    '127.0.0.0/8',
    '169.254.169.254',
    '::/0',
    '::1',
    'fe80::/10',
    '8.8.8.8',
    '10.0.0.0/0',
    '10.0.0.0/33',
    '10.0.0',
    '*.hospital.internal',
    'https://app.hospital.internal',
    'App.hospital.internal',
    'app.hospital.internal:8443',
    '',
  ])
    assert.equal(outboundShape.safeParse({ allow: [entry] }).success, false, entry)
  assert.equal(outboundShape.safeParse({ allowPrivate: true }).success, false)
})
