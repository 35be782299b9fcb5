/** How long what people decided about apps is remembered. */
import { z } from 'zod'
import { duration } from './duration.ts'

/** `consent:`; `rememberFor` is a time up to `3650d`, default `365d`; `0` remembers nothing. */
export const consentShape = z
  .strictObject({
    rememberFor: z.preprocess(
      (value) => (value === 0 || value === '0' ? '0s' : value),
      duration({ least: '0s', most: '3650d', standard: '365d' }),
    ),
  })
  .prefault({})
