/** What a command writes, and who reads it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { chartkey, run } from '../../test/fixtures/process.ts'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'

test('a command whose output nobody reads to its end does what it was asked for, and complains of nothing', async () => {
  const data = temporaryFolder('output')
  const [program, script] = chartkey
  const args = [script, 'user', 'add', 'lab.tech', '--role', 'clinician', '--data', data]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let complaint = ''
  child.stderr.on('data', (chunk) => (complaint += chunk))
  const [code] = await once(child, 'close')
  assert.deepEqual([code, complaint], [0, ''])
  const { said } = await run(['user', 'list', '--json', '--data', data])
  assert.deepEqual(
    JSON.parse(said).map(({ username }: { username: string }) => username),
    ['lab.tech'],
  )
})
