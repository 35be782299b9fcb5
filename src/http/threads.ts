/**
 * The threads beside the event loop's: signatures, passwords and the disk are worked at there. As many as there are cores,
 * since to wake one more costs the event loop as much as a signature does; at least two, so that while one waits for the disk
 * another signs; and no more than Node has by itself.
 */
import { availableParallelism } from 'node:os'

const FEWEST = 2
const MOST = 4

/** How many there are, once {@link limitThreads} has been called; an operator may have said it by `UV_THREADPOOL_SIZE`. */
export const threads =
  Number(process.env.UV_THREADPOOL_SIZE) || Math.min(Math.max(availableParallelism(), FEWEST), MOST)

/** Makes it so. Node looks when it needs the first of them: afterwards this changes nothing. */
export function limitThreads(): void {
  process.env.UV_THREADPOOL_SIZE = String(threads)
}
