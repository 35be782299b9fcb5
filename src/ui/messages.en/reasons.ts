/** A form of sentence with values in it, and how it is told; `tell` tells a part of it. */
export type Form = readonly [
  form: RegExp,
  told: (values: readonly string[], tell: (part: string) => string) => string,
]

/**
 * The sentences of refusals that pages show. The code makes them in English, as the wire formats need them: here they are
 * told as they are, and other languages have them by their English words.
 */
export const reasons = {
  texts: {} as Readonly<Record<string, string>>,
  forms: [] as readonly Form[],
}
