import assert from 'node:assert/strict'
import { test } from 'node:test'
import { passwordFault } from './password-rule.ts'

const faultOf = (password: string, isSandbox = false) =>
  passwordFault(password, { username: 'dr.lin', isSandbox })

test('a password is long enough, and neither the name nor what everybody tries first', () => {
  assert.equal(faultOf('elevenchars'), 'short')
  assert.equal(faultOf('twelve chars'), undefined)
  assert.equal(faultOf('six-en', true), undefined)
  assert.equal(faultOf('five!', true), 'short')
  assert.equal(faultOf('x'.repeat(1025)), 'long')
  assert.equal(faultOf('dr.lin', true), 'name')
  assert.equal(faultOf('Dr.LinDr.Lin12'), 'name')
  for (const common of ['Password1234', 'aaaaaaaaaaaa', 'abcabcabcabc', '123456789012', 'qwertyuiopas'])
    assert.equal(faultOf(common), 'common', common)
})

test('characters count, not the bytes or halves they are made of', () => {
  assert.equal(faultOf('😀'.repeat(6)), 'short')
  assert.equal(faultOf('住院醫師晨會報告七點開始囉'), undefined)
})
