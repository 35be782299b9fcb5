/** Types that a server writes by itself and nobody through the API, whatever they may do. */
import type { Letter } from './scope.ts'
import type { Slice } from './slice.ts'

/** The audit trail: whoever could write it could hide what they did. */
export const readOnlyTypes: readonly string[] = ['AuditEvent']

/** All that nobody may write, as slices. */
export const readOnlySlices: readonly Slice[] = readOnlyTypes.map((type) => ({
  type,
  compartments: [],
  filter: [],
}))

/** Whether a letter on a type is a write that nobody has. */
export function isUnwritable(type: string, letter: Letter): boolean {
  return writes(letter) && readOnlyTypes.includes(type)
}

/** Whether a letter stands for a change. */
export function writes(letter: Letter): boolean {
  return letter === 'c' || letter === 'u' || letter === 'd'
}
