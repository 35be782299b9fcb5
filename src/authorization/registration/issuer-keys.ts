// The keys of a statement's issuer, where it publishes them: believed for five minutes. RFC 7591 §2.3; RFC 7517.
import type { JSONWebKeySet } from 'jose'
import type { Outbound } from '../../http/outbound.ts'
import { createMemory } from '../memory.ts'
import type { KeysAt } from './software-statement.ts'

const SECOND = 1000
const BELIEVED = 5 * 60 * SECOND
const MOST_ISSUERS = 100
const limits = { accept: 'application/json', maxBytes: 64 * 1024, timeout: 5 * SECOND }

/** Fetches key sets; one that cannot be had is asked for again the next time. */
export function createIssuerKeys(outbound: Pick<Outbound, 'get'>, now: () => number): KeysAt {
  const remembered = createMemory<JSONWebKeySet>(MOST_ISSUERS)
  return async (url) => {
    const known = remembered.get(url, now())
    if (known) return known
    const answer = await outbound.get(url, limits)
    const keys = 'refused' in answer || answer.status !== 200 ? undefined : parseKeys(answer.body)
    if (keys) remembered.set(url, keys, now() + BELIEVED)
    return keys
  }
}

function parseKeys(body: string): JSONWebKeySet | undefined {
  try {
    const set = JSON.parse(body) as JSONWebKeySet | null
    return Array.isArray(set?.keys) ? (set ?? undefined) : undefined
  } catch {
    return undefined
  }
}
