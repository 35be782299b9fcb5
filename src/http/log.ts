import { type DestinationStream, pino } from 'pino'

/** What the server writes its log through: fields first, then one plain sentence. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const SECRET_FIELDS = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'code',
  'code_verifier',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'client_assertion',
  'registration_access_token',
  'launch',
  '_csrf',
])
const HIDDEN = '[hidden]'
/** Of 256 bits in base64url. */
const SECRET_LENGTH = 43
const SECRET = /[A-Za-z0-9_-]{43}/
const DEEPEST = 4

/** A log of JSON lines in which the value of every secret field is `[hidden]`, however deep it stands. */
export function createLog(options: { level: string; destination?: DestinationStream }): Log {
  // Pino's own redaction costs ten times the line itself, and every request writes one.
  const settings = { level: options.level, formatters: { log: (fields: object) => hideSecrets(fields, 0) } }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

function hideSecrets(fields: object, depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    shown[name] = SECRET_FIELDS.has(name.toLowerCase()) ? HIDDEN : hideWithin(value, depth + 1)
  }
  return shown
}

function hideWithin(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth >= DEEPEST) return HIDDEN
  return Array.isArray(value) ? value.map((item) => hideWithin(item, depth + 1)) : hideSecrets(value, depth)
}

/**
 * A path as it may stand in a log: a segment of 256 random bits opens what it names, so it is hidden; with anything that
 * stands beside them, since who mistypes an address has its secret all the same.
 */
export function loggedPath(url: string): string {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  if (path.length <= SECRET_LENGTH || !SECRET.test(path)) return path
  return path
    .split('/')
    .map((segment) => (SECRET.test(segment) ? HIDDEN : segment))
    .join('/')
}

/** A log that says nothing. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

function nothing(): void {}
