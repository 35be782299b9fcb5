/** Reads the operations of a FHIRPath Patch out of its Parameters. @see FHIR R4 fhirpatch */
import { writtenAs } from '../exact-json.ts'
import { parsePath, type Step } from './element-path.ts'
import { malformedPatch } from './patch-error.ts'

/** A value as the Parameters carry it: of a data type, or put together of named parts. */
export type PatchValue =
  | {
      readonly kind: 'datatype'
      readonly ending: string
      readonly value: unknown
      /** How a number was written, where that is not the usual way. */
      readonly written?: string
    }
  | { readonly kind: 'parts'; readonly parts: readonly NamedValue[] }

export interface NamedValue {
  readonly name: string
  readonly value: PatchValue
}

/** One operation, understood. */
export type PathOperation =
  | { readonly type: 'add'; readonly path: Path; readonly name: string; readonly value: PatchValue }
  | { readonly type: 'insert'; readonly path: Path; readonly index: number; readonly value: PatchValue }
  | { readonly type: 'delete'; readonly path: Path }
  | { readonly type: 'replace'; readonly path: Path; readonly value: PatchValue }
  | { readonly type: 'move'; readonly path: Path; readonly source: number; readonly destination: number }

export type Path = readonly Step[]

const mostOperations = 1000

interface Part {
  readonly name?: unknown
  readonly part?: unknown
  readonly [member: string]: unknown
}

/** The operations; throws for what is none. */
export function parsePathPatch(parameters: Readonly<Record<string, unknown>>): PathOperation[] {
  const list = partsOf(parameters.parameter)
  if (list.length === 0 || list.length > mostOperations)
    throw malformedPatch(0, `a FHIRPath Patch has 1 to ${mostOperations} parameters named operation`)
  return list.map((one, at) => {
    if (one.name !== 'operation') throw malformedPatch(at, 'the parameter has to be named operation')
    return parseOperation(partsOf(one.part), at)
  })
}

function partsOf(value: unknown): Part[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'object' && one !== null) : []
}

function parseOperation(parts: readonly Part[], at: number): PathOperation {
  const find = (name: string) => parts.find((part) => part.name === name)
  const type = dataOf(find('type'))
  const path = parsePath(dataOf(find('path')))
  if (!path)
    throw malformedPatch(at, 'path has to name one element by names, indices and where(member = text)')
  const index = (name: string) => checkIndex(dataOf(find(name)), name, at)
  const value = () => checkValue(find('value'), at)
  switch (type) {
    case 'add':
      return { type, path, name: checkName(dataOf(find('name')), at), value: value() }
    case 'insert':
      return { type, path, index: index('index'), value: value() }
    case 'delete':
      return { type, path }
    case 'replace':
      return { type, path, value: value() }
    case 'move':
      return { type, path, source: index('source'), destination: index('destination') }
    default:
      throw malformedPatch(at, 'type has to be add, insert, delete, replace or move')
  }
}

function checkIndex(value: unknown, name: string, at: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformedPatch(at, `${name} is no index`)
  return value as number
}

function checkName(value: unknown, at: number): string {
  if (typeof value !== 'string' || !/^[a-z][A-Za-z0-9]*$/.test(value))
    throw malformedPatch(at, 'name is no element name')
  return value
}

function checkValue(part: Part | undefined, at: number): PatchValue {
  const value = part && readValue(part)
  if (!value) throw malformedPatch(at, 'value is missing')
  return value
}

function readValue(part: Part): PatchValue | undefined {
  const member = memberWithValue(part)
  if (member !== undefined) {
    const written = writtenAs(part, member)
    const ending = member.slice('value'.length)
    return { kind: 'datatype', ending, value: part[member], ...(written !== undefined && { written }) }
  }
  const parts = partsOf(part.part).flatMap((one): NamedValue[] => {
    const value = readValue(one)
    return typeof one.name === 'string' && value ? [{ name: one.name, value }] : []
  })
  return parts.length > 0 ? { kind: 'parts', parts } : undefined
}

function dataOf(part: Part | undefined): unknown {
  const member = part && memberWithValue(part)
  return member === undefined ? undefined : part?.[member]
}

function memberWithValue(part: Part): string | undefined {
  return Object.keys(part).find((member) => /^value[A-Z]/.test(member))
}
