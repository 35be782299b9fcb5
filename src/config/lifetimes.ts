/**
 * The section `lifetimes`: how long everything that is issued lives, by kind of app and of launch. Each has a default
 * that is safe and a limit that is not to be passed. @see TOK-24, TOK-25, REFR-04, BKND-18, CODE-04
 */
import { z } from 'zod'
import { duration } from './duration.ts'

/** One time for all launches, or one for each kind. */
function byLaunch(most: string) {
  const time = duration({ least: '1m', most, standard: most })
  const each = z.strictObject({ ehr: time, standalone: time })
  return z.preprocess(
    (value) => (typeof value === 'string' ? { ehr: value, standalone: value } : value),
    each.prefault({}),
  )
}

const refresh = z
  .strictObject({
    // Longer, the reuse of a token would no longer be noticed.
    idle: duration({ least: '10m', most: '93d', standard: '93d' }),
    absolute: duration({ least: '1h', most: '3650d', standard: '365d' }),
  })
  .prefault({})

/** Its shape; times come out in milliseconds. */
export const lifetimes = z
  .strictObject({
    code: duration({ least: '10s', most: '60s', standard: '60s' }),
    authorization: duration({ least: '1m', most: '60m', standard: '10m' }),
    idToken: duration({ least: '1m', most: '60m', standard: '10m' }),
    accessToken: z
      .strictObject({
        public: byLaunch('10m'),
        confidential: byLaunch('60m'),
        backend: duration({ least: '1m', most: '5m', standard: '5m' }),
      })
      .prefault({}),
    refreshToken: z.strictObject({ public: refresh, confidential: refresh }).prefault({}),
    launch: duration({ least: '30s', most: '5m', standard: '5m' }),
  })
  .prefault({})
