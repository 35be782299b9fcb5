import { rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { runTimed } from './command.ts'
import { type Figure, target } from './figure.ts'
import { importRecords, type Records } from './records.ts'

/** Resources a second through `chartkey import`, start of the process included, beside a bare insert of the same lines. */
export async function measureImport({ files, count }: Records, data: string, of: string): Promise<Figure> {
  const seconds = await importRecords(files, data)
  const script = resolve(import.meta.dirname, 'reference/insert.ts')
  const bareDatabase = join(dirname(files[0] ?? ''), 'bare.sqlite')
  const bare = await runTimed([process.execPath, script, bareDatabase, ...files])
  rmSync(bareDatabase)
  const value = count / seconds
  return {
    name: `import ${count.toLocaleString('en')} resources${of}`,
    value,
    unit: 'resources/s',
    reference: count / bare,
    against: 'parse and insert, no index',
    ratio: bare / seconds,
    target: target('import', Math.round(value), '≥', 3_000, 'resources/s'),
  }
}
