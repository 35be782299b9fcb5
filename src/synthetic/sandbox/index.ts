import type { Resource } from '../../smart/resource.ts'
import { writeChart } from '../chart/index.ts'
import { relatedPersonResource } from '../chart/related-person.ts'
import { clinicResources } from '../clinic.ts'
import { dayOf } from '../days.ts'
import type { Life } from '../life.ts'
import type { SandboxAccount } from './accounts.ts'
import { SANDBOX_ACCOUNTS } from './accounts.ts'
import { sandboxLives } from './people.ts'

/** The patients on whose care teams the nurse of the sandbox is. */
const NURSED: readonly string[] = ['amara', 'mateo', 'mei-hua', 'samuel', 'yu-han']
const FATHER = 'diego'
const CHILD = 'mateo'
const FATHER_FOR_CHILD = 'diego-for-mateo'

/**
 * The fixed people of the sandbox with their records, and the accounts that stand for them. The same for every seed; the resources refer
 * only to each other and contain the clinic.
 * @throws RangeError when `asOf` is no date of the form YYYY-MM-DD
 */
export function sandboxPeople(asOf: string): { resources: Resource[]; accounts: readonly SandboxAccount[] } {
  const lives = sandboxLives(asOf)
  const charts = lives.flatMap((life) => {
    const seeAlso = life.person.id === FATHER ? [FATHER_FOR_CHILD] : []
    return writeChart(life, {
      seeAlso,
      ...(NURSED.includes(life.person.id) ? { nurse: 'nurse-okafor' } : {}),
    })
  })
  const tie = {
    id: FATHER_FOR_CHILD,
    carer: personOf(lives, FATHER),
    patient: personOf(lives, CHILD),
    kind: 'parent' as const,
  }
  return {
    resources: [...clinicResources(), ...charts, relatedPersonResource(tie, dayOf(asOf))],
    accounts: SANDBOX_ACCOUNTS,
  }
}

function personOf(lives: readonly Life[], id: string) {
  const life = lives.find((one) => one.person.id === id)
  if (!life) throw new RangeError(`nobody called ${id} in the sandbox`)
  return life.person
}
