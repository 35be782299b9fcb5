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

/** A FHIR element: its members, its id and extensions, and those of its primitive members (`_value`). */
function element<Members extends z.ZodRawShape>(members: Members, primitives: readonly string[]) {
  const extensions = {
    id: itemText.optional(),
    extension: z.array(z.looseObject({ url: itemText })).optional(),
  }
  const ofPrimitives = primitives.map((name) => [`_${name}`, z.strictObject(extensions).optional()] as const)
  return z.strictObject({ ...Object.fromEntries(ofPrimitives), ...extensions, ...members })
}

const texts = <Name extends string>(...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, itemText.optional()]))

const period = element(texts('start', 'end'), ['start', 'end'])
const codingTexts = ['system', 'version', 'code', 'display'] as const
const coding = element({ ...texts(...codingTexts), userSelected: z.boolean().optional() }, [
  ...codingTexts,
  'userSelected',
])
const concept = element({ coding: z.array(coding).max(10).optional(), ...texts('text') }, ['text'])

/** A FHIR Identifier. @see FHIR R4 datatypes, Identifier */
const identifier: z.ZodType<Readonly<Record<string, unknown>>> = element(
  {
    use: z.enum(['usual', 'official', 'temp', 'secondary', 'old']).optional(),
    type: concept.optional(),
    ...texts('system', 'value'),
    period: period.optional(),
    assigner: z.lazy(() => assigner).optional(),
  },
  ['use', 'system', 'value'],
)

const referenceTexts = ['reference', 'type', 'display'] as const
const assigner = element({ ...texts(...referenceTexts), identifier: identifier.optional() }, referenceTexts)

const mostLevels = 10
const longestItem = 8000

/** Whether a value of JSON has so few levels, and no member that would be more than a member. */
function isFlat(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0 || Object.hasOwn(value, '__proto__')) return false
  return Object.values(value).every((member) => isFlat(member, levels - 1))
}

const bounded = z.custom<unknown>(
  (value) => isFlat(value, mostLevels) && JSON.stringify(value).length <= longestItem,
  `an item has ${mostLevels} levels and ${longestItem} characters of JSON at most, and no member __proto__`,
)

/** `fhirContext` (Annex C.2); the rules between its members are those of `problemsOf`. Other members may follow. */
export const fhirContextShape = z.array(
  bounded.pipe(
    z.looseObject({
      reference: itemText.optional(),
      canonical: itemText.optional(),
      identifier: identifier.optional(),
      type: itemText.optional(),
      role: itemText.optional(),
    }),
  ),
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
