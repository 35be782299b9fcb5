/** How much of the trail one request may go through: what is left has a link to go on. */

/** The most that is done for one request. */
export interface Bounds {
  /** Records whose text the store looks through for what the search names. */
  readonly scanned: number
  /** Records that are read, and asked about by what they have in common. */
  readonly read: number
  /** Records whose forms are made. */
  readonly judged: number
  /** One record may concern thousands of patients, and has as many forms. */
  readonly forms: number
  /** Records that are scanned, and that are read, before others have their turn. */
  readonly scannedAtOnce: number
  readonly readAtOnce: number
}

/** A quarter of a second of one core for each, more or less. */
export const usualBounds: Bounds = {
  scanned: 200_000,
  read: 25_000,
  judged: 5000,
  forms: 10_000,
  scannedAtOnce: 10_000,
  readAtOnce: 500,
}
