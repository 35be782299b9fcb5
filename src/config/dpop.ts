import { z } from 'zod'

/** Proofs of possession. `nonce: required` makes apps use a nonce of this server in every proof. @see RFC 9449 §8 */
export const dpop = z
  .strictObject({ nonce: z.enum(['optional', 'required']).default('optional') })
  .prefault({})
