/**
 * The server's own signing keys: ES256 for access tokens, RS256 for ID tokens (CTX-49). What each key does at a moment
 * follows from the list in the store alone, so that nodes agree without talking: it is public from the time it is made,
 * signs from its own time until the next one's, and stays public until the last of what it signed has expired.
 */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { keysChanged } from '../audit/event.ts'
import {
  KEY_LOOK_INTERVAL,
  KEY_PUBLISHED_AHEAD,
  KEY_PUBLISHED_MARGIN,
  RETIRED_KEY_KEPT,
} from './durations.ts'
import { importPrivateKey, newKey } from './new-key.ts'
import type { KeyStore, RetiredKey, StoredKey } from './ports.ts'

export type Algorithm = StoredKey['alg']

export const algorithms = ['ES256', 'RS256'] as const satisfies readonly Algorithm[]

/** A key ready for use; importing it once saves a third of the cost of a signature. */
export interface SigningKey {
  readonly kid: string
  readonly alg: Algorithm
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** The public half of a key, by which a signature is checked. */
export type VerifyingKey = Pick<SigningKey, 'kid' | 'alg' | 'publicKey'>

/** The keys in use, and all that are published, at the moment they are asked for. */
export interface KeyRing {
  readonly signing: Readonly<Record<Algorithm, SigningKey>>
  /** Every key whose signatures are still accepted. */
  readonly all: readonly SigningKey[]
  /** Those of ID tokens, and those that were: an ID token comes back as a hint long after it has expired. */
  readonly hints: readonly VerifyingKey[]
  /** The public JWK Set (CTX-48). */
  readonly jwks: { readonly keys: readonly object[] }
}

/** The ring of a running server. */
export interface Keys extends KeyRing {
  /** Changes when a key is no longer accepted: what it signed is to be looked at again. */
  readonly generation: number
  /** Takes up what other nodes and operators did; to be called every few seconds. */
  reload(): Promise<void>
  /** The same for a token with an unknown key, once a second at most. */
  seek(): Promise<void>
  /** Makes the next keys when theirs is the time, and removes those that nobody needs; to be called now and then. */
  tend(): Promise<void>
}

/** When keys change. */
export interface KeyRotation {
  /** Milliseconds after which a key gets its successor. */
  readonly rotateEvery: number
  /** The longest life of anything that is signed, in milliseconds. */
  readonly longestSigned: number
}

/** What a key does at a moment. */
export type KeyState = 'next' | 'signing' | 'published' | 'over'

/** The states of all keys: each one's successor decides. */
export function keyStates(
  keys: readonly StoredKey[],
  now: number,
  longestSigned: number,
): Map<string, KeyState> {
  const states = new Map<string, KeyState>()
  for (const alg of algorithms) {
    const own = keys.filter((key) => key.alg === alg).sort((a, b) => a.signsFrom - b.signsFrom)
    own.forEach((key, at) => {
      states.set(key.kid, stateOf(key, own[at + 1], at === 0, now, longestSigned))
    })
  }
  return states
}

function stateOf(
  key: StoredKey,
  next: StoredKey | undefined,
  isFirst: boolean,
  now: number,
  longestSigned: number,
): KeyState {
  // The very first signs whatever a clock says: there is no other.
  if (key.signsFrom > now && !isFirst) return 'next'
  if (!next || next.signsFrom > now) return 'signing'
  return next.signsFrom + longestSigned + KEY_PUBLISHED_MARGIN > now ? 'published' : 'over'
}

/** Loads the keys as they are at a moment, and makes those that are missing. */
export async function loadKeys(store: KeyStore, now: number): Promise<KeyRing> {
  const never = Number.MAX_SAFE_INTEGER
  return createKeys(store, () => now, { rotateEvery: never, longestSigned: never })
}

/** Loads the keys for a server that runs; makes those that are missing. */
export async function createKeys(store: KeyStore, now: () => number, rotation: KeyRotation): Promise<Keys> {
  const imported = new Map<string, SigningKey>()
  let generation = 0
  let stored: readonly StoredKey[] = []
  let retired: readonly VerifyingKey[] = []
  let ring: TimedRing | undefined
  let lookedAt = Number.NEGATIVE_INFINITY

  async function reload(): Promise<void> {
    // What is gone counts no more, also where what is there now cannot be read: it may have been stolen.
    const [kids, kept] = await Promise.all([store.kids(), loadRetired(store)])
    retired = kept
    forgetOthers(kids)
    stored = await store.list()
    forgetOthers(stored.map(({ kid }) => kid))
    for (const key of stored) if (!imported.has(key.kid)) imported.set(key.kid, importKey(key))
    ring = undefined
  }

  function forgetOthers(kids: readonly string[]): void {
    if (!dropOthers(imported, kids)) return
    generation++
    ring = undefined
  }

  function current(): KeyRing {
    if (!ring || ring.until <= now()) ring = ringAt(stored, imported, now(), rotation.longestSigned)
    return ring
  }

  async function takeOut(kids: readonly string[]): Promise<void> {
    const retired = kids.flatMap((kid) => {
      const key = imported.get(kid)
      return key?.alg === 'RS256' ? [retiredHalf(key, now())] : []
    })
    const told = keysChanged({}, `removed ${kids.join(', ')}`)
    await store.remove(kids, { retired, told, at: now() })
  }

  async function tend(): Promise<void> {
    await reload()
    const states = keyStates(stored, now(), rotation.longestSigned)
    const over = stored.filter(({ kid }) => states.get(kid) === 'over').map(({ kid }) => kid)
    if (over.length > 0) await takeOut(over)
    await store.forgetRetired(now() - RETIRED_KEY_KEPT)
    const since = now() - rotation.rotateEvery
    for (const alg of algorithms) {
      if (stored.some((key) => key.alg === alg && key.createdAt > since)) continue
      const next = await nextKey(alg, stored, now())
      await store.addNext(next, since, keysChanged({}, keyMade(next)))
    }
    await reload()
  }

  await tend()
  return {
    get signing() {
      return current().signing
    },
    get all() {
      return current().all
    },
    get hints() {
      return [...current().hints, ...retired]
    },
    get jwks() {
      return current().jwks
    },
    get generation() {
      return generation
    },
    reload,
    async seek() {
      if (now() - lookedAt < KEY_LOOK_INTERVAL) return
      lookedAt = now()
      await reload()
    },
    tend,
  }
}

/** Drops what is under other names; whether there was anything. */
function dropOthers(imported: Map<string, SigningKey>, kids: readonly string[]): boolean {
  const gone = [...imported.keys()].filter((kid) => !kids.includes(kid))
  for (const kid of gone) imported.delete(kid)
  return gone.length > 0
}

/** The key that comes after those there are: public at once, signing when everybody can have it; the first one signs at once. */
export async function nextKey(alg: Algorithm, stored: readonly StoredKey[], now: number): Promise<StoredKey> {
  const isFirst = !stored.some((key) => key.alg === alg)
  return newKey(alg, now, isFirst ? now : now + KEY_PUBLISHED_AHEAD)
}

/** A ring, and the moment at which it is another one. */
interface TimedRing extends KeyRing {
  readonly until: number
}

function ringAt(
  stored: readonly StoredKey[],
  imported: ReadonlyMap<string, SigningKey>,
  now: number,
  longestSigned: number,
): TimedRing {
  const states = keyStates(stored, now, longestSigned)
  const having = (...wanted: readonly KeyState[]) =>
    stored.flatMap(({ kid }) => {
      const key = imported.get(kid)
      return key && wanted.includes(states.get(kid) ?? 'over') ? [key] : []
    })
  const all = having('next', 'signing', 'published')
  const signing = having('signing')
  const changes = stored
    .flatMap(({ signsFrom }) => [signsFrom, signsFrom + longestSigned + KEY_PUBLISHED_MARGIN])
    .filter((time) => time > now)
  return {
    // Asked for when something is to be signed: where there is none, others' signatures are checked all the same.
    signing: {
      get ES256() {
        return oneOf(signing, 'ES256')
      },
      get RS256() {
        return oneOf(signing, 'RS256')
      },
    },
    all,
    hints: all.filter(({ alg }) => alg === 'RS256'),
    jwks: { keys: all.map(publicJwk) },
    until: Math.min(...changes, Number.MAX_SAFE_INTEGER),
  }
}

async function loadRetired(store: KeyStore): Promise<VerifyingKey[]> {
  const kept = await store.listRetired()
  return kept.map(({ kid, alg, publicKey }) => ({ kid, alg, publicKey: createPublicKey(publicKey) }))
}

function retiredHalf({ kid, alg, publicKey }: SigningKey, retiredAt: number): RetiredKey {
  return { kid, alg, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), retiredAt }
}

/** What is put on record of a key that was made. */
export function keyMade({ alg, kid }: StoredKey): string {
  return `made ${alg} ${kid}`
}

function importKey(stored: StoredKey): SigningKey {
  const privateKey = importPrivateKey(stored)
  return { kid: stored.kid, alg: stored.alg, privateKey, publicKey: createPublicKey(privateKey) }
}

function oneOf(keys: readonly SigningKey[], alg: Algorithm): SigningKey {
  const found = keys.find((key) => key.alg === alg)
  if (!found) throw new Error(`no ${alg} key`)
  return found
}

function publicJwk({ kid, alg, publicKey }: SigningKey): object {
  return { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' }
}
