/**
 * The threads beside the event loop's: signatures and passwords are worked at there. As many as there are cores, since to
 * wake one more costs the event loop as much as a signature does; at least two, so that a password which is looked at, for
 * a tenth of a second, keeps no signature waiting; and no more than Node has by itself. What a store has to bring to the disk
 * waits for none of them (`store/sqlite/disk.ts`).
 */
import { availableParallelism } from 'node:os'

const FEWEST = 2
const MOST = 4

/** How many there are; see `limitThreads` in config.ts, which makes it so. */
export const threads = Math.min(Math.max(availableParallelism(), FEWEST), MOST)
