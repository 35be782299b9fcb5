/** Which roles may not sign in without a second factor. */
import { z } from 'zod'

const setting = z.enum(['required', 'optional']).default('optional')

/** `secondFactor:`; default optional for everybody. */
export const secondFactorShape = z
  .strictObject({ clinician: setting, patient: setting, admin: setting })
  .prefault({})
