/** The settings that have members of their own and so stand in `chartkey.yaml` only: one row a section, its shape in a file beside. */
import type { z } from 'zod'
import { dpop } from './dpop.ts'
import { mailShape } from './mail.ts'
import { rateLimits } from './rate-limits.ts'
import { secondFactorShape } from './second-factor.ts'

export const sections = {
  dpop,
  mail: mailShape,
  rateLimits,
  secondFactor: secondFactorShape,
} as const satisfies Record<string, z.ZodType>

/** What the sections come to, each with its defaults. */
export type Sections = Readonly<z.output<z.ZodObject<typeof sections>>>
