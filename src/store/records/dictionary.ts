/** Numbers for what is repeated in every index row: search parameters and code systems. Once given they are for ever. */
import type { ParameterKey } from '../../resource/search/rows.ts'
import type { Fragment, SqlWriter } from '../sql.ts'
import { sql } from './fragment.ts'
import { indexKey } from './index-key.ts'

/** The number of a parameter, or nothing. */
export function parameterNumber({ owner, code }: ParameterKey): Fragment {
  return sql`(SELECT number FROM parameters WHERE owner = ${owner} AND code = ${code})`
}

/** The number of a code system, or nothing; that of no system is 0. */
export function systemNumber(uri: string): Fragment {
  return sql`(SELECT number FROM systems WHERE uri = ${indexKey(uri)})`
}

/** What index rows need numbers for, in one transaction. */
export interface Numbers {
  /** The number, given when there is none yet. */
  parameter(key: ParameterKey): number | Promise<number>
  system(uri: string): number | Promise<number>
  /** To be called when the transaction is durable: numbers given in it are believed from now on. */
  keep(): void
}

/** Remembers the numbers that are known to be kept. */
export interface Dictionary {
  within(tx: SqlWriter): Numbers
}

// Systems come from outside: the memory for them has a bound, also where each is as long as a body may be.
const rememberedNumbers = 10_000

/** The dictionary of a database, as far as it is known in this process. */
export function createDictionary(): Dictionary {
  const parameters = new Map<string, number>()
  const systems = new Map<string, number>()

  function within(tx: SqlWriter): Numbers {
    const newParameters = new Map<string, number>()
    const newSystems = new Map<string, number>()
    // An import asks for the same few keys millions of times; they are found as they are, without their names.
    const met = new Map<ParameterKey, number>()
    return {
      parameter(key) {
        return met.get(key) ?? parameterOf(key)
      },
      system(uri) {
        const key = indexKey(uri)
        return systems.get(key) ?? newSystems.get(key) ?? numberSystem(key)
      },
      keep() {
        keep(parameters, newParameters)
        keep(systems, newSystems)
      },
    }

    function parameterOf(key: ParameterKey): number | Promise<number> {
      const name = `${key.owner}.${key.code}`
      const number = parameters.get(name) ?? newParameters.get(name)
      if (number === undefined) return numberParameter(name, key.owner, key.code)
      met.set(key, number)
      return number
    }

    // Added and asked for at once, they are one way to the server, and in that order.
    async function numberParameter(key: string, owner: string, code: string): Promise<number> {
      const [, { number }] = await Promise.all([
        tx.run('INSERT INTO parameters (owner, code) VALUES (?, ?) ON CONFLICT DO NOTHING', owner, code),
        given(tx, 'SELECT number FROM parameters WHERE owner = ? AND code = ?', owner, code),
      ])
      newParameters.set(key, number)
      return number
    }

    async function numberSystem(key: string): Promise<number> {
      const [, { number }] = await Promise.all([
        tx.run('INSERT INTO systems (uri) VALUES (?) ON CONFLICT DO NOTHING', key),
        given(tx, 'SELECT number FROM systems WHERE uri = ?', key),
      ])
      newSystems.set(key, number)
      return number
    }
  }

  return { within }
}

interface Numbered {
  readonly number: number
}

async function given(tx: SqlWriter, text: string, ...values: string[]): Promise<Numbered> {
  const found = await tx.get<Numbered>(text, ...values)
  if (!found) throw new Error('a number of the dictionary is not there')
  return found
}

function keep(known: Map<string, number>, added: ReadonlyMap<string, number>): void {
  if (known.size + added.size > rememberedNumbers) known.clear()
  for (const [key, number] of added) known.set(key, number)
}
