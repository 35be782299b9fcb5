/**
 * Who may act for whom, read from the records themselves. It runs below the decision, whose rights come from it, so it
 * tells identity ids only, and asks for two kinds of resource only.
 */
import { isOverAt } from '../identity/period.ts'
import type { Relations } from '../identity/ports.ts'
import type { Repository } from '../resource/repository.ts'
import { planSearch } from '../resource/search/plan-search.ts'
import { parseReference } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'

const careTeams = { within: [{ type: 'CareTeam', compartments: [], filter: [] }], without: [] }
const mostCareTeams = 1000

interface Period {
  readonly end?: string
}

export function createRelations(repository: Repository, base: string, now: () => number): Relations {
  return {
    async patientsInCareOf(practitioner) {
      const { plan } = planSearch({
        type: 'CareTeam',
        parameters: [
          ['participant', `Practitioner/${practitioner}`],
          ['status', 'active'],
          ['_count', String(mostCareTeams)],
        ],
        reach: careTeams,
        base,
        strict: true,
      })
      const { matches } = await repository.search(plan)
      return matches.flatMap(({ resource }) => patientInCare(resource, `Practitioner/${practitioner}`, now()))
    },
    async recordOf(relatedPerson) {
      const stored = await repository.read('RelatedPerson', relatedPerson)
      if (!stored || stored.deleted) return undefined
      const { active, patient, period } = stored.resource as Resource & {
        active?: boolean
        patient?: { reference?: string }
        period?: Period
      }
      const reference = parseReference(patient?.reference)
      if (active === false || reference?.type !== 'Patient') return undefined
      return period?.end === undefined
        ? { patient: reference.id }
        : { patient: reference.id, until: period.end }
    },
  }
}

/** The team's patient, while the team and the practitioner's part in it last. */
function patientInCare(team: Resource, member: string, now: number): string[] {
  const {
    subject,
    period,
    participant = [],
  } = team as Resource & {
    subject?: { reference?: string }
    period?: Period
    participant?: readonly { member?: { reference?: string }; period?: Period }[]
  }
  const isOn = participant.some((one) => one.member?.reference === member && !isOverAt(one.period?.end, now))
  const reference = parseReference(subject?.reference)
  return isOn && !isOverAt(period?.end, now) && reference?.type === 'Patient' ? [reference.id] : []
}
