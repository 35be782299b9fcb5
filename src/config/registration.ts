import { z } from 'zod'
import { wholeNumber } from './whole-number.ts'

const DEFAULT_MOST_WAITING = 200

/** `registration`: how apps come to be registered outside the sandbox. @see RFC 7591 §3 */
export const registrationSection = z
  .strictObject({
    /** `approval`: an app without initial access token waits for an administrator; `token`: it is refused. */
    withoutToken: z.enum(['approval', 'token']).default('approval'),
    /** How many apps may wait at most. */
    mostWaiting: wholeNumber(0, 100_000).default(DEFAULT_MOST_WAITING),
  })
  .prefault({})
