/** What PostgreSQL refuses, without the values it was given: they are of patients or secrets, and errors are logged. */

import { OverTime } from '../sql.ts'

/** A refusal; `code` is PostgreSQL's (SQLSTATE). */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

interface Told {
  readonly code: string
  readonly message: string
  readonly constraint?: string
}

/** The messages of these classes repeat values: data exceptions and violated constraints. */
const repeatsValues = /^2[23]/

/** The fault that an error of `pg` stands for; other errors as they are. */
export function faultOf(error: unknown): unknown {
  if (!isTold(error)) return error
  if (error.code === queryCanceled) return new OverTime(error.message)
  if (!repeatsValues.test(error.code)) return new DatabaseFault(error.code, error.message)
  const where = error.constraint === undefined ? '' : ` by ${error.constraint}`
  return new DatabaseFault(error.code, `the database refused a value${where} (${error.code})`)
}

function isTold(error: unknown): error is Told {
  return error instanceof Error && 'code' in error && 'severity' in error && typeof error.code === 'string'
}

const serializationFailure = '40001'
const deadlock = '40P01'
const uniqueViolation = '23505'
const lockNotAvailable = '55P03'
const queryCanceled = '57014'

/** A transaction that met another is done again so often; one that broke a unique index perhaps only met one. Much work may hold a row for a while. */
const attempts: Readonly<Record<string, number>> = {
  [serializationFailure]: 30,
  [deadlock]: 30,
  [uniqueViolation]: 2,
  [lockNotAvailable]: 100,
}

/** Whether work that failed may succeed when it is done again. */
export function maySucceedAgain(error: unknown, attempt: number): boolean {
  return error instanceof DatabaseFault && attempt < (attempts[error.code] ?? 0)
}
