// One address has one spelling from here on: what counts requests, logs them or compares their address looks at the text, and the router
// finds the same route by others. RFC 9112 §3.2.2 (a request may name the whole address), RFC 3986 §6.2.2.2 (percent-encoding).
const SLASH = 47
const WHOLE = /^https?:\/\/[^/?#]*/i
/** What never needs to be encoded; but a dot, which would make a step up out of a name. RFC 3986 §2.3 */
const NEEDLESS = /%(?:2d|5f|7e|3\d|[46][1-9a-f]|[57][\da])/gi

/** The path and query of a request target: without scheme and host, and with nothing encoded in the path that need not be. */
export function plainTarget(target: string): string {
  if (target.charCodeAt(0) === SLASH && !target.includes('%')) return target
  const own = target.replace(WHOLE, '')
  const mark = own.indexOf('?')
  const path = mark < 0 ? own : own.slice(0, mark)
  const query = mark < 0 ? '' : own.slice(mark)
  const plain = path.replace(NEEDLESS, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return /[\w~-]/.test(character) ? character : code
  })
  return (plain === '' && own !== target ? '/' : plain) + query
}
