/** The settings that have members of their own and so stand in `chartkey.yaml` only: one row a section, its shape in a file beside. */
import { z } from 'zod'
import { clientDocumentsSection } from './client-documents.ts'
import { mailShape } from './mail.ts'
import { rateLimits } from './rate-limits.ts'
import { registrationSection } from './registration.ts'
import { secondFactorShape } from './second-factor.ts'
import { softwareStatementsSection } from './software-statements.ts'

export const sections = {
  clientIdMetadataDocuments: clientDocumentsSection,
  mail: mailShape,
  rateLimits,
  registration: registrationSection,
  secondFactor: secondFactorShape,
  softwareStatements: softwareStatementsSection,
} as const satisfies Record<string, z.ZodType>

/** What the sections come to, each with its defaults. */
export type Sections = Readonly<z.output<z.ZodObject<typeof sections>>>

/** The sections of a server that was told nothing. */
export function defaultSections(): Sections {
  return z.object(sections).parse({})
}
