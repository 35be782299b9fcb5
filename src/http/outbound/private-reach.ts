/** Which machines of private networks a site has named: by their network, by their address, or by their name. */
import { createTrust, isNetwork } from '../proxies.ts'
import { addressKind } from './addresses.ts'
import type { IsAllowed } from './destination.ts'

const hostName = /^(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)*$/

/** Whether an entry names something: a private network or address, or a host name in lower case. */
export function isReachEntry(text: string): boolean {
  if (isNetwork(text)) return addressKind(text.split('/')[0] ?? '') === 'private'
  return hostName.test(text) && !/^[\d.]+$/.test(text)
}

/** The check of a list of entries, each of which {@link isReachEntry}; a name may lead to any private address. */
export function createPrivateReach(entries: readonly string[]): IsAllowed {
  const isInNetwork = createTrust(entries.filter(isNetwork))
  const hosts = new Set(entries.filter((entry) => !isNetwork(entry)))
  return (hostname, address) => hosts.has(hostname) || isInNetwork(address)
}
