import { readFile } from 'node:fs/promises'
import { ConfigError, loadConfig } from '../config.ts'
import { describePolicy } from '../policy/describe.ts'
import { checkPolicy } from '../policy/policy-file.ts'
import { isSupportedFilter } from '../resource/search/filter.ts'
import type { Command } from './command.ts'

/** `policy check FILE`: what a policy file means in plain words, or each mistake with its line (exit code 2). */
export const policy: Command = async (args) => {
  const { rest } = loadConfig({ flags: args, command: { name: 'policy check', takes: 1 } })
  const [action, file] = rest
  if (action !== 'check') throw new ConfigError('policy', 'check is expected: policy check FILE')
  if (file === undefined) throw new ConfigError('policy check', 'the file is missing')
  const lines = describePolicy(await read(file))
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

async function read(file: string) {
  try {
    return checkPolicy(file, await readFile(file, 'utf8'), isSupportedFilter)
  } catch (error) {
    throw new ConfigError('policy check', `\n${error instanceof Error ? error.message : String(error)}`)
  }
}
