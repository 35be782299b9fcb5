/** Which member of a JSON object an element is, by the definition of its type. @see https://hl7.org/fhir/R4/json.html */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import { medplum } from './medplum.ts'
import { loadStructure } from './structures.ts'

/** An element of a type. */
export interface Member {
  /** The name in JSON; of a choice of types the beginning of it. */
  readonly name: string
  /** The element’s type; of a choice the first. */
  readonly type: string
  /** Whether it is a list. */
  readonly many: boolean
  /** Of a choice: the types there are, as they end the name (`Quantity`, `DateTime`). */
  readonly choices: readonly string[]
}

const known: ReadonlySet<string> = new Set(resourceTypes)

/** The element of this name (`value` for a choice of types); nothing when the type has none. */
export function memberOf(type: string, name: string): Member | undefined {
  if (known.has(type)) loadStructure(type)
  const elements = medplum().tryGetDataType(type)?.elements
  if (!elements) return undefined
  const choice = `${name}[x]`
  const key = Object.hasOwn(elements, name) ? name : choice
  const element = Object.hasOwn(elements, key) ? elements[key] : undefined
  const first = element?.type[0]?.code
  if (!element || first === undefined) return undefined
  const endings = element.type.map(({ code }) => code.charAt(0).toUpperCase() + code.slice(1))
  return { name, type: first, many: element.isArray === true, choices: key === choice ? endings : [] }
}

/** The type that the ending of a choice’s name stands for. */
export function typeOfEnding(type: string, name: string, ending: string): string | undefined {
  const element = medplum().tryGetDataType(type)?.elements[`${name}[x]`]
  return element?.type.find(({ code }) => code.charAt(0).toUpperCase() + code.slice(1) === ending)?.code
}
