import { type DestinationStream, pino } from 'pino'

/** What the server writes its log through: fields first, then one plain sentence. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  '["set-cookie"]',
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
]

/** A log of JSON lines in which the value of every secret field is `[hidden]`, at the top and one or two levels down. */
export function createLog(options: { level: string; destination?: DestinationStream }): Log {
  const paths = SECRET_FIELDS.flatMap((name) => [name, below('*', name), below('*.*', name)])
  const settings = { level: options.level, redact: { paths, censor: '[hidden]' } }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

/** A log that says nothing. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing }

function below(parent: string, name: string): string {
  return name.startsWith('[') ? `${parent}${name}` : `${parent}.${name}`
}

function nothing(): void {}
