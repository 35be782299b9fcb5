/**
 * The threads beside the event loop's: signatures, passwords and the disk are worked at there. As many as there are cores,
 * since to wake one more costs the event loop as much as a signature does; at least two, so that while one waits for the disk
 * another signs; and no more than Node has by itself.
 */
import { availableParallelism } from 'node:os'

const FEWEST = 2
const MOST = 4

/** How many there are; see `limitThreads` in config.ts, which makes it so. */
export const threads = Math.min(Math.max(availableParallelism(), FEWEST), MOST)
