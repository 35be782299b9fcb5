/** Which proxies are believed when they say who asked, and how: a list of networks, and nobody else. RFC 7239 §8.1. */
import { BlockList, isIP, isIPv4 } from 'node:net'

/** Whether an address is one of a proxy of ours. */
export type IsTrusted = (address: string) => boolean

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** An address without the form that IPv4 takes on an IPv6 socket. */
export function plainAddress(address: string): string {
  return address.replace(MAPPED, '')
}

/** Whether a text is an address or a network (`10.0.0.0/8`) of which not everybody is part. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = isIPv4(address) ? 32 : 128
  if (isIP(address) === 0 || rest.length > 0) return false
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits)
}

/** So many addresses are remembered. */
const mostKnown = 1000

/** The check for a list of networks, each of which {@link isNetwork}. */
export function createTrust(networks: readonly string[]): IsTrusted {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', prefix] = network.split('/')
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    list.addSubnet(address, prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix), family)
  }
  function isListed(address: string): boolean {
    const plain = plainAddress(address)
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
  }

  // Few ask often: of a proxy, or of one address, each request would be looked up anew.
  const known = new Map<string, boolean>()
  return (address) => {
    const before = known.get(address)
    if (before !== undefined) return before
    if (known.size >= mostKnown) known.clear()
    const listed = isListed(address)
    known.set(address, listed)
    return listed
  }
}
