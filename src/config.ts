/**
 * The settings of a running server, from flags, environment and `chartkey.yaml`, in that order of weight.
 * This is the only reader of the environment; what it returns is checked and frozen.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { isIPv4 } from 'node:net'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { baseUrl } from './config/base-url.ts'
import { type Sections, sections, sectionVariables } from './config/sections.ts'
import { wholeNumber } from './config/whole-number.ts'
import { placeOf, wordsFor } from './config/wording.ts'
import { isNetwork } from './http/proxies.ts'
import { threads } from './http/threads.ts'

/** A setting that cannot be used; `key` is its name as a flag, `--data` for example. */
export class ConfigError extends Error {
  readonly key: string

  constructor(key: string, problem: string) {
    super(`${key}: ${problem}`)
    this.key = key
  }
}

export interface Config extends Sections {
  /** TCP port; 0 takes any free one. Default 8080. */
  readonly port: number
  /** Address to listen on. Default 127.0.0.1. */
  readonly host: string
  /** Folder of the embedded store, or the address of a PostgreSQL database, which has a password in it. Default ./data. */
  readonly data: string
  /** What the outside calls this server, an origin in its one form; default `http://localhost:PORT`. */
  readonly baseUrl?: string
  /** Synthetic patients on first start, sandbox accounts, open app registration, EHR and launcher. */
  readonly sandbox: boolean
  /** Allows the sandbox on an address that other machines reach. */
  readonly sandboxOnNetwork: boolean
  /** Allows plain HTTP on an address that other machines reach. */
  readonly allowInsecureHttp: boolean
  /** File of the certificate with its chain, and of its private key, both as PEM: the server speaks TLS itself. */
  readonly tlsCert?: string
  readonly tlsKey?: string
  /** Networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. Default none. */
  readonly trustProxy: readonly string[]
  /** File of the site's policy: whose records people may open, and what is withheld. Default: one that comes along. */
  readonly policy?: string
  /** Days after which records of the audit trail are removed. Default six years, as 45 CFR 164.316(b)(2)(i) asks. */
  readonly auditRetention: number
  /** How much the log tells. Default `info`, in the sandbox `warn`. */
  readonly logLevel: (typeof logLevels)[number]
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

/** One row a setting: its key in `chartkey.yaml`, its flag, its environment variable. */
const settings = [
  { key: 'port', flag: 'port', variable: 'PORT', boolean: false },
  { key: 'host', flag: 'host', variable: 'CHARTKEY_HOST', boolean: false },
  { key: 'data', flag: 'data', variable: 'CHARTKEY_DATA', boolean: false },
  { key: 'baseUrl', flag: 'base-url', variable: 'CHARTKEY_BASE_URL', boolean: false },
  { key: 'sandbox', flag: 'sandbox', variable: 'CHARTKEY_SANDBOX', boolean: true },
  {
    key: 'sandboxOnNetwork',
    flag: 'sandbox-on-network',
    variable: 'CHARTKEY_SANDBOX_ON_NETWORK',
    boolean: true,
  },
  {
    key: 'allowInsecureHttp',
    flag: 'allow-insecure-http',
    variable: 'CHARTKEY_ALLOW_INSECURE_HTTP',
    boolean: true,
  },
  { key: 'tlsCert', flag: 'tls-cert', variable: 'CHARTKEY_TLS_CERT', boolean: false },
  { key: 'tlsKey', flag: 'tls-key', variable: 'CHARTKEY_TLS_KEY', boolean: false },
  { key: 'trustProxy', flag: 'trust-proxy', variable: 'CHARTKEY_TRUST_PROXY', boolean: false },
  { key: 'policy', flag: 'policy', variable: 'CHARTKEY_POLICY', boolean: false },
  {
    key: 'auditRetention',
    flag: 'audit-retention',
    variable: 'CHARTKEY_AUDIT_RETENTION',
    boolean: false,
  },
  { key: 'logLevel', flag: 'log-level', variable: 'CHARTKEY_LOG_LEVEL', boolean: false },
] as const

const yes = z.union(
  [z.boolean(), z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1')],
  'true or false is expected',
)

const expectedNetworks = 'addresses or networks are expected, such as 10.0.0.0/8, and not everybody'
const networks = z
  .union(
    [z.string().transform((text) => text.split(',').map((one) => one.trim())), z.array(z.string())],
    expectedNetworks,
  )
  .refine((list) => list.every(isNetwork), expectedNetworks)

/** Six years, with their leap days. */
const defaultAuditRetention = 2192
/** Outside the sandbox: who looks into an incident begins months after it. */
const leastAuditRetention = 365

const shape = z.object({
  ...sections,
  port: wholeNumber(0, 65_535).default(8080),
  host: z.string().min(1).default('127.0.0.1'),
  data: z
    .string()
    .min(1)
    .refine(
      isStore,
      'a folder is expected, or postgres://USER:PASSWORD@HOST/DATABASE, other characters than letters and digits as %XX',
    )
    .default('./data'),
  baseUrl: baseUrl.optional(),
  sandbox: yes.default(false),
  sandboxOnNetwork: yes.default(false),
  allowInsecureHttp: yes.default(false),
  tlsCert: z.string().min(1).optional(),
  tlsKey: z.string().min(1).optional(),
  trustProxy: networks.default([]),
  policy: z.string().min(1).optional(),
  auditRetention: wholeNumber(1, 36_525).default(defaultAuditRetention),
  logLevel: z.enum(logLevels).optional(),
})

/** What is refused is not repeated to anybody: it may have a password in it. */
function isStore(text: string): boolean {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return true
  const url = URL.parse(text)
  return (
    url !== null &&
    /^postgres(ql)?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    /^\/[^/]+$/.test(url.pathname)
  )
}

export interface Sources {
  readonly flags: readonly string[]
  /** Names of a command's own flags, beside the settings. */
  readonly own?: Readonly<Record<string, 'string' | 'boolean'>>
  /** The command in all its words, and how many arguments it takes at most after them; where this is not said, any number. */
  readonly command?: CommandArguments
  readonly environment?: Environment
}

interface CommandArguments {
  readonly name: string
  readonly takes: number
}

type Environment = Readonly<Record<string, string | undefined>>

export interface Loaded {
  readonly config: Config
  /** The arguments that are no flags. */
  readonly rest: readonly string[]
  /** The values of the command's own flags. */
  readonly own: Readonly<Record<string, string | boolean | undefined>>
}

/** Node makes so many {@link threads} as its own variable says, and looks when it needs the first: afterwards this does nothing. */
export function limitThreads(): void {
  process.env.UV_THREADPOOL_SIZE ??= String(threads)
}

/** Reads the settings, and with them the flags and arguments of one command. Throws {@link ConfigError}. */
export function loadConfig(sources: Sources): Loaded {
  const environment = sources.environment ?? process.env
  const { values, positionals } = readFlags(sources)
  const file = readFile(values.config ?? environment.CHARTKEY_CONFIG, environment)
  const merged = {
    ...withSectionVariables(file, environment),
    ...Object.fromEntries(
      settings.map(({ key, flag, variable }) => [
        key,
        values[flag] ?? emptyAsAbsent(environment[variable]) ?? file[key],
      ]),
    ),
  }
  const config = checkShape(merged)
  checkTls(config)
  checkExposure(config)
  checkRetention(config)
  const own = Object.fromEntries(Object.keys(sources.own ?? {}).map((name) => [name, values[name]]))
  return { config: Object.freeze(config), rest: positionals, own }
}

/** A variable outweighs what the file says in its place, or in another form. */
function withSectionVariables(
  file: Partial<Record<string, unknown>>,
  environment: Environment,
): Partial<Record<string, unknown>> {
  const all = { ...file }
  for (const { section, member, variable } of sectionVariables) {
    const value = emptyAsAbsent(environment[variable])
    if (value !== undefined) all[section] = { ...(all[section] as object | undefined), [member]: value }
  }
  return all
}

function readFlags({ flags: args, own = {}, command }: Sources) {
  const options = Object.fromEntries([
    ...settings.map(
      ({ flag, boolean }) => [flag, { type: boolean ? 'boolean' : 'string' } as const] as const,
    ),
    ...Object.entries(own).map(([name, type]) => [name, { type }] as const),
  ])
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: { ...options, config: { type: 'string' } },
      allowPositionals: true,
      tokens: true,
    })
    if (command) checkRest(tokens, command)
    return {
      values: values as Record<string, string | boolean | undefined> & { config?: string },
      positionals,
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error
    // What Node adds is about arguments that begin with a dash, which no command has.
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    throw new ConfigError(/--[a-z-]+/.exec(problem)?.[0] ?? 'arguments', problem)
  }
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** A word that nobody reads would seem to have been heeded: `--sandbox false`. It is not repeated; it may be an address with a password. */
function checkRest(tokens: readonly Token[], { name, takes }: CommandArguments): void {
  const words = name.split(' ').length - 1
  const left = tokens.filter(({ kind }) => kind === 'positional')[words + takes]
  if (!left) return
  const before = tokens[tokens.indexOf(left) - 1]
  if (before?.kind === 'option' && before.value === undefined)
    throw new ConfigError(
      before.rawName,
      'a switch takes no value, and a word stands after it: leave the switch out where it is to be off',
    )
  const most = takes === 0 ? 'no arguments' : `${takes} argument${takes === 1 ? '' : 's'} at most`
  throw new ConfigError(name, `takes ${most}, and there are more`)
}

function emptyAsAbsent(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

/** A named file must exist; without a name, `chartkey.yaml` of the working folder is read if there is one. */
function readFile(path: string | undefined, environment: Environment): Partial<Record<string, unknown>> {
  const name = path ?? 'chartkey.yaml'
  if (path === undefined && !existsSync(name)) return {}
  const content = withVariables(parseFile(name), environment) as Record<string, unknown>
  const known = new Set<string>([...settings.map(({ key }) => key), ...Object.keys(sections)])
  const unknown = Object.keys(content).find((key) => !known.has(key))
  if (unknown !== undefined) throw new ConfigError(unknown, `unknown key in ${name}`)
  return content
}

/** Every `${NAME}` of the file from the environment, so that no secret has to stand in a file. */
function withVariables(value: unknown, environment: Environment, place: readonly string[] = []): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{(\w+)\}/g, (_, name) => variable(name, environment, place))
  if (typeof value !== 'object' || value === null) return value
  const filled = Object.entries(value).map(
    ([key, item]) => [key, withVariables(item, environment, [...place, key])] as const,
  )
  return Array.isArray(value) ? filled.map(([, item]) => item) : Object.fromEntries(filled)
}

