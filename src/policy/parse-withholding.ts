/** The rules that withhold, as a policy file writes them. */
import type { Filter } from '../smart/filter.ts'
import { type Exception, everyRole, type Role, type Withholding } from '../smart/policy.ts'
import type { Slice } from '../smart/slice.ts'
import { parseSlice } from '../smart/slice-text.ts'
import { filledListOf, listOf, mapOf, oneOf, type Reader, text } from './readers.ts'

/** Whether the server can enforce a filter on a type (`*`: on every type alike). */
export type Supports = (type: string, filter: Filter) => boolean

const post = /^[^\s|]+\|[^\s|]+$/
const purposeCode = /^[A-Za-z][A-Za-z-]{0,63}$/

/** A role, or the code of a post (`system|code`). */
export const roleOrPost: Reader<string> = (value, tell) => {
  const read = text(value, tell)
  if (read === undefined || post.test(read) || everyRole.some((role) => role === read)) return read
  tell(value.line, `"${read}" is no role (${everyRole.join(', ')}) and no code of a post (system|code)`)
  return undefined
}

const purpose: Reader<string> = (value, tell) => {
  const read = text(value, tell)
  if (read === undefined || purposeCode.test(read)) return read
  tell(value.line, `"${read}" is no code of a purpose of use, such as TREAT or ETREAT`)
  return undefined
}

/** Only `true` means something: an exception that asks for unbroken glass would be none. */
const broken: Reader<true> = (value, tell) => {
  if (value.kind === 'scalar' && value.value === true) return true
  tell(value.line, 'break-glass can only be true; leave the key out otherwise')
  return undefined
}

interface WrittenException {
  role: readonly string[]
  purpose: readonly string[]
  'break-glass': true
}

const exception: Reader<Exception> = (value, tell) => {
  const read = mapOf<WrittenException>(
    { role: filledListOf(roleOrPost), purpose: filledListOf(purpose), 'break-glass': broken },
    [],
  )(value, tell)
  if (!read) return undefined
  const { role, purpose: purposes, 'break-glass': breakGlass } = read
  if (!role && !purposes && !breakGlass) {
    tell(value.line, 'an exception without any condition would always hold')
    return undefined
  }
  return { ...(role && { roles: role }), ...(purposes && { purposes }), ...(breakGlass && { breakGlass }) }
}

/** The exceptions of a rule: one, or a list of which one is enough. */
export const exceptions: Reader<readonly Exception[]> = listOf(exception)

function slice(supports: Supports): Reader<Slice> {
  return (value, tell) => {
    const read = text(value, tell)
    const parsed = read === undefined ? undefined : parseSlice(read)
    if (parsed && supports(parsed.type, parsed.filter)) return parsed
    if (read !== undefined)
      tell(
        value.line,
        parsed
          ? `"${read}" asks for what this server cannot search by, so it could not be enforced`
          : `"${read}" is not written as Type?query, in the grammar of scopes`,
      )
    return undefined
  }
}

interface WrittenRule {
  name: string
  withhold: readonly Slice[]
  from: readonly Role[]
  unless: readonly Exception[]
  because: string
}

/** One rule; without `from` it is for everybody. */
export function withholding(supports: Supports): Reader<Withholding> {
  const readers = {
    name: text,
    withhold: filledListOf(slice(supports)),
    from: filledListOf(oneOf(...everyRole)),
    unless: exceptions,
    because: text,
  }
  return (value, tell) => {
    const read = mapOf<WrittenRule>(readers, ['name', 'withhold', 'because'])(value, tell)
    if (!read?.name || !read.withhold || !read.because) return undefined
    const { name, withhold: what, from = everyRole, unless = [], because } = read
    return { name, what, from, unless, because }
  }
}
