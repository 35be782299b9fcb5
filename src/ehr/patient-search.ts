/** What a clinician typed into the search field, as FHIR searches to try in turn. */

const pageSize = 20
const mostWords = 5

/** The first page's searches: by birth date, by record number, by every word of the name; all patients for an empty text. */
export function firstPaths(text: string): string[] {
  const typed = text.trim()
  if (typed === '') return [path([], '-_lastUpdated')]
  const birthDate = parseBirthDate(typed)
  if (birthDate) return [path([['birthdate', birthDate]])]
  const byName = path(nameParameters(typed))
  // Generated names have digits too: a number that is no record number may still be part of a name.
  return /\d/.test(typed) && !/\s/.test(typed) ? [path([['identifier', escaped(typed)]]), byName] : [byName]
}

/** A whole date as people write it, year first: `1987-04-23`, `1987/4/23`, `19870423`. */
function parseBirthDate(text: string): string | undefined {
  const found = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text) ?? /^(\d{4})()(\d{2})(\d{2})$/.exec(text)
  if (!found) return undefined
  const date = `${found[1]}-${found[3]?.padStart(2, '0')}-${found[4]?.padStart(2, '0')}`
  return isDay(date) ? date : undefined
}

function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
}

function nameParameters(text: string): [string, string][] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  return words.slice(0, mostWords).map((word) => ['name', escaped(word)])
}

/** A comma, bar or dollar of the reader's is none of the search's own. */
function escaped(text: string): string {
  return text.replaceAll(/[\\,|$]/g, (mark) => `\\${mark}`)
}

function path(parameters: readonly (readonly [string, string])[], sort = 'family'): string {
  const query = new URLSearchParams()
  for (const [name, value] of parameters) query.append(name, value)
  query.append('_sort', sort)
  query.append('_count', String(pageSize))
  return `Patient?${query}`
}
