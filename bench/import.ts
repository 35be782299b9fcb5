import { resolve } from 'node:path'
import { runTimed } from './command.ts'
import { type Figure, target } from './figure.ts'
import { importRecords } from './records.ts'

/** Resources a second through `chartkey import`, start of the process included, beside a bare insert of the same lines. */
export async function measureImport(file: string, count: number, data: string, of: string): Promise<Figure> {
  const seconds = await importRecords(file, data)
  const script = resolve(import.meta.dirname, 'reference/insert.ts')
  const bare = await runTimed([process.execPath, script, file, `${file}.bare.sqlite`])
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
