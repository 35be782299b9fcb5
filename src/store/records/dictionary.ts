/** Numbers for what is repeated in every index row: search parameters and code systems. */
import type { ParameterKey } from '../../resource/search/rows.ts'
import type { Database } from '../sqlite/database.ts'

export interface Dictionary {
  /** The number of a parameter, given when it has none yet. */
  parameter(key: ParameterKey): number
  system(uri: string): number
  /** The number, or one that no row has. */
  findParameter(key: ParameterKey): number
  findSystem(uri: string): number
  /** To be called when a transaction was rolled back: numbers given in it are void. */
  forget(): void
}

/** No row has this number. */
const unknown = -1
const noSystem = 0

/** Reads and extends the dictionary of a database. */
export function createDictionary(db: Database): Dictionary {
  const parameters = new Map<string, number>()
  const systems = new Map<string, number>()

  function findParameter({ owner, code }: ParameterKey): number {
    return recall(parameters, `${owner}.${code}`, () =>
      db.get<Numbered>('SELECT number FROM parameters WHERE owner = ? AND code = ?', owner, code),
    )
  }

  function findSystem(uri: string): number {
    if (uri === '') return noSystem
    return recall(systems, uri, () => db.get<Numbered>('SELECT number FROM systems WHERE uri = ?', uri))
  }

  return {
    findParameter,
    findSystem,
    parameter(key) {
      const found = findParameter(key)
      if (found !== unknown) return found
      db.run('INSERT INTO parameters (owner, code) VALUES (?, ?)', key.owner, key.code)
      return findParameter(key)
    },
    system(uri) {
      const found = findSystem(uri)
      if (found !== unknown) return found
      db.run('INSERT INTO systems (uri) VALUES (?)', uri)
      return findSystem(uri)
    },
    forget() {
      parameters.clear()
      systems.clear()
    },
  }
}

interface Numbered {
  readonly number: number
}

// Systems come from outside: the memory for them has a bound.
const rememberedNumbers = 10_000

function recall(known: Map<string, number>, key: string, find: () => Numbered | undefined): number {
  const remembered = known.get(key)
  if (remembered !== undefined) return remembered
  const found = find()?.number
  if (found === undefined) return unknown
  if (known.size >= rememberedNumbers) known.clear()
  known.set(key, found)
  return found
}
