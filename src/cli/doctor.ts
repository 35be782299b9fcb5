import { type Checkpoint, trailRules } from '../audit/chain.ts'
import { type Config, ConfigError, loadConfig } from '../config.ts'
import { openKeyBox, withKeySetting } from '../server/key-box.ts'
import { missingStore } from '../server/open-data.ts'
import { createAuditStore } from '../store/audit.ts'
import { connectStore } from '../store/open.ts'
import { createKeyStore } from '../store/signing-keys.ts'
import type { Sql } from '../store/sql.ts'
import type { Command } from './command.ts'
import { type Check, type Finding, find } from './doctor/check.ts'
import { clockCheck, lastTime } from './doctor/clock.ts'
import { dataFolderCheck } from './doctor/data-folder.ts'
import { databaseChecks } from './doctor/database.ts'
import { keysCheck } from './doctor/keys.ts'
import { formatHead, parseHead, told, verifyTrail } from './doctor/trail.ts'

type NamedFinding = Finding & { readonly name: string }

interface Examination {
  readonly findings: readonly NamedFinding[]
  /** The end of the audit trail, as far as it is whole. */
  readonly head?: Checkpoint
}

const exitCodes = { well: 0, notWell: 1, notRun: 2 } as const

/** `doctor [--json] [--expect-head SEQ:HASH]`: looks at everything and changes nothing. */
export const doctor: Command = async (args) => {
  const { config, own } = loadConfig({
    flags: args,
    own: { json: 'boolean', 'expect-head': 'string' },
    command: { name: 'doctor', takes: 0 },
  })
  const expected = expectedHead(own['expect-head'])
  const folder = config.data.includes('://') ? undefined : config.data
  const sql = await openExisting(config.data)
  if (typeof sql === 'string') {
    process.stderr.write(`chartkey: ${sql}\n`)
    return exitCodes.notRun
  }
  try {
    const examination = await examine(sql, folder, expected, config)
    process.stdout.write(own.json === true ? asJson(examination) : asText(examination))
    return examination.findings.every(({ ok }) => ok) ? exitCodes.well : exitCodes.notWell
  } finally {
    await sql.close()
  }
}

function expectedHead(text: unknown): Checkpoint | undefined {
  if (text === undefined) return undefined
  const head = parseHead(String(text))
  if (!head) throw new ConfigError('--expect-head', 'a noted head is expected, SEQ:HASH')
  return head
}

/** The database, or why there is none to look at: none is made. */
async function openExisting(data: string): Promise<Sql | string> {
  const missing = missingStore(data)
  if (missing !== undefined) return missing
  try {
    return await connectStore(data)
  } catch (error) {
    return `the store cannot be opened: ${error instanceof Error ? error.message : error}`
  }
}

async function examine(
  sql: Sql,
  folder: string | undefined,
  expected: Checkpoint | undefined,
  config: Config,
): Promise<Examination> {
  const chain = createAuditStore(sql, trailRules)
  let head: Checkpoint | undefined
  const trail = {
    name: 'audit trail',
    async run() {
      const report = await verifyTrail(chain, expected, showProgress)
      head = report.head
      return told(report)
    },
  }
  const checks = [
    ...(folder === undefined ? [] : [dataFolderCheck(folder)]),
    ...databaseChecks(sql),
    await keysCheckOf(sql, folder, config),
    trail,
    clockCheck(Date.now, async () => head && lastTime(chain, head.seq)),
  ]
  const findings: NamedFinding[] = []
  for (const check of checks) findings.push(await find(check))
  return head ? { findings, head } : { findings }
}

/** Nothing is made here: where the key is missing, that is what is found. */
async function keysCheckOf(sql: Sql, folder: string | undefined, config: Config): Promise<Check> {
  const box = await openKeyBox(config, { make: false })
  const { rotateEvery } = config.keys
  const options = { folder, rotateEvery, isSealing: box !== undefined, now: Date.now }
  const check = keysCheck(createKeyStore(sql, box), options)
  const run = () =>
    check.run().catch((error) => {
      throw withKeySetting(error, config)
    })
  return { ...check, run }
}

function showProgress(records: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${records} records of the audit trail …\r`)
}

function asText({ findings, head }: Examination): string {
  const lines = findings.map(
    ({ ok, name, detail }) => `${ok ? 'ok     ' : 'PROBLEM'}  ${name.padEnd(12)}  ${detail}`,
  )
  const note = head ? [`head of the audit trail, to be noted elsewhere: ${formatHead(head)}`] : []
  return `${[...lines, ...note].join('\n')}\n`
}

function asJson({ findings, head }: Examination): string {
  const ok = findings.every((finding) => finding.ok)
  return `${JSON.stringify({ ok, checks: findings, ...(head && { head: formatHead(head) }) }, undefined, 2)}\n`
}
