// A text that an app says of itself looks like what it is: nothing in it is invisible, turns its direction or ends its line. RFC 7591 §5.

/** Control and format characters, line separators, halves of characters, and fillers that look like nothing. */
const unreadable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115f\u1160\u3164\uffa0]/u
/** All but marks, blanks and selectors, which need something to stand on. */
const readable = /[\p{L}\p{N}\p{P}]|(?!\u2800)\p{S}/u

/** Why a text is not one that people could read; nothing when it is. */
export function problemOfText(text: string): string | undefined {
  if (unreadable.test(text)) return 'control, direction and invisible characters are not allowed'
  return readable.test(text) ? undefined : 'has nothing in it that can be seen'
}
