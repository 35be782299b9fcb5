/** Commands that have commands of their own: `app add`, `user list`. */

import { userInfo } from 'node:os'
import type { Actor } from '../audit/actor.ts'
import { ConfigError, loadConfig } from '../config.ts'
import { openData, requireStore } from '../server/open-data.ts'
import type { Sql } from '../store/sql.ts'
import type { Command } from './command.ts'

type Flags = Readonly<Record<string, 'string' | 'boolean'>>

/** What an action was given beside its name. */
export interface Given {
  readonly args: readonly string[]
  readonly text: (flag: string) => string | undefined
  readonly isSet: (flag: string) => boolean
}

/** One of a command's commands. */
export interface Action<Context> {
  /** Its arguments, as the usage tells them: `ID`, `[FILE]`. */
  readonly takes: string
  readonly flags: Flags
  /** It may be the first thing that is done with a store: where there is none, one is made. Default no. */
  readonly begins?: boolean
  readonly run: (context: Context, given: Given) => Promise<void>
}

/** A command of several actions on the configured store, which is closed again whatever happens. */
export function commandOf<Context>(
  name: string,
  actions: Readonly<Record<string, Action<Context>>>,
  contextOf: (sql: Sql) => Context,
): Command {
  return async (args) => {
    const named = args.find((arg) => !arg.startsWith('-')) ?? ''
    const action = Object.hasOwn(actions, named) ? actions[named] : undefined
    if (!action) throw new ConfigError(name, `one of ${Object.keys(actions).join(', ')} is expected`)
    const wanted = action.takes.split(' ').filter((word) => word !== '')
    const command = { name: `${name} ${named}`, takes: wanted.length }
    const { config, rest, own } = loadConfig({ flags: args, own: action.flags, command })
    if (rest.length - 1 < wanted.filter((word) => !word.startsWith('[')).length)
      throw new ConfigError(command.name, `${action.takes} is expected`)
    if (!action.begins) requireStore(config)
    const sql = await openData(config)
    try {
      await action.run(contextOf(sql), {
        args: rest.slice(1),
        text: (flag) => (own[flag] === undefined ? undefined : String(own[flag])),
        isSet: (flag) => own[flag] === true,
      })
      return 0
    } finally {
      await sql.close()
    }
  }
}

/** Whoever runs the command, as the audit trail names them. */
export function operator(): Actor {
  return { user: `command-line:${userInfo().username}` }
}

/** A whole number of at least 1 from a flag. */
export function countOf(given: Given, flag: string, otherwise: number): number {
  const text = given.text(flag)
  if (text === undefined) return otherwise
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new ConfigError(`--${flag}`, 'a whole number of at least 1 is expected')
  return Number(text)
}

/** The words of a flag that takes several, separated by spaces. */
export function wordsOf(text: string | undefined): string[] | undefined {
  return text?.split(' ').filter((word) => word !== '')
}

/** Prints a value as JSON. */
export function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
}

/** Prints rows: as JSON, or a line each with tabs between. */
export function printRows<Row extends object>(
  rows: readonly Row[],
  columns: readonly (keyof Row)[],
  asJson: boolean,
): void {
  if (asJson) {
    print(rows)
    return
  }
  for (const row of rows) process.stdout.write(`${columns.map((column) => plain(row[column])).join('\t')}\n`)
}

/** A name must not be able to add a line or to colour the terminal. */
function plain(value: unknown): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value ?? '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced here
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}
