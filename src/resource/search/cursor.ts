/** A position in a result as opaque text. It only says where to go on: what may be seen is decided anew on each page. */
import { Buffer } from 'node:buffer'
import type { Position } from './plan.ts'

const longestCursor = 4096

/** Writes a position so that {@link parseCursor} reads it back. */
export function formatCursor({ values, row }: Position): string {
  return Buffer.from(JSON.stringify([row, ...values])).toString('base64url')
}

/** Reads a position with that many sort values; nothing when the text is none. */
export function parseCursor(text: string, sortKeys: number): Position | undefined {
  const parts = text.length <= longestCursor && /^[A-Za-z0-9_-]+$/.test(text) ? parseList(text) : undefined
  if (parts?.length !== sortKeys + 1) return undefined
  const [row, ...values] = parts
  if (!Number.isSafeInteger(row) || !values.every(isSortValue)) return undefined
  return { row: row as number, values }
}

function parseList(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isSortValue(value: unknown): value is string | number | null {
  return value === null || typeof value === 'string' || typeof value === 'number'
}
