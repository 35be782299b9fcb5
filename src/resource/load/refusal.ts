/** Where in a file something is wrong; lines, columns and entries are counted from 1. */
export interface Place {
  readonly line?: number
  readonly column?: number
  /** The entry of the Bundle. */
  readonly entry?: number
}

/** A file (or of several Bundles in one file, all of it) that was not loaded. */
export interface Refusal extends Place {
  readonly file: string
  /** One sentence without a full stop. */
  readonly reason: string
}

/** Thrown by a step that refuses what it was given. */
export class LoadRefused extends Error {
  override readonly name = 'LoadRefused'
  readonly place: Place
  /** Another file may yet bring what is missing. */
  readonly retry: boolean

  constructor(reason: string, place: Place = {}, retry = false) {
    super(reason)
    this.place = place
    this.retry = retry
  }
}

/** The refusal of a file, whatever was thrown while it was loaded. */
export function refusalOf(file: string, thrown: unknown): Refusal {
  if (thrown instanceof LoadRefused) return { file, ...thrown.place, reason: thrown.message }
  return { file, reason: thrown instanceof Error ? thrown.message : String(thrown) }
}
