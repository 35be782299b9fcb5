import { defaultBaseUrl } from '../config/base-url.ts'
import { ConfigError, loadConfig } from '../config.ts'
import { createProgressBar, exitCodeOf, formatReport, loadFiles } from '../resource/load/index.ts'
import type { Command } from './command.ts'
import { withRecords } from './records.ts'

/** Reads files into the store, each whole or not at all; exit code 1 when one was refused. */
export const importFiles: Command = async (args) => {
  const { config, rest: files } = loadConfig({ flags: args })
  if (files.length === 0) throw new ConfigError('import', 'the files to read are missing')
  const now = () => performance.now()
  const bar = createProgressBar(process.stderr, now)
  const base = `${config.baseUrl ?? defaultBaseUrl(config.port)}/fhir`
  const report = await withRecords(config, (repository) =>
    loadFiles(files, { repository, base, now, onProgress: bar.show }),
  )
  bar.clear()
  process.stdout.write(formatReport(report))
  return exitCodeOf(report)
}
