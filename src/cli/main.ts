/** The commands of `chartkey`: finds the one that is asked for, runs it, and turns what went wrong into a sentence and an exit code. */
import { ConfigError, limitThreads } from '../config.ts'
import type { Command } from './command.ts'

/** Loaded when asked for: `--help` needs no server. */
const commands: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  serve: {
    summary: 'Start the server. With --sandbox: synthetic patients, accounts and apps to try it with.',
    load: async () => (await import('./serve.ts')).serve,
  },
  import: {
    summary: 'Read FHIR files into the store: Bundles, single resources, NDJSON, each also .gz.',
    load: async () => (await import('./import.ts')).importFiles,
  },
  seed: {
    summary: 'Make synthetic patients: --patients N --seed S. The same seed gives the same data.',
    load: async () => (await import('./seed.ts')).seed,
  },
  app: {
    summary:
      'Registered apps: app add, list, show, edit, approve, refuse, disable, enable, rotate-secret, delete …',
    load: async () => (await import('./app.ts')).app,
  },
  user: {
    summary: 'Accounts: user add, list, show, link, set-password, remove-second-factors, disable, enable.',
    load: async () => (await import('./user.ts')).user,
  },
  grants: {
    summary: 'What people allowed apps: grants list, grants revoke.',
    load: async () => (await import('./grants.ts')).grants,
  },
  keys: {
    summary: 'Signing keys: keys list, keys rotate [--compromised].',
    load: async () => (await import('./keys.ts')).keys,
  },
  invite: {
    summary:
      'invite Patient/ID: an activation code, by which a patient links a sign-in elsewhere: --days N, --json.',
    load: async () => (await import('./invite.ts')).invite,
  },
  policy: {
    summary: 'policy check FILE: what a policy file means, or its mistakes, each with its line.',
    load: async () => (await import('./policy.ts')).policy,
  },
  doctor: {
    summary: 'Check the store, the keys and the whole audit trail: --json, --expect-head SEQ:HASH.',
    load: async () => (await import('./doctor.ts')).doctor,
  },
}

const usage = `chartkey <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n')}

Options of every command
  --data PLACE         folder of the embedded store, or postgres://USER:PASSWORD@HOST/DATABASE
                       (CHARTKEY_DATA, default ./data)
  --config FILE        settings as YAML (default chartkey.yaml, if there is one)
  --base-url URL       what the outside calls this server (CHARTKEY_BASE_URL, default http://localhost:PORT)
  --policy FILE        whose records people may open, and what is withheld (CHARTKEY_POLICY, default one that comes along)
  CHARTKEY_KEY_ENCRYPTION_KEY (or …_KEY_FILE)  encrypts the signing keys at rest; PostgreSQL needs one
  --log-level LEVEL    fatal, error, warn, info, debug or silent (CHARTKEY_LOG_LEVEL, default info, in the sandbox warn)

Options of serve
  --port N             TCP port, 0 for any free one (PORT, default 8080)
  --host ADDRESS       address to listen on (CHARTKEY_HOST, default 127.0.0.1)
  --sandbox            for trying and demonstrating: known passwords, open app registration
  --sandbox-on-network  allow that on an address that other machines reach
  --audit-retention DAYS  how long the audit trail is kept (CHARTKEY_AUDIT_RETENTION, default 2192: six years)
  --tls-cert FILE, --tls-key FILE  certificate with its chain and private key as PEM, taken again when they change
                       (CHARTKEY_TLS_CERT, CHARTKEY_TLS_KEY)
  --trust-proxy LIST   networks whose X-Forwarded-For and -Proto are believed (CHARTKEY_TRUST_PROXY, default none)
                       outside loopback an https --base-url needs it, or --tls-cert
  --allow-insecure-http  allow plain HTTP on an address that other machines reach
`

const exitCodes = { done: 0, failed: 1, misused: 2 } as const

/** Runs one command line, and gives its exit code; what went wrong stands on standard error. */
export async function runCommand(args: readonly string[]): Promise<number> {
  limitThreads()
  process.stdout.on('error', ignoreWhoStopsReading)
  try {
    return await dispatch(args)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    process.stderr.write(`chartkey: ${text}\n`)
    return error instanceof ConfigError ? exitCodes.misused : exitCodes.failed
  }
}

/** `chartkey app list | head`: what was asked for is done all the same. */
function ignoreWhoStopsReading(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

async function dispatch(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args
  if (name === '' || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(usage)
    return name === '' ? exitCodes.misused : exitCodes.done
  }
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!found) {
    process.stderr.write(`chartkey: there is no command "${name}"\n\n${usage}`)
    return exitCodes.misused
  }
  if (rest.some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(`chartkey ${name}: ${found.summary}\n\n${usage}`)
    return exitCodes.done
  }
  const command = await found.load()
  return command(rest)
}
