/**
 * Element paths, as compiled from the definitions: dotted member names, where `name[member=text]` keeps only those
 * elements whose member has that text.
 */

/** Collects what stands at the end of a path; arrays on the way are entered, other shapes lead nowhere. */
export type Collect = (value: unknown, found: unknown[]) => void

interface Step {
  readonly name: string
  readonly filter?: { readonly member: string; readonly text: string }
}

const betweenSteps = /\.(?![^[]*\])/

/** Compiles a path once, so that walking it does no parsing. */
export function compilePath(path: string): Collect {
  const steps = path.split(betweenSteps).map(parseStep)
  return (value, found) => walk(value, steps, 0, found)
}

function parseStep(text: string): Step {
  const parts = /^(\w+)\[(\w+)=(.*)\]$/.exec(text)
  if (!parts) return { name: text }
  const [, name = '', member = '', wanted = ''] = parts
  return { name, filter: { member, text: wanted } }
}

function walk(value: unknown, steps: readonly Step[], at: number, found: unknown[]): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, steps, at, found)
    return
  }
  const step = steps[at]
  if (step === undefined) {
    if (value !== undefined && value !== null) found.push(value)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const next = (value as Readonly<Record<string, unknown>>)[step.name]
  if (next === undefined) return
  walk(step.filter ? keep(next, step.filter.member, step.filter.text) : next, steps, at + 1, found)
}

function keep(value: unknown, member: string, text: string): unknown[] {
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return items.filter(
    (item) => typeof item === 'object' && item !== null && (item as Record<string, unknown>)[member] === text,
  )
}
