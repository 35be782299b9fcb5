/** Who may act for whom, read from the records themselves, for identity. */
import type { Relations } from '../identity/ports.ts'
import type { Repository } from '../resource/repository.ts'
import { parseReference } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'
import { loadPatientsInCare } from './care.ts'
import { createUnjudgedSearch } from './unjudged-search.ts'

/** Of each kind, for one clinician. */
const mostRelations = 20_000

/** Where it is told that somebody may see less than they should. */
interface Log {
  warn(detail: object, text: string): void
}

export function createRelations(
  repository: Repository,
  base: string,
  log: Log,
  now: () => number,
): Relations {
  const search = createUnjudgedSearch(repository, base, mostRelations)
  return {
    async patientsInCareOf(references, rule) {
      const { patients, isCut } = await loadPatientsInCare(search, references, rule, now())
      if (isCut)
        log.warn({ references }, `a clinician has more than ${mostRelations} relations: some are not counted`)
      return patients
    },
    recordOf: (relatedPerson) => loadActing(repository, relatedPerson),
    async postsOf(references) {
      const practitioners = references.filter((reference) => reference.startsWith('Practitioner/'))
      if (practitioners.length === 0) return []
      const { found } = await search('PractitionerRole', [
        ['practitioner', practitioners.join(',')],
        ['active', 'true'],
      ])
      return [...new Set(found.flatMap(({ resource }) => postsOfRole(resource)))]
    },
  }
}

interface Coded {
  readonly coding?: readonly { readonly system?: string; readonly code?: string }[]
}

async function loadActing(repository: Repository, relatedPerson: string) {
  const resource = await load(repository, 'RelatedPerson', relatedPerson)
  const {
    active,
    patient,
    period,
    relationship = [],
  } = (resource ?? {}) as Resource & {
    active?: boolean
    patient?: { reference?: string }
    period?: { start?: string; end?: string }
    relationship?: readonly Coded[]
  }
  const reference = parseReference(patient?.reference)
  if (active === false || reference?.type !== 'Patient') return undefined
  const birthDate = (await load(repository, 'Patient', reference.id))?.birthDate
  return {
    patient: reference.id,
    ...(period?.start !== undefined && { since: period.start }),
    ...(period?.end !== undefined && { until: period.end }),
    relationships: relationship.flatMap(({ coding = [] }) => coding.flatMap(({ code }) => code ?? [])),
    ...(typeof birthDate === 'string' && { birthDate }),
  }
}

async function load(repository: Repository, type: string, id: string): Promise<Resource | undefined> {
  const stored = await repository.read(type, id)
  return stored && !stored.deleted ? stored.resource : undefined
}

function postsOfRole(role: Resource): string[] {
  const { code = [], specialty = [] } = role as Resource & {
    code?: readonly Coded[]
    specialty?: readonly Coded[]
  }
  const codings = [...code, ...specialty].flatMap(({ coding = [] }) => coding)
  return codings.flatMap(({ system, code: value }) =>
    system === undefined || value === undefined ? [] : [`${system}|${value}`],
  )
}
