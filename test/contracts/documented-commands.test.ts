/** What the guides tell people to type and to write is there. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCommand } from '../../src/cli/main.ts'
import { loadConfig } from '../../src/config.ts'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'

const root = join(import.meta.dirname, '../..')
const pages = [
  'README.md',
  'docs/operations.md',
  ...readdirSync(join(root, 'docs/guides')).map((name) => `docs/guides/${name}`),
]

/** The lines of a page's blocks of that language. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```/gm)].flatMap(([, kind, body]) =>
    kind === language ? [body ?? ''] : [],
  )
}

/** What a command says. */
async function said(args: readonly string[]): Promise<{ code: number; text: string }> {
  const { write } = process.stdout
  let text = ''
  process.stdout.write = ((piece: string) => {
    text += piece
    return true
  }) as typeof write
  try {
    return { code: await runCommand(args), text }
  } finally {
    process.stdout.write = write
  }
}

test('every command in the README and the guides exists, and tells what it is for', async () => {
  const lines = pages.flatMap((page) => blocks(page, 'sh')).flatMap((block) => block.split('\n'))
  const typed = lines.flatMap(
    (line) => /^(?:\S+=\S+ )?(?:npm run chartkey --|chartkey|\$ chartkey) ([a-z]+)/.exec(line)?.[1] ?? [],
  )
  assert.ok(typed.length > 20)
  for (const command of new Set(typed)) {
    const { code, text } = await said([command, '--help'])
    assert.deepEqual([code, text.startsWith(`chartkey ${command}: `)], [0, true], command)
  }
  for (const line of lines.filter((one) => one.includes('npm run ')))
    for (const [, script = ''] of line.matchAll(/npm run (?:-s )?([\w:]+)/g))
      assert.ok(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts[script], line)
  assert.ok(
    !lines.some((line) => line.includes('node src/cli.ts')),
    'the Node of the machine may be an older one',
  )
})

test('the file that the guide for organisations begins with is taken as it stands', () => {
  const [yaml = ''] = blocks('docs/guides/for-your-organisation.md', 'yaml')
  const file = join(temporaryFolder('guide'), 'chartkey.yaml')
  writeFileSync(file, yaml)
  const env = {
    CHARTKEY_DATABASE: 'postgres://chartkey:secret@db.example.org/chartkey',
    CHARTKEY_KEY: Buffer.alloc(32, 7).toString('base64'),
    HOSPITAL_SECRET: 'the secret of this test',
  }
  const { config } = loadConfig({ flags: ['--config', file], environment: env })
  assert.equal(config.baseUrl, 'https://ehr.example.org')
  assert.equal(config.data, env.CHARTKEY_DATABASE)
  assert.deepEqual(config.trustProxy, ['10.0.0.5'])
})
