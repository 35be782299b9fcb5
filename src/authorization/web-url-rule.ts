// What can be registered as an address of the web: as plain as a redirect URI, since people read it and browsers go there. REG-02; RFC 3986 §2.
import { isAsWritten, loopbackHosts } from './redirect-uri-rule.ts'

// As written, before any parser tidies it: no spaces, quotes, control or non-ASCII characters, backslashes.
const characters = /^[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%[\]]+$/

/** What is wrong with an address of the web; nothing when it can be registered. */
export function problemOfWebUrl(text: string): string | undefined {
  if (!characters.test(text) || !URL.canParse(text)) return 'not an absolute URI'
  const url = new URL(text)
  const { protocol, hostname, username, password } = url
  if (username !== '' || password !== '') return 'user information is not allowed'
  const isOfWeb = protocol === 'https:' || (protocol === 'http:' && loopbackHosts.has(hostname))
  if (!isOfWeb) return 'has to be an https URL (http on a loopback address only)'
  return isAsWritten(text, url) ? undefined : 'not in normal form'
}
