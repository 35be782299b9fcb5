/** How long an answer may be kept. CAUTH-45, CAUTH-46, AMB-14; RFC 9111 §4.2, §5.2.2. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

/** Of an answer that says nothing about it (AMB-14). */
const KEPT_BY_DEFAULT = 1 * MINUTE
/** The longest that anything is believed, whatever the answer says: keys have to be taken back some day. */
const KEPT_AT_MOST = 1 * DAY

/** The time in milliseconds for which an answer may be kept, by its headers; 0 is not at all. */
export function freshnessOf(headers: Readonly<Record<string, string>>): number {
  const directives = (headers['cache-control'] ?? '').toLowerCase().split(',').map(readDirective)
  const names = directives.map(([name]) => name)
  if (names.includes('no-store') || names.includes('no-cache')) return 0
  const ages = directives.filter(([name]) => name === 'max-age').map(([, value]) => seconds(value))
  if (ages.length === 0) return KEPT_BY_DEFAULT
  // Of several the shortest; one that cannot be read is none.
  const age = seconds(headers.age ?? '0')
  return Math.min(KEPT_AT_MOST, Math.max(0, Math.min(...ages) - age))
}

function readDirective(text: string): readonly [string, string] {
  const [name = '', value = ''] = text.split('=', 2)
  return [name.trim(), value.trim().replace(/^"(.*)"$/, '$1')]
}

function seconds(text: string): number {
  return /^\d{1,12}$/.test(text) ? Number(text) * SECOND : 0
}
