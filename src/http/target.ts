// One address has one spelling from here on: what counts requests, logs them or compares their address looks at the text, and the router
// finds the same route by others. RFC 9112 §3.2.2 (a request may name the whole address), RFC 3986 §6.2.2.2 (percent-encoding).
import { RequestError } from './request-error.ts'

const SLASH = 47
const FRAGMENT = '#'
const WHOLE = /^https?:\/\/[^/?#]*/i
/** What never needs to be encoded; but a dot, which would make a step up out of a name. RFC 3986 §2.3 */
const NEEDLESS = /%(?:2d|5f|7e|3\d|[46][1-9a-f]|[57][\da])/gi

/**
 * Throws where a request target has a fragment, which none has: a browser keeps it to itself. Refused rather than cut off,
 * since a proxy in front may have taken it for a part of the path, and so for another address. RFC 9112 §3.2
 */
export function checkTarget(target: string): void {
  if (target.includes(FRAGMENT))
    throw new RequestError(
      400,
      'The address has a fragment (#), which no request may send: leave it out, or write %23.',
    )
}

/** The path and query of a request target: without scheme, host and fragment, and with nothing encoded in the path that need not be. */
export function plainTarget(target: string): string {
  const sent = withoutFragment(target)
  if (sent.charCodeAt(0) === SLASH && !sent.includes('%')) return sent
  const own = sent.replace(WHOLE, '')
  const mark = own.indexOf('?')
  const path = mark < 0 ? own : own.slice(0, mark)
  const query = mark < 0 ? '' : own.slice(mark)
  const plain = path.replace(NEEDLESS, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w~-]/.test(character) ? character : code
  })
  return (plain === '' && own !== sent ? '/' : plain) + query
}

/** What is refused for its fragment is logged, and told in the format of the address, all the same. */
function withoutFragment(target: string): string {
  const mark = target.indexOf(FRAGMENT)
  return mark < 0 ? target : target.slice(0, mark)
}
