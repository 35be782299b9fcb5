/** Where an address that a stranger names leads, as far as it can be told before it is looked up. */
import { isIP } from 'node:net'
import { type AddressKind, addressKind } from './addresses.ts'

/** A URL that may be called once its name is looked up: `kinds` says where the name may lead. */
export interface Destination {
  readonly url: URL
  readonly kinds: readonly AddressKind[]
  readonly allowsPrivate: IsAllowed
}

/** Which addresses a server may call beside public ones. */
export interface Reach {
  /** This machine, over plain HTTP too: for the sandbox. */
  readonly allowLoopback: boolean
  /** Machines of private networks that the site has named; default none. */
  readonly allowsPrivate?: IsAllowed
}

/** Whether a name may lead to an address of a private network. */
export type IsAllowed = (hostname: string, address: string) => boolean

const nobody: IsAllowed = () => false

/** Longer addresses are refused: nobody has one, and each is looked at and logged. */
const longest = 2048

/** The checked destination, or why there is none. */
export function checkDestination(text: string, reach: Reach): Destination | { readonly problem: string } {
  const url = text.length <= longest && URL.canParse(text) ? new URL(text) : undefined
  if (!url) return { problem: 'not a URL' }
  if (url.username !== '' || url.password !== '') return { problem: 'user information in the URL' }
  const isPlain = url.protocol === 'http:'
  if (!isPlain && url.protocol !== 'https:') return { problem: 'not https' }
  const kinds = kindsFor(isPlain, reach)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (kinds.length === 0 || (isPlain && !isLoopbackName(host))) return { problem: 'not https' }
  // An address that stands in the URL is never looked up, so that this is the only place to refuse it.
  const allowsPrivate = (!isPlain && reach.allowsPrivate) || nobody
  if (isIP(host) !== 0 && !mayBeCalled(host, host, { kinds, allowsPrivate }))
    return { problem: 'a forbidden address' }
  return { url, kinds, allowsPrivate }
}

/** Whether an address that a name leads to may be called. */
export function mayBeCalled(
  hostname: string,
  address: string,
  { kinds, allowsPrivate }: Pick<Destination, 'kinds' | 'allowsPrivate'>,
): boolean {
  const kind = addressKind(address)
  return kinds.includes(kind) || (kind === 'private' && allowsPrivate(hostname.toLowerCase(), address))
}

function kindsFor(isPlain: boolean, { allowLoopback }: Reach): AddressKind[] {
  const own: AddressKind[] = allowLoopback ? ['loopback'] : []
  return isPlain ? own : ['public', ...own]
}

/** What browsers and operating systems keep for the machine itself. */
function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || addressKind(host) === 'loopback'
}
