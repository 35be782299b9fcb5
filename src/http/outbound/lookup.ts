/** Name resolution that gives the connection only addresses it may go to: what was checked is what is connected to. */
import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { type Destination, mayBeCalled } from './destination.ts'

/** Where names may lead. */
export type LookupReach = Pick<Destination, 'kinds' | 'allowsPrivate'>

/** That a name leads to no address that may be called. */
export class AddressRefused extends Error {
  constructor(hostname: string) {
    super(`${hostname} leads to no address that may be called`)
    this.name = 'AddressRefused'
  }
}

/** Resolves a name to all of its addresses. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * A `lookup` for sockets. The socket gets the very addresses that were judged, so that a name which answers
 * differently the second time (DNS rebinding) gains nothing by it.
 */
export function createLookup(reach: LookupReach, resolve: Resolve = lookup): LookupFunction {
  return (hostname, { all, ...options }, done) => {
    resolve(hostname, { ...options, all: true } as LookupAllOptions, (error, found) => {
      if (error) return done(error, '')
      const allowed = found.filter(({ address }) => mayBeCalled(hostname, address, reach))
      const [first] = allowed
      if (!first) return done(new AddressRefused(hostname), '')
      return all ? done(null, allowed) : done(null, first.address, first.family)
    })
  }
}
