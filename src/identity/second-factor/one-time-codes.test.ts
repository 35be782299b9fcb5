import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { CredentialStore } from '../credential-ports.ts'
import { createOneTimeCodes } from './one-time-codes.ts'

const secret = new Secret({ size: 20 })
const codeOf = (step: number) => new TOTP({ secret }).generate({ timestamp: step * 30_000 })

test('RFC 6238 §5.2: a code that is looked at as its half minute ends takes that one, and not the next', async () => {
  let time = 0
  const taken: number[] = []
  const credentials = {
    oneTimeCodes: async () => ({ sealed: secret.base32, lastStep: 0 }),
    useStep: async (_: string, step: number) => taken.push(step) > 0,
  } as unknown as CredentialStore
  const sealer = { seal: (text: string) => text, open: (sealed: string) => sealed }
  // A millisecond goes by with each look at the clock.
  const codes = createOneTimeCodes({ credentials, sealer, issuer: 'ehr.example', now: () => time++ })
  for (const before of [0, 1, 2]) {
    time = 8 * 30_000 - before
    assert.equal(await codes.take('user_1', codeOf(7)), true)
  }
  assert.deepEqual(taken, [7, 7, 7])
})
