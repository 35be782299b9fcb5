import { trailRules } from '../audit/chain.ts'
import { keysChanged } from '../audit/event.ts'
import { algorithms, type KeyState, keyMade, keyStates, nextKey } from '../authorization/keys.ts'
import { longestSigned } from '../authorization/lifetimes.ts'
import { newKey } from '../authorization/new-key.ts'
import type { StoredKey } from '../authorization/ports.ts'
import { type Config, ConfigError, loadConfig } from '../config.ts'
import { openKeyBox, withKeySetting } from '../server/key-box.ts'
import { openData, requireStore } from '../server/open-data.ts'
import { createRecording } from '../store/audit.ts'
import { createKeyStore, type SigningKeys } from '../store/signing-keys.ts'
import { operator } from './actions.ts'
import type { Command } from './command.ts'

interface Wish {
  readonly asJson: boolean
  /** Somebody else may have the keys: they count no more, from now on. */
  readonly compromised: boolean
}

type Action = (store: SigningKeys, config: Config, wish: Wish) => Promise<void>

const actions: Readonly<Record<string, Action>> = { list, rotate }

/** `keys list [--json]`, `keys rotate [--compromised]`: the server's signing keys. Servers that run take up what is done within seconds. */
export const keys: Command = async (args) => {
  const { config, rest, own } = loadConfig({
    flags: args,
    own: { json: 'boolean', compromised: 'boolean' },
    command: { name: 'keys', takes: 1 },
  })
  const [name = ''] = rest
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) throw new ConfigError('keys', `one of ${Object.keys(actions).join(', ')} is expected`)
  const compromised = own.compromised === true
  // What begins anew may begin in an empty folder, too.
  if (!compromised) requireStore(config)
  const box = await openKeyBox(config, { anew: name === 'rotate' && compromised })
  const sql = await openData(config)
  try {
    const store = createKeyStore(sql, box, createRecording(trailRules))
    await action(store, config, { asJson: own.json === true, compromised })
    return 0
  } catch (error) {
    throw withKeySetting(error, config)
  } finally {
    await sql.close()
  }
}

async function list(store: SigningKeys, config: Config, { asJson }: Wish): Promise<void> {
  const kept = await store.list()
  const states = keyStates(kept, Date.now(), longestSigned(config.lifetimes))
  const rows = kept.map((key) => rowOf(key, states.get(key.kid) ?? 'over'))
  const text = asJson
    ? JSON.stringify(rows, undefined, 2)
    : rows.map((row) => [row.kid, row.alg, row.state, row.signs_from].join('\t')).join('\n')
  process.stdout.write(`${text}\n`)
}

async function rotate(store: SigningKeys, config: Config, wish: Wish): Promise<void> {
  if (wish.compromised) {
    await replace(store)
  } else {
    const kept = await store.list()
    for (const alg of algorithms) await follow(store, kept, alg, config)
  }
  await list(store, config, wish)
}

/** At once and without a successor's time: every token that was signed before is refused. */
async function replace(store: SigningKeys): Promise<void> {
  const now = Date.now()
  const fresh = await Promise.all(algorithms.map((alg) => newKey(alg, now, now)))
  const change = `replaced all: ${fresh.map(keyMade).join(', ')}`
  await store.replaceAll(fresh, keysChanged(operator(), change))
}

/** One successor at a time: another one would wait for the first. */
async function follow(
  store: SigningKeys,
  kept: readonly StoredKey[],
  alg: StoredKey['alg'],
  config: Config,
): Promise<void> {
  const own = kept.filter((key) => key.alg === alg)
  const states = keyStates(own, Date.now(), longestSigned(config.lifetimes))
  const waiting = own.find(({ kid }) => states.get(kid) === 'next')
  if (waiting) {
    const from = new Date(waiting.signsFrom).toISOString()
    process.stderr.write(`chartkey: the next ${alg} key is there already, and signs from ${from}\n`)
    return
  }
  const newest = Math.max(0, ...own.map(({ createdAt }) => createdAt))
  const next = await nextKey(alg, own, Date.now())
  await store.addNext(next, newest, keysChanged(operator(), keyMade(next)))
}

function rowOf({ kid, alg, createdAt, signsFrom }: StoredKey, state: KeyState) {
  return {
    kid,
    alg,
    state,
    created_at: new Date(createdAt).toISOString(),
    signs_from: new Date(signsFrom).toISOString(),
  }
}
