/** The settings that have members of their own and so stand in `chartkey.yaml` only: one row a section, its shape in a file beside. */
import { z } from 'zod'
import { clientDocumentsSection } from './client-documents.ts'
import { registrationSection } from './registration.ts'
import { softwareStatementsSection } from './software-statements.ts'

export const sections = {
  clientIdMetadataDocuments: clientDocumentsSection,
  registration: registrationSection,
  softwareStatements: softwareStatementsSection,
} as const satisfies Record<string, z.ZodType>

/** What the sections come to, each with its defaults. */
export type Sections = { readonly [Name in keyof typeof sections]: z.output<(typeof sections)[Name]> }

/** The sections of a server that was told nothing. */
export function defaultSections(): Sections {
  return z.object(sections).parse({})
}
