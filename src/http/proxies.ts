/** Which proxies are believed when they say who asked, and how: a list of networks, and nobody else. RFC 7239 §8.1. */
import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net'

/** Whether an address is one of a proxy of ours. */
export type IsTrusted = (address: string) => boolean

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i

/** An address without the form that IPv4 takes on an IPv6 socket. */
export function plainAddress(address: string): string {
  return address.replace(MAPPED, '')
}

/** Whether a text is an address or a network (`10.0.0.0/8`) that may be one's own: not everybody, nor a great part of everybody. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  if (isIP(address) === 0 || rest.length > 0) return false
  if (prefix === undefined) return true
  if (!/^[1-9]\d{0,2}$/.test(prefix)) return false
  return isIPv4(address) ? isOwnIPv4(Number(prefix)) : isOwnIPv6(address, Number(prefix))
}

/** Bits: nobody has a larger network, as 10.0.0.0/8 is, and of IPv6 none that is larger than the local ones together. */
const LEAST = { ipv4: 8, ipv6: 16, local: 7 } as const
const MAPPED_BITS = 96
const MAPPED_NETWORK = '::ffff:0:0'
const mapped = listOf([MAPPED_NETWORK, MAPPED_BITS])
const local = listOf(['fc00::', LEAST.local])

function isOwnIPv4(prefix: number): boolean {
  return prefix >= LEAST.ipv4 && prefix <= 32
}

/** IPv4 has a place among the addresses of IPv6, in which a network may be all of it. */
function isOwnIPv6(address: string, prefix: number): boolean {
  if (prefix > 128) return false
  if (mapped.check(address, 'ipv6')) return isOwnIPv4(prefix - MAPPED_BITS)
  if (listOf([address, prefix]).check(MAPPED_NETWORK, 'ipv6')) return false
  return prefix >= (local.check(address, 'ipv6') ? LEAST.local : LEAST.ipv6)
}

function listOf(...networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of networks) list.addSubnet(address, prefix, isIPv4(address) ? 'ipv4' : 'ipv6')
  return list
}

/** The server's own machine, no address at all, groups of machines, addresses that nobody was given. RFC 6890; RFC 4291 §2.4, §2.5.5.1 */
const nobodys = listOf(['127.0.0.0', 8], ['0.0.0.0', 8], ['224.0.0.0', 3], ['::', MAPPED_BITS], ['ff00::', 8])
const loopback = listOf(['127.0.0.0', 8], ['::1', 128])

/** Whether an address is of the machine itself. */
export function isLoopback(address: string): boolean {
  return isIn(address, loopback)
}

/**
 * Who asked, of a connection's other end and the addresses that were told from there on, each by the one before it: the
 * last that can be anybody's. Who says to be this machine itself, which is not counted, is what told so. RFC 7239 §8.1
 */
export function senderOf(told: readonly string[]): string {
  const at = told.findLastIndex(
    (address, index) => index === 0 || (isIP(address) !== 0 && !isIn(address, nobodys)),
  )
  const address = told[at] ?? ''
  // Of what is told one address may have many spellings.
  const isSpelt = at > 0 && isIP(address) === 6
  return plainAddress(isSpelt ? new SocketAddress({ address, family: 'ipv6' }).address : address)
}

function isIn(address: string, list: BlockList): boolean {
  const version = isIP(address)
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

/** So many addresses are remembered. */
const mostKnown = 1000

/** The check for a list of networks, each of which {@link isNetwork}. */
export function createTrust(networks: readonly string[]): IsTrusted {
  const list = listOf(
    ...networks.map((network) => {
      const [address = '', prefix] = network.split('/')
      return [address, prefix === undefined ? (isIPv4(address) ? 32 : 128) : Number(prefix)] as const
    }),
  )

  // Few ask often: of a proxy, or of one address, each request would be looked up anew.
  const known = new Map<string, boolean>()
  return (address) => {
    const before = known.get(address)
    if (before !== undefined) return before
    if (known.size >= mostKnown) known.clear()
    const listed = isIn(plainAddress(address), list)
    known.set(address, listed)
    return listed
  }
}
