/** The requirements of SMART App Launch 2.2 by their ids, and which of them this server has to prove. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One row of `requirements.csv`: facts of the specification, none of its words. */
export interface Requirement {
  readonly id: string
  /** The specification's own word; a star marks one that is read from a plain statement. */
  readonly level: string
  /** Who has to hold it, several with `+` between. */
  readonly binds: string
  /** The page of the specification. */
  readonly source: string
}

/** Sections whose rows this server proves, where they bind a server or an EHR. */
const SECTIONS = new Set(
  'DISC REG LNCH AUTHZ CODE TOK RSRC REFR SCOPE CTX CAUTH BKND INTR TASK CAP CORS SEC CONS RFC SEED'.split(
    ' ',
  ),
)

/** All requirements in their order. */
export function readRequirements(): Requirement[] {
  return rowsOf('requirements.csv').map(([id = '', level = '', binds = '', source = '']) => ({
    id,
    level,
    binds,
    source,
  }))
}

/** Ids that are deliberately not done, each with its reason. */
export function readWaived(): ReadonlyMap<string, string> {
  return new Map(rowsOf('waived.csv').map(([id = '', ...reason]) => [id, reason.join(',')]))
}

/** Ids whose proof is still to come. */
export function readPending(): ReadonlySet<string> {
  return new Set(linesOf('pending.txt'))
}

/** Whether a test of this project has to prove the row. */
export function isOurs({ id, binds }: Requirement): boolean {
  return SECTIONS.has(id.slice(0, id.indexOf('-'))) && /server|EHR/.test(binds)
}

function rowsOf(name: string): string[][] {
  return linesOf(name)
    .slice(1)
    .map((line) => line.split(','))
}

function linesOf(name: string): string[] {
  return readFileSync(join(import.meta.dirname, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}
