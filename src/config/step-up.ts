/** What a person proves who they are for again, by two factors. */
import { z } from 'zod'
import { parseScope } from '../smart/scope.ts'
import { wholeNumber } from './whole-number.ts'

const DEFAULT_MINUTES = 15

/** `stepUp:`; default nothing. `scopes` are the scopes that need it, `within` the minutes that a proof counts for. */
export const stepUpShape = z
  .strictObject({
    scopes: z
      .array(
        z
          .string()
          .refine((text) => parseScope(text) !== undefined, 'a scope is expected, such as user/*.cud'),
      )
      .default([]),
    within: wholeNumber(1, 720).default(DEFAULT_MINUTES),
    /** Also to break the glass. */
    emergency: z.boolean().default(false),
  })
  .prefault({})
