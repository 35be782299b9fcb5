import type { WriteCounts } from '../repository.ts'
import type { Refusal } from './refusal.ts'

/** Counts that are still being made. */
export type MutableCounts = { -readonly [Member in keyof WriteCounts]: WriteCounts[Member] }

/** What an import came to. */
export interface LoadReport {
  /** Files loaded whole. */
  readonly loaded: number
  readonly refused: readonly Refusal[]
  readonly types: Readonly<Record<string, WriteCounts>>
  /** Resources of the loaded files, changed or not. */
  readonly resources: number
  /** Links by urn that named nothing in their Bundle and were left as they are. */
  readonly dangling: number
  readonly seconds: number
}

/** The exit code of an import: 1 when anything was refused. */
export function exitCodeOf(report: LoadReport): 0 | 1 {
  return report.refused.length === 0 ? 0 : 1
}

/** The report for a person: counts per type, the speed, and every refused file with its place and reason. */
export function formatReport(report: LoadReport): string {
  const rate = report.seconds > 0 ? Math.round(report.resources / report.seconds) : report.resources
  const lines = [
    ...formatCounts(report.types),
    `${count(report.resources, 'resource')} from ${count(report.loaded, 'file')} in ${report.seconds.toFixed(1)} s (${grouped(rate)}/s)`,
  ]
  if (report.dangling > 0)
    lines.push(`${count(report.dangling, 'link')} to nothing in the same Bundle, left as they are`)
  if (report.refused.length > 0)
    lines.push(`${count(report.refused.length, 'file')} refused, the store is as if they were not there:`)
  return `${[...lines, ...report.refused.map((one) => `  ${formatRefusal(one)}`)].join('\n')}\n`
}

/** A refusal in one line, with its place as editors understand it. */
export function formatRefusal({ file, line, column, entry, reason }: Refusal): string {
  const position = [file, line, column].filter((part) => part !== undefined).join(':')
  return `${position}: ${entry === undefined ? '' : `entry ${entry}: `}${reason}`
}

function formatCounts(types: LoadReport['types']): string[] {
  const rows = Object.entries(types).sort(([a], [b]) => a.localeCompare(b, 'en'))
  if (rows.length === 0) return []
  const width = Math.max(...rows.map(([type]) => type.length))
  const cell = (text: string) => text.padStart(10)
  const head = `${''.padEnd(width)}${['created', 'updated', 'unchanged'].map(cell).join('')}`
  const body = rows.map(([type, { created, updated, unchanged }]) => {
    return `${type.padEnd(width)}${[created, updated, unchanged].map((one) => cell(grouped(one))).join('')}`
  })
  return [head, ...body]
}

function grouped(value: number): string {
  return value.toLocaleString('en')
}

function count(value: number, noun: string): string {
  return `${grouped(value)} ${noun}${value === 1 ? '' : 's'}`
}
