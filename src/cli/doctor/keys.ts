/** Whether the keys that sign tokens can be read. */
import { createPrivateKey } from 'node:crypto'
import type { KeyStore } from '../../authorization/ports.ts'
import type { Check } from './check.ts'

/** The check of all signing keys. */
export function keysCheck(keys: KeyStore): Check {
  return {
    name: 'signing keys',
    async run() {
      const kept = await keys.list()
      const unreadable = kept.filter(({ privateKey }) => !isReadable(privateKey)).map(({ kid }) => kid)
      if (unreadable.length > 0) return { ok: false, detail: `not readable: ${unreadable.join(', ')}` }
      if (kept.length === 0) return { ok: true, detail: 'none yet: the first start makes them' }
      const missing = ['ES256', 'RS256'].filter((alg) => !kept.some((key) => key.alg === alg))
      return missing.length > 0
        ? { ok: false, detail: `there is no key for ${missing.join(' and ')}` }
        : { ok: true, detail: `${kept.length}, all readable` }
    },
  }
}

function isReadable(pem: string): boolean {
  try {
    createPrivateKey(pem)
    return true
  } catch {
    return false
  }
}
