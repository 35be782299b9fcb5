/** A store that cannot be opened as it is: the place that was named for it has to change, or what is there. The message names no password. */
export class UnusableStore extends Error {
  override readonly name = 'UnusableStore'
}
