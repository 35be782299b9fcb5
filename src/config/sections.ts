/** The settings that have members of their own and so stand in `chartkey.yaml` only: one row a section, its shape in a file beside. */
import type { z } from 'zod'
import { lifetimes } from './lifetimes.ts'
import { mailShape } from './mail.ts'
import { rateLimits } from './rate-limits.ts'
import { secondFactorShape } from './second-factor.ts'
import { keys } from './signing-keys.ts'
import { stepUpShape } from './step-up.ts'

export const sections = {
  keys,
  lifetimes,
  mail: mailShape,
  rateLimits,
  secondFactor: secondFactorShape,
  stepUp: stepUpShape,
} as const satisfies Record<string, z.ZodType>

/** What the sections come to, each with its defaults. */
export type Sections = Readonly<z.output<z.ZodObject<typeof sections>>>

/** Members that may come from the environment alone, and then outweigh the file: secrets that need no file. */
export const sectionVariables = [
  { section: 'keys', member: 'encryptionKey', variable: 'CHARTKEY_KEY_ENCRYPTION_KEY' },
  { section: 'keys', member: 'encryptionKeyFile', variable: 'CHARTKEY_KEY_ENCRYPTION_KEY_FILE' },
] as const satisfies readonly { section: keyof typeof sections; member: string; variable: string }[]
