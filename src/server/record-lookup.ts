/** What identity asks the records about people who are new here: below the decision, because nobody is signed in yet. */
import type { Demographics } from '../identity/providers/identity.ts'
import type { RecordLookup } from '../identity/providers/ports.ts'
import { escapeValue } from '../resource/operations/escape-value.ts'
import { demographicsOf } from '../resource/operations/match/demographics.ts'
import type { Repository } from '../resource/repository.ts'
import { fold } from '../resource/search/values/string.ts'
import { parseReference } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'
import { createUnjudgedSearch } from './unjudged-search.ts'

/** More than one is too many, whatever the number; an identifier that so many share tells nobody apart. */
const mostFound = 50

export function createRecordLookup(repository: Repository, base: string): RecordLookup {
  const search = createUnjudgedSearch(repository, base, mostFound)

  async function withIdentifier(type: string, system: string, value: string): Promise<Resource[]> {
    const token = `${escapeValue(system)}|${escapeValue(value)}`
    const { found } = await search(type, [['identifier', token]])
    return found.map(({ resource }) => resource).filter(isInUse)
  }

  return {
    async exists(reference) {
      const parsed = parseReference(reference)
      const stored = parsed && (await repository.read(parsed.type, parsed.id))
      return stored !== undefined && !stored.deleted && isInUse(stored.resource)
    },
    async practitioners({ system, value }) {
      const found = await withIdentifier('Practitioner', system, value)
      return found.map(({ id }) => `Practitioner/${id}`)
    },
    async patients(demographics) {
      const { system, value } = demographics.identifier
      const found = await withIdentifier('Patient', system, value)
      return found.filter((patient) => isWhole(patient, demographics)).map(({ id }) => id ?? '')
    },
    async patient(id) {
      const stored = await repository.read('Patient', id)
      if (!stored || stored.deleted || !isInUse(stored.resource)) return undefined
      const { birthDate } = stored.resource
      return typeof birthDate === 'string' ? { birthDate } : {}
    },
  }
}

/** Whether everything that was verified is in the record: identifier, family name, given name and date of birth. */
function isWhole(patient: Resource, { family, given, birthDate, identifier }: Demographics): boolean {
  const known = demographicsOf(patient)
  const [first = ''] = given.split(/\s+/)
  return (
    known.identifiers.some(
      ({ system, value }) => system === identifier.system && value === identifier.value,
    ) &&
    known.birthDate === birthDate &&
    known.families.includes(plain(family)) &&
    // A second given name is often on one side only.
    (known.givens.includes(plain(given)) || known.givens.includes(plain(first)))
  )
}

function plain(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}]/gu, '')
}

/** Neither out of use, nor merged into another, nor of somebody who has died. */
function isInUse(resource: Resource): boolean {
  const { active, deceasedBoolean, deceasedDateTime, link } = resource as Resource & {
    readonly link?: readonly { readonly type?: string }[]
  }
  const isReplaced = Array.isArray(link) && link.some(({ type }) => type === 'replaced-by')
  return active !== false && deceasedBoolean !== true && deceasedDateTime === undefined && !isReplaced
}
