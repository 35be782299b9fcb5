/** `\,` `\|` `\$` `\\` in search values. @see https://hl7.org/fhir/R4/search.html#escaping */

/** Parts a value at `separator`, but not where that is escaped; the escapes stay. */
export function splitValue(value: string, separator: ',' | '|' | '$'): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < value.length; at++) {
    if (value[at] === '\\') at++
    else if (value[at] === separator) {
      parts.push(value.slice(start, at))
      start = at + 1
    }
  }
  parts.push(value.slice(start))
  return parts
}

/** Takes the escapes away; a backslash before any other character stays. */
export function unescapeValue(value: string): string {
  return value.includes('\\') ? value.replace(/\\([\\,|$])/g, '$1') : value
}
