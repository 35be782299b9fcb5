/** The settings that have members of their own and so stand in `chartkey.yaml` only: one row a section, its shape in a file beside. */
import { z } from 'zod'
import { brandsSection } from './brands.ts'
import { clientDocumentsSection } from './client-documents.ts'
import { consentShape } from './consent.ts'
import { dpop } from './dpop.ts'
import { fhirShape } from './fhir.ts'
import { lifetimes } from './lifetimes.ts'
import { mailShape } from './mail.ts'
import { outboundShape } from './outbound.ts'
import { providers } from './providers.ts'
import { rateLimits } from './rate-limits.ts'
import { registrationSection } from './registration.ts'
import { secondFactorShape } from './second-factor.ts'
import { keys } from './signing-keys.ts'
import { softwareStatementsSection } from './software-statements.ts'
import { stepUpShape } from './step-up.ts'

export const sections = {
  brands: brandsSection,
  clientIdMetadataDocuments: clientDocumentsSection,
  consent: consentShape,
  dpop,
  fhir: fhirShape,
  keys,
  lifetimes,
  mail: mailShape,
  outbound: outboundShape,
  providers,
  rateLimits,
  registration: registrationSection,
  secondFactor: secondFactorShape,
  softwareStatements: softwareStatementsSection,
  stepUp: stepUpShape,
} as const satisfies Record<string, z.ZodType>

/** What the sections come to, each with its defaults. */
export type Sections = Readonly<z.output<z.ZodObject<typeof sections>>>

/** The sections of a server that was told nothing. */
export function defaultSections(): Sections {
  return z.object(sections).parse({})
}

/** Members that may come from the environment alone, and then outweigh the file: secrets that need no file. */
export const sectionVariables = [
  { section: 'keys', member: 'encryptionKey', variable: 'CHARTKEY_KEY_ENCRYPTION_KEY' },
  { section: 'keys', member: 'encryptionKeyFile', variable: 'CHARTKEY_KEY_ENCRYPTION_KEY_FILE' },
] as const satisfies readonly { section: keyof typeof sections; member: string; variable: string }[]
