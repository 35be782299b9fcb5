import { checkResource, isObject } from './check-resource.ts'
import type { Batch } from './entry.ts'
import { parseBundle } from './parse-bundle.ts'
import { parseJson } from './parse-json.ts'
import { LoadRefused, type Place } from './refusal.ts'

/**
 * What a text holds: one Bundle, one resource, or NDJSON of either. The content decides, not the file's name. The Bundles come one by one,
 * each parsed when it is asked for; throws LoadRefused.
 */
export function parseDocuments(text: string): Batch[] {
  if (text.trim() === '') throw new LoadRefused('the file is empty')
  return isNdjson(text) ? parseLines(text) : [parseDocument(parseJson(text), {})]
}

/** JSON over several lines of which the first one alone is an object already can only be NDJSON. */
function isNdjson(text: string): boolean {
  const start = text.search(/\S/)
  const end = text.indexOf('\n', start)
  if (end < 0 || text.slice(end).trim() === '') return false
  try {
    return isObject(JSON.parse(text.slice(start, end)))
  } catch {
    return false
  }
}

function parseLines(text: string): Batch[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      line.trim() === '' ? [] : [parseDocument(parseJson(line, at + 1), { line: at + 1 })],
    )
}

function parseDocument(value: unknown, place: Place): Batch {
  if (isObject(value) && value.resourceType === 'Bundle') return parseBundle(value, place)
  return [{ place, resource: checkResource(value, place) }]
}
