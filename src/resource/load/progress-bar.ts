import { basename } from 'node:path'
import type { LoadProgress } from './load-files.ts'

/** The part of a terminal that the bar needs; standard error is one. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const REDRAW_MS = 80
const BAR_WIDTH = 24
const FALLBACK_COLUMNS = 80

/** A bar that follows an import on a terminal, and nothing elsewhere. `clear` removes it before the report is printed. */
export function createProgressBar(terminal: Terminal, now: () => number) {
  const began = now()
  let drawn = Number.NEGATIVE_INFINITY
  return {
    show(progress: LoadProgress): void {
      const at = now()
      if (!terminal.isTTY || at - drawn < REDRAW_MS) return
      drawn = at
      terminal.write(
        `\r${formatProgress(progress, (at - began) / 1000, terminal.columns ?? FALLBACK_COLUMNS)}\x1b[K`,
      )
    },
    clear(): void {
      if (terminal.isTTY) terminal.write('\r\x1b[K')
    },
  }
}

/** One line, cut to the width of the terminal. */
export function formatProgress(progress: LoadProgress, seconds: number, columns: number): string {
  const { done, files, resources, refused, file } = progress
  const filled = files === 0 ? BAR_WIDTH : Math.round((done / files) * BAR_WIDTH)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`
  const rate = seconds > 0 ? Math.round(resources / seconds).toLocaleString('en') : '…'
  const failures = refused === 0 ? '' : `, ${refused} refused`
  const line = `${bar} ${done}/${files} files, ${resources.toLocaleString('en')} resources, ${rate}/s${failures}  ${basename(file)}`
  return line.length < columns ? line : line.slice(0, columns - 1)
}
