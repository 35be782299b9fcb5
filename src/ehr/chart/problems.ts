import type { Resource } from '../../smart/resource.ts'
import { conceptText, hasCode, statusCode } from '../fhir/concept.ts'
import { choiceDate, newestFirst } from '../fhir/date.ts'
import { textOf } from '../fhir/shape.ts'
import { isRestricted } from './restricted.ts'

/** One condition of the problem list, or several of the same name that are over. */
export interface Problem {
  readonly name?: string | undefined
  readonly active: boolean
  /** Code of the clinical status, when it is not simply active. */
  readonly status?: string | undefined
  /** Code of the verification status, when it is not confirmed. */
  readonly doubt?: string | undefined
  /** When it began, or was recorded. */
  readonly date?: string | undefined
  readonly ended?: string | undefined
  readonly restricted: boolean
  /** How often it came, counting this one. */
  readonly times: number
}

const activeStatuses = new Set(['active', 'recurrence', 'relapse'])

/** The problems of Condition resources: active ones first, the newest first; what was entered in error is left out. */
export function problemsFrom(resources: readonly Resource[]): Problem[] {
  const problems = resources
    .filter(({ resourceType }) => resourceType === 'Condition')
    .filter(({ verificationStatus }) => !hasCode(verificationStatus, 'entered-in-error'))
    .map(problemFrom)
  const active = newestFirst(problems.filter((problem) => problem.active))
  const past = newestFirst(problems.filter((problem) => !problem.active))
  return [...merged(active), ...merged(past)]
}

function problemFrom(condition: Resource): Problem {
  const ended = choiceDate(condition, 'abatement') ?? textOf(condition.abatementString)
  const status = statusCode(condition.clinicalStatus)
  const doubt = statusCode(condition.verificationStatus)
  return {
    name: conceptText(condition.code),
    // Many records leave the status out: then an end tells.
    active: status === undefined ? ended === undefined : activeStatuses.has(status),
    status: status === 'active' ? undefined : status,
    doubt: doubt === 'confirmed' ? undefined : doubt,
    date: choiceDate(condition, 'onset') ?? textOf(condition.recordedDate),
    ended,
    restricted: isRestricted(condition),
    times: 1,
  }
}

/** A cold that came six times is one line; the newest stands for all. */
function merged(problems: readonly Problem[]): Problem[] {
  const lines = new Map<string, Problem>()
  problems.forEach((problem, index) => {
    const key = problem.name ? `${problem.name}\n${problem.status ?? ''}\n${problem.doubt ?? ''}` : `${index}`
    const known = lines.get(key)
    lines.set(key, known ? { ...known, times: known.times + 1 } : problem)
  })
  return [...lines.values()]
}
