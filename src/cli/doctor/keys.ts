/** Whether the keys that sign tokens can be read, are encrypted, and change when they should. */
import { existsSync } from 'node:fs'
import { algorithms } from '../../authorization/keys.ts'
import { importPrivateKey } from '../../authorization/new-key.ts'
import type { StoredKey } from '../../authorization/ports.ts'
import { isOpenToOthers, keyFileIn } from '../../server/key-file.ts'
import type { SigningKeys } from '../../store/signing-keys.ts'
import type { Check, Finding } from './check.ts'

const DAY = 24 * 60 * 60 * 1000

export interface KeysCheckOptions {
  /** Of an embedded store. */
  readonly folder: string | undefined
  /** Milliseconds after which a key should have its successor. */
  readonly rotateEvery: number
  /** Whether there is something to encrypt them with. */
  readonly isSealing: boolean
  readonly now: () => number
}

/** The check of all signing keys. */
export function keysCheck(keys: SigningKeys, options: KeysCheckOptions): Check {
  return { name: 'signing keys', run: () => examine(keys, options) }
}

async function examine(keys: SigningKeys, options: KeysCheckOptions): Promise<Finding> {
  const { folder, rotateEvery, now } = options
  const file = folder === undefined ? undefined : keyFileIn(folder)
  if (file !== undefined && existsSync(file) && (await isOpenToOthers(file)))
    return { ok: false, detail: `others than its owner may read ${file}: chmod 600 it` }
  const kept = await keys.list()
  const unreadable = kept.filter((key) => !isReadable(key)).map(({ kid }) => kid)
  if (unreadable.length > 0) return { ok: false, detail: `not readable: ${unreadable.join(', ')}` }
  if (kept.length === 0) return { ok: true, detail: 'none yet: the first start makes them' }
  const missing = algorithms.filter((alg) => !kept.some((key) => key.alg === alg))
  if (missing.length > 0) return { ok: false, detail: `there is no key for ${missing.join(' and ')}` }
  const unsealed = await keys.unsealed()
  if (unsealed > 0)
    return { ok: false, detail: `${unsealed} not encrypted${options.isSealing ? toSeal : toConfigure}` }
  const late = algorithms.filter((alg) => isLate(kept, alg, rotateEvery, now()))
  return late.length > 0
    ? { ok: false, detail: `no successor for too long, for ${late.join(' and ')}: no server has run` }
    : { ok: true, detail: `${kept.length}, all readable and encrypted` }
}

const toSeal = ' with the key in use, which the next start does'
const toConfigure = ': give CHARTKEY_KEY_ENCRYPTION_KEY'

/** A server that runs makes the next key within minutes. */
function isLate(kept: readonly StoredKey[], alg: string, rotateEvery: number, now: number): boolean {
  const newest = Math.max(...kept.filter((key) => key.alg === alg).map(({ createdAt }) => createdAt))
  return newest + rotateEvery + DAY < now
}

function isReadable(key: StoredKey): boolean {
  try {
    importPrivateKey(key)
    return true
  } catch {
    return false
  }
}
