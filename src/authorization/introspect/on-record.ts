// Who learned what a token is good for is on record before it is told. A resource server asks about the same token with every
// request that brings it: within a minute that is one record. INTR-11 to INTR-13; RFC 7662 §4.
import { tokenIntrospected } from '../../audit/event.ts'
import { createMemory } from '../memory.ts'
import type { Trail } from '../ports.ts'
import type { Described } from './token-state.ts'

const MINUTE = 60 * 1000
const remembered = 10_000

/** Puts on record that a caller was told of a token; rejects when that cannot be written. */
export type TellTrail = (
  caller: { readonly client: string; readonly address: string },
  about: Described['about'],
) => Promise<void>

/** The recording over a trail. */
export function createIntrospectionRecord(audit: Trail, now: () => number): TellTrail {
  const told = createMemory<true>(remembered)
  return async ({ client, address }, about) => {
    const name = `${client}\n${about?.token ?? about?.grant ?? ''}`
    if (told.get(name, now())) return
    await audit.record(tokenIntrospected({ client, address, ...about }))
    told.set(name, true, now() + MINUTE)
  }
}
