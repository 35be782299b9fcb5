/** What a start loads: the files and packages that are there before the first request. See docs/operations.md. */
import type { Rule } from './rule.ts'
import type { Source } from './source.ts'

/** The entry, and the file that every start of a server comes to. */
const ENTRY = 'src/cli.ts'
const QUICK = 'src/cli/quick-start.js'
const START = 'src/cli/serve.ts'

/** What only some requests, some settings or the first start need, each more than a start may cost for it. */
export const NOT_AT_START: readonly string[] = [
  '@medplum/core',
  '@simplewebauthn/server',
  'jose',
  'nodemailer',
  'openid-client',
  'otpauth',
  'pg',
  'undici',
  'uqr',
  // An import, other than a require, makes ready all that they export: a WebSocket client too.
  'node:http',
  'node:https',
  'src/admin/pages/admit.ts',
  'src/authorization/authorize/flow-page.ts',
  'src/authorization/authorize/index.ts',
  'src/ehr/launch-api/order-launch.ts',
  'src/identity/providers/index.ts',
  'src/resource/audit-events/search.ts',
  'src/resource/bundle/transaction.ts',
  'src/resource/interactions/update.ts',
  'src/resource/operations/index.ts',
  'src/resource/patch/parse-patch.ts',
  'src/store/postgres/sql.ts',
  'src/store/sqlite/sql.ts',
  'src/synthetic/index.ts',
  'src/ui/messages.en/index.ts',
  'src/ui/messages.zh-TW/index.ts',
]

/** A file with a command, or with what commands share. */
const COMMAND = /^src\/cli\/[^/]+(?<!\.test)\.ts$/
const OF_A_SERVER: ReadonlySet<string> = new Set(['fastify', 'src/server.ts'])

export const startRules: readonly Rule[] = [
  {
    name: 'a start loads nothing that only some requests, settings or the first start need',
    check: (sources) => {
      const refused = new Set(NOT_AT_START)
      return loadedWith(START, sources)
        .filter(({ target }) => refused.has(target))
        .map(({ target, from }) => `${from} imports ${target}, and ${START} comes to it`)
    },
    planted: [
      {
        [START]: "import { startServer } from '../server.ts'",
        'src/server.ts': "import { Agent } from 'undici'",
      },
      { [START]: "export * from '../server.ts'", 'src/server.ts': "import './synthetic/index.ts'" },
      { [START]: "import { STATUS_CODES } from 'node:http'" },
    ],
  },
  {
    name: 'a command that serves nobody loads no server',
    check: (sources) =>
      sources
        .filter(({ path }) => COMMAND.test(path) && path !== START)
        .flatMap(({ path }) =>
          loadedWith(path, sources)
            .filter(({ target }) => OF_A_SERVER.has(target))
            .map(({ target, from }) => `${from} imports ${target}, and ${path} comes to it`),
        ),
    planted: [
      {
        'src/cli/import.ts': "import { defaultBaseUrl } from '../server.ts'",
        'src/server.ts': 'export {}',
      },
      {
        'src/cli/seed.ts': "import '../http/app.ts'",
        'src/http/app.ts': "import fastify from 'fastify'",
      },
    ],
  },
  {
    name: 'nothing of ours is loaded before what makes loading quick, nor anything with that',
    check: (sources) =>
      sources
        .filter(({ path }) => path === ENTRY || path === QUICK)
        .flatMap(({ path, imports }) => imports.map((imported) => ({ path, ...imported })))
        .filter(({ typeOnly, lazy }) => !typeOnly && !lazy)
        .filter(({ path, target }) => target !== (path === ENTRY ? QUICK : 'node:module'))
        .map(({ path, target }) => `${path} imports ${target}`),
    planted: [
      { [ENTRY]: "import { loadConfig } from './config.ts'", 'src/config.ts': 'export {}' },
      { [ENTRY]: "import { z } from 'zod'" },
      { [QUICK]: "import { join } from 'node:path'" },
    ],
  },
]

interface Loaded {
  readonly target: string
  readonly from: string
}

/** Everything that is loaded with a file, and whose import it is. */
function loadedWith(start: string, sources: readonly Source[]): readonly Loaded[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const seen = new Set([start])
  const loaded: Loaded[] = []
  for (const path of seen) {
    const imports = byPath.get(path)?.imports ?? []
    for (const { target, local, typeOnly, lazy } of imports) {
      if (typeOnly || lazy) continue
      loaded.push({ target, from: path })
      if (local) seen.add(target)
    }
  }
  return loaded
}