function variable(name: string, environment: Environment, place: readonly string[]): string {
  const text = environment[name]
  if (text === undefined) throw new ConfigError(place.join('.'), `the environment has no ${name}`)
  return text
}

/** Loaded where there is a file to read: no command of a sandbox has one. */
function yaml(): typeof import('yaml') {
  return createRequire(import.meta.url)('yaml')
}

function parseFile(name: string): Record<string, unknown> {
  try {
    const content: unknown = yaml().parse(readFileSync(name, 'utf8')) ?? {}
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
      return content as Record<string, unknown>
    }
  } catch (error) {
    // Only the first line: the others show what stands in the file, passwords too.
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
    throw new ConfigError('--config', problem)
  }
  throw new ConfigError('--config', `${name} has no keys`)
}

function checkShape(merged: Record<string, unknown>): Config {
  const result = shape.safeParse(merged, { error: wordsFor })
  if (result.success) {
    const { baseUrl, policy, logLevel, tlsCert, tlsKey, ...rest } = result.data
    const level = logLevel ?? (rest.sandbox ? 'warn' : 'info')
    return {
      ...rest,
      logLevel: level,
      ...(baseUrl !== undefined && { baseUrl }),
      ...(policy !== undefined && { policy }),
      ...(tlsCert !== undefined && { tlsCert }),
      ...(tlsKey !== undefined && { tlsKey }),
    }
  }
  const [issue] = result.error.issues
  const row = settings.find(({ key }) => key === issue?.path[0])
  const place = row ? `--${row.flag}` : issue && placeOf(issue).join('.')
  throw new ConfigError(place || 'settings', issue?.message ?? 'not understood')
}

