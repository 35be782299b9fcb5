/** Which statements have a name: a connection has those parsed and planned once, and then only carried out. */
import { hash } from 'node:crypto'

/** The name of a statement, where it has one. */
export type NameOf = (text: string) => string | undefined

/** A connection keeps what it has planned. */
const mostNames = 300
/** What is asked less often is not worth keeping. */
const namedFromUse = 4

/**
 * In a text that has this, it asks to be planned by its values each time. Any other star does the same: what stands for it
 * changes when a newer version of the program adds a column, and PostgreSQL carries out no plan of before.
 */
export const plannedEachTime = '/* by its values */'
const star = '*'

/** Names the statements that are asked often, as long as there are not too many. */
export function createNames(): NameOf {
  const known = new Map<string, { uses: number; readonly name: string }>()
  return (text) => {
    const found = known.get(text)
    if (found) return ++found.uses < namedFromUse ? undefined : found.name
    if (known.size < mostNames && !text.includes(star)) known.set(text, { uses: 1, name: nameOf(text) })
    return undefined
  }
}

/** Of one length, however long the text: a longer name would be cut off. */
export function nameOf(text: string): string {
  return hash('md5', text)
}
