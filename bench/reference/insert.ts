/**
 * The bare import: parses each line of NDJSON files and inserts it into one table with the durability of ours, without
 * an index on any of its contents. Arguments: the database to make, the files.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'

const LINES_PER_COMMIT = 1_000

const [, , database = '', ...files] = process.argv
const db = new DatabaseSync(database)
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
db.exec('CREATE TABLE resource (type TEXT, id TEXT, json TEXT, PRIMARY KEY (type, id)) WITHOUT ROWID')
const insert = db.prepare('INSERT INTO resource VALUES (?, ?, ?)')

let open = 0
for (const file of files) {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (open === 0) db.exec('BEGIN')
    const { resourceType, id } = JSON.parse(line) as { resourceType: string; id: string }
    insert.run(resourceType, id, line)
    open = (open + 1) % LINES_PER_COMMIT
    if (open === 0) db.exec('COMMIT')
  }
}
if (open > 0) db.exec('COMMIT')
db.close()
