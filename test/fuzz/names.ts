/** The names of parameters that the program reads, taken from its text: a new one is fuzzed without being listed here. */
import { globSync, readFileSync } from 'node:fs'

const READ = /\.(?:get|all)\('([A-Za-z_$:.-]{1,40})'\)/g
const LISTED = /^ {2}'([a-z_]{3,40})',$/gm
const MEMBER = /^ {2}([a-z]+(?:_[a-z]+)+): /gm
const HEADER = /headers\.([a-z]+)\b|headers\['([a-z-]+)'\]/g

const texts = globSync('src/**/*.ts')
  .filter((path) => !path.endsWith('.test.ts') && !path.includes('/synthetic/'))
  .map((path) => readFileSync(path, 'utf8'))

function namesBy(pattern: RegExp, among: readonly string[] = texts): string[] {
  const found = among.flatMap((text) =>
    [...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? ''),
  )
  return [...new Set(found)].filter((name) => name !== '').sort()
}

/** Parameters of queries and forms. */
export const parameterNames = [
  ...new Set([
    ...namesBy(READ),
    ...namesBy(
      LISTED,
      texts.filter((text) => text.includes('knownParameters')),
    ),
    '_csrf',
    '__proto__',
    'constructor',
    'toString',
    '',
  ]),
]

/** Members of JSON bodies. */
export const memberNames = [
  ...namesBy(
    MEMBER,
    texts.filter((text) => text.includes('zod')),
  ),
  'redirect_uris',
  'jwks',
  'keys',
  '__proto__',
  'constructor',
]

/** Headers that something reads, and those that others are known to believe. */
export const headerNames = [
  ...new Set([
    ...namesBy(HEADER),
    'authorization',
    'accept',
    'accept-language',
    'content-type',
    'cookie',
    'forwarded',
    'if-match',
    'if-none-match',
    'origin',
    'prefer',
    'range',
    'referer',
    'sec-fetch-site',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'x-http-method-override',
    'x-original-url',
    'dpop',
  ]),
]
