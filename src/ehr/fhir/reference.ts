import { type Members, objectOf, objectsOf, textOf } from './shape.ts'

/** The id behind a reference to `type`: relative, absolute or versioned; nothing for another type or a contained one. */
export function referencedId(reference: unknown, type: string): string | undefined {
  const text = textOf(objectOf(reference)?.reference)
  const found = text && new RegExp(`(?:^|/)${type}/([A-Za-z0-9.-]{1,64})(?:/_history/[^/]+)?$`).exec(text)
  return found ? found[1] : undefined
}

/** What a reference calls its target, if it says. */
export function referenceText(reference: unknown): string | undefined {
  return textOf(objectOf(reference)?.display)
}

/** The resource behind a `#contained` reference. */
export function containedIn(holder: Members, reference: unknown): Members | undefined {
  const text = textOf(objectOf(reference)?.reference)
  if (!text?.startsWith('#')) return undefined
  return objectsOf(holder.contained).find((resource) => resource.id === text.slice(1))
}
