/** A scope as a refusal may repeat it: in the characters of an error description, and not at any length. RFC 6749 §3.3, §5.2. */
const longestShown = 200

/** The scope, or words for one that has other characters. */
export function shownScope(scope: string): string {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope) ? scope.slice(0, longestShown) : 'a part of it'
}
