import { z } from 'zod'

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

/** `softwareStatements`: who may vouch for apps, and for how much. @see RFC 7591 §2.3 */
export const softwareStatementsSection = z
  .array(
    z
      .strictObject({
        /** The `iss` of its statements. */
        issuer: z.string().min(1),
        /** Its public keys. */
        jwks: keySet.optional(),
        /** Where it publishes them. */
        jwksUri: z.url({ protocol: /^https?$/ }).optional(),
        /** What its word is enough for; without it, its apps wait for an administrator all the same. */
        approves: z
          .strictObject({ scope: z.string().min(1), backend: z.boolean().default(false) })
          .optional(),
      })
      .refine(
        ({ jwks, jwksUri }) => (jwks === undefined) !== (jwksUri === undefined),
        'jwks or jwksUri is expected, and one of them only',
      ),
  )
  .refine((all) => new Set(all.map(({ issuer }) => issuer)).size === all.length, 'an issuer is named twice')
  .default([])
