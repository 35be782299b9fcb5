/** Which statements have a name: a connection has those parsed and planned once, and then only carried out. */
import { hash } from 'node:crypto'

/** The name of a statement, where it has one. */
export type NameOf = (text: string) => string | undefined

/** A connection keeps what it has planned. */
const mostNames = 300
/** Of these, so many may be searches, of which there are as many texts as somebody thinks of. */
const mostSearches = 150
/** What is asked less often is not worth keeping. */
const namedFromUse = 4
/** Of so many texts it is known how often they were asked lately. */
const mostCounted = 1000

/**
 * In a text that has this, it asks to be planned by its values each time. Any other star does the same: what stands for it
 * changes when a newer version of the program adds a column, and PostgreSQL carries out no plan of before.
 */
export const plannedEachTime = '/* by its values */'
const star = '*'
/** What the text of a search has, and no other. */
const search = /^SELECT (?:count\()?found\./

/** Names the statements that are asked often, as long as there are not too many. */
export function createNames(): NameOf {
  const names = new Map<string, string>()
  const uses = new Map<string, number>()
  let searches = 0

  function give(text: string): string | undefined {
    const isSearch = search.test(text)
    if (names.size >= mostNames || (isSearch && searches >= mostSearches)) return undefined
    if (isSearch) searches++
    const name = nameOf(text)
    names.set(text, name)
    uses.delete(text)
    return name
  }

  return (text) => {
    const name = names.get(text)
    if (name !== undefined) return name
    if (text.includes(star)) return undefined
    const count = (uses.get(text) ?? 0) + 1
    if (count >= namedFromUse) return give(text)
    // In the order of their last use: what nobody asks again is forgotten.
    uses.delete(text)
    uses.set(text, count)
    if (uses.size > mostCounted) uses.delete(uses.keys().next().value as string)
    return undefined
  }
}

/** Of one length, however long the text: a longer name would be cut off. */
export function nameOf(text: string): string {
  return hash('md5', text)
}
