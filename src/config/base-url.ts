import { z } from 'zod'

/** What the outside calls a server that was told nothing else, in the same form as what it is told. */
export function defaultBaseUrl(port: number, scheme: 'http' | 'https' = 'http'): string {
  return new URL(`${scheme}://localhost:${port}`).origin
}

/** What {@link URL} reads over or rewrites (spaces, line breaks, backslashes) is refused: nobody means it. */
const written = /^https?:\/\/[^\s/?#@\\]+\/?$/i
/** What a name comes to, international ones too. Everything else that URL lets through breaks headers and pages apart. */
const host = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::\d+)?$/

/** `baseUrl`, in the one form that everything compares and tells: lower case, without the usual port and a slash at the end. */
export const baseUrl = z.string().transform((text, context): string => {
  const url = written.test(text) ? URL.parse(text) : null
  if (url && host.test(url.host)) return url.origin
  context.addIssue({
    code: 'custom',
    message:
      'http:// or https:// is expected, then host and port alone, such as https://ehr.example.org: no path, query, user name, quotes or spaces',
  })
  return z.NEVER
})
