import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'
import { loadConfig } from '../config.ts'

const time = 'a time with its unit is expected, such as 60s, 10m, 12h or 90d'
const rate = 'a whole number of requests a minute is expected, or off'

const mistakes: readonly (readonly [written: string, told: string])[] = [
  ['keys: { rotateEvery: 90 }', `keys.rotateEvery: ${time}`],
  ['keys: { rotateevery: 90d }', 'keys.rotateevery: there is no such setting'],
  ['fhir: { searchTime: 2 }', `fhir.searchTime: ${time}`],
  ['rateLimits: { token: { perAddress: many } }', `rateLimits.token.perAddress: ${rate}`],
  ['rateLimits: { token: { perAddress: 0 } }', `rateLimits.token.perAddress: ${rate}`],
  [
    'rateLimits: { token: 30000 }',
    'rateLimits.token: settings with names are expected, as in { name: value }',
  ],
  ['rateLimits: { exempt: 10.0.0.0/8 }', 'rateLimits.exempt: a list is expected, as in [a, b]'],
  [
    'mail: { host: smtp, from: a@b.example, user: me, password: 123456 }',
    'mail.password: a text is expected: put it in quotes',
  ],
  ['mail: { host: smtp }', 'mail.from: is missing'],
  ['mail: { host: "", from: a@b.example }', 'mail.host: is empty'],
  ['mail:', 'mail: settings with names are expected, as in { name: value }'],
  [
    'mail: { host: smtp, from: a@b.example, tls: on }',
    'mail.tls: one of implicit, starttls, none is expected',
  ],
  ['stepUp: { emergency: sometimes }', 'stepUp.emergency: true or false is expected'],
  [
    'trustProxy: 10',
    '--trust-proxy: addresses or networks are expected, such as 10.0.0.0/8, and not everybody',
  ],
  ['data: ""', '--data: is empty'],
  [
    'data: "postgres://me:a#b@db.example/chartkey"',
    '--data: a folder is expected, or postgres://USER:PASSWORD@HOST/DATABASE, other characters than letters and digits as %XX',
  ],
  [
    'providers: [{ id: a, name: { en: A }, issuer: https://a.example, clientId: c, clientSecret: 12345678x, roles: [patient] }]',
    'providers.0.name: a text is expected, or one for each language, en and zh-TW',
  ],
  ['providers: [{ id: a, name: A }]', 'providers.0.issuer: is missing'],
]

for (const [written, told] of mistakes) {
  test(`a mistake in the file is told in words: ${told}`, () => {
    const file = join(temporaryFolder('config'), 'chartkey.yaml')
    writeFileSync(file, `${written}\n`)
    assert.throws(() => loadConfig({ flags: ['--config', file], environment: {} }), { message: told })
  })
}

test('a variable that the environment lacks is told with the setting that asks for it', () => {
  const file = join(temporaryFolder('config'), 'chartkey.yaml')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what stands in the file
  writeFileSync(file, 'providers:\n  - id: a\n    clientSecret: ${SECRET}\n')
  assert.throws(() => loadConfig({ flags: ['--config', file], environment: {} }), {
    message: 'providers.0.clientSecret: the environment has no SECRET',
  })
})
