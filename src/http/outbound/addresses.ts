/** What an address is to a server that guards patient data and calls addresses which strangers name. */
import { BlockList, isIP } from 'node:net'

/** `never` is everything that is neither one machine of the internet, nor of a private network, nor this one. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'never'

const loopback = blockOf([
  ['127.0.0.0', 8],
  ['::1', 128],
])

const privateNetworks = blockOf([
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
])

/** IANA's registers of special addresses: what is of no machine, of this link only, of many at once, or hides an IPv4 address. */
const special = blockOf([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Protocol assignments, among them Teredo and ORCHID.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4: the IPv4 address in it could be any.
  ['2002::', 16],
  ['3fff::', 20],
])

const mapped = blockOf([['::ffff:0:0', 96]])

/** Of IPv6 only this is given to machines of the internet; mapped, translated (NAT64), link-local and multicast are outside of it. */
const globalUnicast = blockOf([['2000::', 3]])

/** What kind of address a text is, in any notation that the operating system would connect to; a text that is none is `never`. */
export function addressKind(text: string): AddressKind {
  const version = isIP(text)
  // A zone (`fe80::1%eth0`) is of one link.
  if (version === 0 || text.includes('%')) return 'never'
  const family = version === 6 ? 'ipv6' : 'ipv4'
  // The lists take a mapped address for the IPv4 address in it; nobody who means that one writes it so.
  if (version === 6 && mapped.check(text, 'ipv6')) return 'never'
  if (loopback.check(text, family)) return 'loopback'
  if (privateNetworks.check(text, family)) return 'private'
  if (special.check(text, family)) return 'never'
  return version === 4 || globalUnicast.check(text, 'ipv6') ? 'public' : 'never'
}

function blockOf(subnets: readonly (readonly [string, number])[]): BlockList {
  const block = new BlockList()
  for (const [net, prefix] of subnets) block.addSubnet(net, prefix, net.includes(':') ? 'ipv6' : 'ipv4')
  return block
}
