/** The context of a launch as JSON: who writes it, and so what is unknown in it, is not trusted. */
import { z } from 'zod'
import type { FhirContextItem, LaunchContext } from '../smart/context.ts'

const longestItemText = 1000

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** A text without control characters but line breaks and tabs. */
export const plainText = z
  .string()
  .min(1, 'an empty text is expected nowhere')
  .refine((text) => !control.test(text), 'control characters are not allowed')

const itemText = plainText.max(longestItemText)

const period = z.strictObject({ start: itemText.optional(), end: itemText.optional() })
const concept = z.strictObject({
  coding: z
    .array(
      z.strictObject({
        system: itemText.optional(),
        version: itemText.optional(),
        code: itemText.optional(),
        display: itemText.optional(),
        userSelected: z.boolean().optional(),
      }),
    )
    .max(10)
    .optional(),
  text: itemText.optional(),
})

/** A FHIR Identifier. @see FHIR R4 datatypes, Identifier */
const identifier = z.strictObject({
  use: z.enum(['usual', 'official', 'temp', 'secondary', 'old']).optional(),
  type: concept.optional(),
  system: itemText.optional(),
  value: itemText.optional(),
  period: period.optional(),
  assigner: z.strictObject({ reference: itemText.optional(), display: itemText.optional() }).optional(),
})

/** `fhirContext` (Annex C.2); the rules between its members are those of `problemsOf`. */
export const fhirContextShape = z.array(
  z.strictObject({
    reference: itemText.optional(),
    canonical: itemText.optional(),
    identifier: identifier.optional(),
    type: itemText.optional(),
    role: itemText.optional(),
  }),
)

type Written = z.output<typeof fhirContextShape>

/** The checked items, without members that are undefined. */
export function fhirContextOf(written: Written): readonly FhirContextItem[] {
  return JSON.parse(JSON.stringify(written)) as FhirContextItem[]
}

/** A context of what was given; what is undefined is left out. */
export function contextOf(
  given: { readonly [Key in keyof LaunchContext]: LaunchContext[Key] | undefined },
): LaunchContext {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as LaunchContext
}

/** The place of a zod issue, as a member is named in errors: `fhirContext[0].role`. */
export function memberAt(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? String(part) : `${text}.${String(part)}`
  }, '')
}
