/** The members that the definition of a resource type marks for summaries, and those the rest cannot be read without. */
import { readFileSync } from 'node:fs'

interface Compiled {
  readonly summary: readonly string[]
  readonly needed: readonly string[]
}

export interface SummaryMembers {
  readonly isMarked: (member: string) => boolean
  readonly isNeeded: (member: string) => boolean
}

const file = new URL('./summaries.r4.json', import.meta.url)

let compiled: Readonly<Record<string, Compiled>> | undefined
const known = new Map<string, SummaryMembers>()

/** The summary of a type; of a type that R4 does not have, nothing is marked. */
export function summaryOf(type: string): SummaryMembers {
  const found = known.get(type)
  if (found) return found
  compiled ??= JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Compiled>>
  const own = Object.hasOwn(compiled, type) ? compiled[type] : undefined
  const members = {
    isMarked: isOneOf(['resourceType', 'id', ...(own?.summary ?? [])]),
    isNeeded: isOneOf(own?.needed ?? []),
  }
  if (own) known.set(type, members)
  return members
}

/** A choice such as `value[x]` has a member for each of its types; `_name` belongs to `name`. */
function isOneOf(names: readonly string[]): (member: string) => boolean {
  const exact = new Set(names)
  const choices = names.filter((name) => name.endsWith('[x]')).map((name) => name.slice(0, -3))
  return (member) => {
    const plain = member.replace(/^_/, '')
    return exact.has(plain) || choices.some((name) => isOfChoice(plain, name))
  }
}

function isOfChoice(member: string, name: string): boolean {
  return member.startsWith(name) && /^[A-Z]/.test(member.slice(name.length))
}
