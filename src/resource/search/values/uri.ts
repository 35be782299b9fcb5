/** Uris above and below another, by the segments of their paths. @see https://hl7.org/fhir/R4/search.html#uri */
import type { StringCondition } from '../plan.ts'

const mostSegments = 50

/** The uri itself and everything underneath it. */
export function uriBelow(uri: string): StringCondition[] | undefined {
  if (uri === '') return undefined
  const folder = uri.endsWith('/') ? uri : `${uri}/`
  return [equal(uri), { kind: 'string', match: 'starts', text: folder }]
}

/** The uri itself and every uri that it is underneath of. */
export function uriAbove(uri: string): StringCondition[] | undefined {
  if (uri === '') return undefined
  const found = [equal(uri)]
  const schemeEnd = uri.indexOf('://') + 3
  for (let at = uri.lastIndexOf('/'); at >= schemeEnd; at = uri.lastIndexOf('/', at - 1)) {
    found.push(equal(uri.slice(0, at)), equal(uri.slice(0, at + 1)))
    if (found.length > mostSegments) return undefined
  }
  return found
}

function equal(text: string): StringCondition {
  return { kind: 'string', match: 'folded', text }
}
