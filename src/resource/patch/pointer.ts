/** JSON Pointers: how an operation of a JSON Patch names a place. @see RFC 6901 */

/** A place in a JSON document. */
export interface Spot {
  /** The object or list that has the place as a member. */
  readonly holder: Record<string, unknown> | unknown[]
  /** The member’s name; of a list the index as it is written, `-` for behind the last. */
  readonly token: string
}

/** The tokens of a pointer; nothing when the text is none. */
export function parsePointer(text: unknown): string[] | undefined {
  if (text === '') return []
  if (typeof text !== 'string' || !text.startsWith('/') || /~(?![01])/.test(text)) return undefined
  const tokens = text
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  // A member of this name would not be a member but the prototype.
  return tokens.includes('__proto__') ? undefined : tokens
}

/** The place that the tokens lead to, whether or not something is there; nothing when nothing can be there. */
export function findSpot(document: unknown, tokens: readonly string[]): Spot | undefined {
  const token = tokens.at(-1)
  if (token === undefined) return undefined
  let holder = document
  for (const step of tokens.slice(0, -1)) holder = valueAt({ holder, token: step })
  return typeof holder === 'object' && holder !== null
    ? { holder: holder as Spot['holder'], token }
    : undefined
}

/** What stands at a place; undefined when nothing does. */
export function valueAt({ holder, token }: { readonly holder: unknown; readonly token: string }): unknown {
  if (Array.isArray(holder)) {
    const index = indexIn(holder, token)
    return index === undefined ? undefined : holder[index]
  }
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, token)) return undefined
  return (holder as Record<string, unknown>)[token]
}

/** The index of an element that is there. */
export function indexIn(list: readonly unknown[], token: string): number | undefined {
  const index = /^(?:0|[1-9]\d{0,8})$/.test(token) ? Number(token) : Number.NaN
  return index < list.length ? index : undefined
}
