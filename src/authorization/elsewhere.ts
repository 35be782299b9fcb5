/**
 * Work for the threads beside the event loop's. Those that are asleep have to be woken, which takes as long as a signature
 * does: what one turn of the loop has for them is handed over at its end, together, to few that stay awake for all of it.
 */

/** Begins a piece of work whose outcome another thread gives. */
export type Job<Result> = (done: (error: Error | null, result: Result) => void) => void

let waiting: (() => void)[] = []

/** Begins the job at the end of this turn of the event loop; rejects with what it fails or throws. */
export function elsewhere<Result>(job: Job<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const begin = () => {
      try {
        job((error, result) => (error ? reject(error) : resolve(result)))
      } catch (error) {
        reject(error)
      }
    }
    if (waiting.push(begin) === 1) setImmediate(handOver)
  })
}

function handOver(): void {
  const jobs = waiting
  waiting = []
  for (const begin of jobs) begin()
}
