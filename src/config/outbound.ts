import { z } from 'zod'
import { isReachEntry } from '../http/outbound/private-reach.ts'

const most = 100

/** `outbound`: what this server may call at addresses that registered apps name, beside the internet. */
export const outboundShape = z
  .strictObject({
    /** Networks (10.20.0.0/16), addresses and host names of the site's own; default none. */
    allow: z
      .array(
        z
          .string()
          .refine(
            isReachEntry,
            'a private network such as 10.20.0.0/16, a private address, or a host name in lower case is expected',
          ),
      )
      .max(most)
      .default([]),
  })
  .prefault({})
