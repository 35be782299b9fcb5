/** Makes a folder and those above it one by one: Node's own way of making several never ends where the system says that there is no such place. */
import { mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const ownerOnly = 0o700

/** Makes the folder, closed to others, where it is not there yet; throws when it cannot be made. */
export function makeFolder(folder: string): void {
  const missing: string[] = []
  let at = resolve(folder)
  while (!isFolder(at)) {
    missing.unshift(at)
    if (dirname(at) === at) break
    at = dirname(at)
  }
  for (const one of missing) makeOne(one)
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: ownerOnly })
  } catch (error) {
    // Another process that starts at once may have made it.
    if (!isFolder(folder)) throw error
  }
}

function isFolder(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found && !found.isDirectory()) throw new Error(`${path} is a file, and a folder is expected`)
  return found !== undefined
}

/** The file of the database in the folder. */
export function databaseIn(folder: string): string {
  return join(folder, 'chartkey.db')
}
