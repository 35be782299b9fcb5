/** Whom a user may open, for the pages on which a patient and an encounter are chosen. */
import type { EncounterSummary, PatientDirectory, PatientSummary, User } from '../authorization/ports.ts'
import { encountersFrom } from '../ehr/chart/encounters.ts'
import { patientView } from '../ehr/chart/patient.ts'
import { resourcesOf } from '../ehr/fhir/bundle.ts'
import { firstPaths } from '../ehr/patient-search.ts'
import type { Identity } from '../identity/index.ts'
import { patientsOf } from '../smart/compartment.ts'
import { isFhirId } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'
import { chosenResources } from './chosen-resources.ts'
import type { FhirReader } from './fhir-reader.ts'
import { isOwnRecord } from './people.ts'

const mostEncounters = 50

export function createPatientDirectory(
  read: FhirReader,
  identity: Identity,
  now: () => number,
): PatientDirectory {
  const summary = (patient: Resource) => summaryOf(patient, now())

  async function describe(user: User, id: string): Promise<PatientSummary | undefined> {
    const patient = isFhirId(id) ? await read(user.id, `Patient/${id}`) : undefined
    return patient && summary(patient)
  }

  return {
    describe,
    async search(user, text) {
      for (const path of firstPaths(text)) {
        const found = resourcesOf(await read(user.id, path))
        if (found.length > 0) return found.map(summary)
      }
      return []
    },
    async own(user) {
      const account = await identity.accounts.find(user.id)
      const ids = account ? await identity.ownPatients(account) : []
      const described = await Promise.all(ids.map((id) => describe(user, id)))
      return described
        .filter((patient) => patient !== undefined)
        .map((patient) => ({
          ...patient,
          relation: account && isOwnRecord(account, patient.id) ? 'self' : 'dependant',
        }))
    },
    async encounters(user, patientId) {
      const bundle = await read(
        user.id,
        `Encounter?patient=${patientId}&_sort=-date&_count=${mostEncounters}`,
      )
      return encountersFrom(resourcesOf(bundle)).map(encounterSummary)
    },
    async ownersOf(user, reference) {
      const resource = await read(user.id, reference)
      return resource && patientsOf(resource)
    },
    resources: (user, asked) => chosenResources(read, user.id, asked),
  }
}

function summaryOf(patient: Resource, now: number): PatientSummary {
  const { id, name, birthDate, gender, recordNumber } = patientView(patient, now)
  return {
    id,
    name: name ?? id,
    ...(birthDate !== undefined && { birthDate }),
    ...(gender !== undefined && { gender }),
    ...(recordNumber !== undefined && { identifier: recordNumber }),
  }
}

function encounterSummary(encounter: ReturnType<typeof encountersFrom>[number]): EncounterSummary {
  const { id, name, kind, date, end, status } = encounter
  return {
    id,
    label: name ?? kind ?? id,
    ...(date !== undefined && { start: date }),
    ...(end !== undefined && { end }),
    ...(status !== undefined && { status }),
  }
}
