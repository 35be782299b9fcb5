/** The address that a browser is sent to; the log keeps no queries, so the token is in none. */
export const startPath = '/ehr/launches/start'

const secretShape = /^[A-Za-z0-9_-]{43}$/

/** The address with its token. */
export function startUrlOf(baseUrl: string, token: string): string {
  return `${baseUrl}${startPath}?token=${token}`
}

/** A text that can be a start token, or nothing. */
export function parseStartToken(text: string | undefined): string | undefined {
  return text !== undefined && secretShape.test(text) ? text : undefined
}
