/** What the signing keys are encrypted with: the key of the settings, or the one beside an embedded store. docs/adr/0023. */
import { existsSync } from 'node:fs'
import { type Config, ConfigError } from '../config.ts'
import { connectStore, isPostgres } from '../store/open.ts'
import { createSecretBox, type SecretBox } from '../store/secret-box.ts'
import { holdsSealedKeys, UnreadableKey } from '../store/signing-keys.ts'
import { databaseIn } from '../store/sqlite/folder.ts'
import { keyFileIn, makeKeyFile, readKeyBeside, readKeyFile } from './key-file.ts'

export type KeySettings = Pick<Config, 'data' | 'sandbox' | 'keys'>

/** How a database without a key of its own is met. */
interface Manner {
  /** Make a key file where one is missing; default yes. */
  readonly make?: boolean
  /** The stored keys are about to be replaced: whether they can be read is no matter. */
  readonly anew?: boolean
}

/** The box for the keys of this store; nothing where they are stored as they are, which a sandbox on PostgreSQL may. */
export async function openKeyBox(
  settings: KeySettings,
  { make = true, anew = false }: Manner = {},
): Promise<SecretBox | undefined> {
  const { keys, data } = settings
  const configured = keys.encryptionKey ?? (await fromFile(keys.encryptionKeyFile))
  const beside = hasFolder(data) ? await ofData(readKeyBeside(data)) : undefined
  // What is no longer in use still opens what it closed.
  const before = [keys.previousEncryptionKey, beside].filter((key) => key !== undefined)
  if (configured) return createSecretBox([configured, ...before])
  if (hasFolder(data)) {
    if (!beside && make && !anew) await ofData(checkNotMissed(data))
    return boxOf(beside ?? (make ? await ofData(makeKeyFile(data)) : undefined), before)
  }
  if (isPostgres(data) && !settings.sandbox && make) throw missing
  return undefined
}

const missing = new ConfigError(
  'keys.encryptionKey',
  'on PostgreSQL the signing keys are stored encrypted: give CHARTKEY_KEY_ENCRYPTION_KEY (32 random bytes: ' +
    'openssl rand -base64 32) or CHARTKEY_KEY_ENCRYPTION_KEY_FILE, the same on every node',
)

/** An error as it is, but for keys that the box does not open: those are told with the setting that has to change, and how. */
export function withKeySetting(error: unknown, { keys, data }: KeySettings): unknown {
  if (!(error instanceof UnreadableKey)) return error
  const file = keyFileIn(data)
  const [setting, advice] =
    keys.encryptionKey !== undefined || keys.encryptionKeyFile !== undefined || !hasFolder(data)
      ? ['keys.encryptionKey', 'give the right one here, or as keys.previousEncryptionKey']
      : ['--data', `${file} ${existsSync(file) ? 'is of another store or another backup' : 'is missing'}`]
  return new ConfigError(
    setting,
    `${error.message}: ${advice}. Where it is lost, \`chartkey keys rotate --compromised\` begins anew`,
  )
}

/** A new key opens nothing that another has closed, and in the place of that one it would hide that it is missing. */
async function checkNotMissed(folder: string): Promise<void> {
  if (!existsSync(databaseIn(folder))) return
  const sql = await connectStore(folder)
  const isMissed = await holdsSealedKeys(sql).finally(() => sql.close())
  // Another process that starts at once may have made it meanwhile.
  if (!isMissed || existsSync(keyFileIn(folder))) return
  throw new Error(
    `${keyFileIn(folder)} is missing, and no keys.encryptionKey is given: one of them opens the signing keys of this ` +
      'store. Put the file back from its backup; where it is lost, `chartkey keys rotate --compromised` begins anew',
  )
}

function boxOf(key: Uint8Array | undefined, before: readonly Uint8Array[]): SecretBox | undefined {
  return key && createSecretBox([key, ...before])
}

function hasFolder(data: string): boolean {
  return !isPostgres(data) && data !== ':memory:'
}

/** What goes wrong in the folder of the store is a matter of the setting that names it. */
async function ofData<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (error) {
    throw new ConfigError('--data', error instanceof Error ? error.message : String(error))
  }
}

async function fromFile(file: string | undefined): Promise<Uint8Array | undefined> {
  if (file === undefined) return undefined
  try {
    const key = await readKeyFile(file)
    if (key) return key
  } catch (error) {
    throw new ConfigError('keys.encryptionKeyFile', error instanceof Error ? error.message : String(error))
  }
  throw new ConfigError('keys.encryptionKeyFile', `there is no file ${file}`)
}
