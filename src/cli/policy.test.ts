import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ConfigError, loadConfig } from '../config.ts'
import { openPolicy } from '../server/policy.ts'
import { policy } from './policy.ts'

const silent = { info: () => {}, error: () => {} }
const withPolicy = (file: string) => loadConfig({ flags: ['--policy', file], environment: {} }).config

/** A refusal of a setting that names the line of the mistake. */
const namesLine3 = (error: unknown) =>
  error instanceof ConfigError && /policy.yaml:3: there is no key/.test(error.message)

test('a policy file with mistakes is refused, by the check and by the start alike, with their lines', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'policy-'))
  try {
    const file = join(folder, 'policy.yaml')
    await writeFile(file, 'version: 1\nrights: {clinicians: care}\nwithold: []\n')
    await assert.rejects(policy(['check', file]), namesLine3)
    await assert.rejects(openPolicy(withPolicy(file), silent), namesLine3)
    await assert.rejects(policy(['check', join(folder, 'none.yaml')]), ConfigError)
    await assert.rejects(openPolicy(withPolicy(join(folder, 'none.yaml')), silent), ConfigError)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('policy without check, or without a file, is a misuse', async () => {
  for (const args of [[], ['check'], ['apply', 'x.yaml']]) await assert.rejects(policy(args), ConfigError)
})

test('without a setting the policy that comes along is in force; a sandbox has its own', async () => {
  const of = async (...flags: string[]) =>
    (await openPolicy(loadConfig({ flags, environment: {} }).config, silent)).current()
  assert.deepEqual(
    (await of()).withhold.map(({ name }) => name),
    ['unreleased-results'],
  )
  assert.deepEqual(
    (await of('--sandbox')).withhold.map(({ name }) => name),
    ['unreleased-results', 'sensitive-information'],
  )
})
