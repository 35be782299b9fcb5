/** Enforces that the answers to all entries of a Bundle together stay within what memory is for. */

const mostCharacters = 64 * 1024 * 1024

/** How much may still be answered. */
export interface Room {
  readonly isLeft: () => boolean
  /** The text again, after it was counted. */
  readonly take: (text: string) => string
}

/** The room of one Bundle: an answer that is too large is the last one. */
export function createRoom(): Room {
  let left = mostCharacters
  return {
    isLeft: () => left > 0,
    take(text) {
      left -= text.length
      return text
    },
  }
}
