/** Where the records of a fault test lie, and how to look at them past the server. */
import type { TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { startCluster } from '../fixtures/postgres.ts'
import { integrity, makeFolder, queryDatabase } from './folder.ts'

export interface Place {
  /** What `--data` is told. */
  readonly data: string
  /** How many rows of a table fulfil a condition. */
  count(table: string, condition: string): Promise<number>
  /** What the database finds wrong, when it has dealt with the server's death: `ok`, when nothing is. */
  check(): Promise<readonly string[]>
}

const countOf = (table: string, condition: string) =>
  `SELECT count(*) AS found FROM ${table} WHERE ${condition}`

/** A folder of the embedded store. */
async function openFolder(t: TestContext): Promise<Place> {
  const data = makeFolder(t)
  return {
    data,
    count: async (table, condition) =>
      queryDatabase<{ found: number }>(data, countOf(table, condition))[0]?.found ?? 0,
    check: async () => integrity(data),
  }
}

/** A database of a PostgreSQL that keeps what it is given. Its own files outlive the server's death by themselves. */
async function openDatabase(t: TestContext): Promise<Place> {
  const cluster = await startCluster('lasting')
  const owner = new Client(`${cluster.address}/postgres`)
  await owner.connect()
  await owner.query('CREATE DATABASE chartkey')
  await owner.end()
  const data = `${cluster.address}/chartkey`
  const looking = new Client(data)
  await looking.connect()
  t.after(async () => {
    await looking.end()
    await cluster.stop()
  })
  return {
    data,
    count: async (table, condition) => {
      const { rows } = await looking.query<{ found: string }>(countOf(table, condition))
      return Number(rows[0]?.found)
    },
    check: async () => {
      while ((await others(looking)) > 0) await setTimeout(20)
      return ['ok']
    },
  }
}

/** Connections of a dead server: what they were told to do last may still be under way. */
async function others(looking: Client): Promise<number> {
  const { rows } = await looking.query<{ found: string }>(
    countOf('pg_stat_activity', 'datname = current_database() AND pid <> pg_backend_pid()'),
  )
  return Number(rows[0]?.found)
}

/** By the kind of database. */
export const places: readonly (readonly [string, (t: TestContext) => Promise<Place>])[] = [
  ['SQLite', openFolder],
  ['PostgreSQL', openDatabase],
]