/** A certificate needs its key, and an address by which the outside makes use of it. */
function checkTls({ tlsCert, tlsKey, baseUrl }: Config): void {
  if (tlsCert === undefined && tlsKey === undefined) return
  if (tlsKey === undefined) throw new ConfigError('--tls-key', 'missing: --tls-cert needs its private key')
  if (tlsCert === undefined) throw new ConfigError('--tls-cert', 'missing: --tls-key needs its certificate')
  if (baseUrl?.startsWith('http:'))
    throw new ConfigError('--base-url', 'an https address is expected where the server speaks TLS itself')
}

/** Everything that would put records within reach of strangers has to be asked for in so many words. */
function checkExposure(config: Config): void {
  if (isLoopback(config.host)) return
  if (config.sandbox && !config.sandboxOnNetwork) {
    throw new ConfigError(
      '--sandbox',
      `known passwords on ${config.host}: refused without --sandbox-on-network`,
    )
  }
  if (config.tlsCert || config.allowInsecureHttp) return
  const isHttps = config.baseUrl?.startsWith('https:') === true
  if (isHttps && config.trustProxy.length > 0) return
  // The address alone is a promise: without the proxy named, what comes by plain HTTP past it would be answered.
  throw new ConfigError(
    isHttps ? '--trust-proxy' : '--base-url',
    `plain HTTP on ${config.host}: give --tls-cert and --tls-key, or the https address of the proxy in front ` +
      'as --base-url and its network as --trust-proxy, or --allow-insecure-http',
  )
}

function checkRetention({ sandbox, auditRetention }: Config): void {
  if (sandbox || auditRetention >= leastAuditRetention) return
  throw new ConfigError(
    '--audit-retention',
    `the audit trail is kept for ${leastAuditRetention} days at least, outside the sandbox`,
  )
}

/** Whether nobody but this machine reaches the server: it listens on loopback, and no proxy calls it by another name. */
export function isOnlyHere({ host, baseUrl }: Pick<Config, 'host' | 'baseUrl'>): boolean {
  return isLoopback(host) && (baseUrl === undefined || isLoopback(hostOf(baseUrl)))
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}
