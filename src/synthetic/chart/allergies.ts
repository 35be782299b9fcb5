import type { Resource } from '../../smart/resource.ts'
import { ALLERGENS } from '../allergies.ts'
import { concept, hl7, reference } from '../concepts.ts'
import { dateOf } from '../days.ts'
import type { Life } from '../life.ts'

const ACTIVE = concept(hl7('allergyintolerance-clinical', 'active', 'Active'))
const CONFIRMED = concept(hl7('allergyintolerance-verification', 'confirmed', 'Confirmed'))

/** The allergies of a patient. */
export function allergyIntolerances(life: Life): Resource[] {
  return life.allergies.map((key) => allergyIntolerance(life, key))
}

function allergyIntolerance(life: Life, key: string): Resource {
  const allergen = ALLERGENS[key]
  if (!allergen) throw new RangeError(`no allergen ${key}`)
  const age = Math.floor((life.until - life.person.birth) * 0.4)
  return {
    resourceType: 'AllergyIntolerance',
    id: `${life.person.id}-allergy-${key}`,
    clinicalStatus: ACTIVE,
    verificationStatus: CONFIRMED,
    type: 'allergy',
    category: [allergen.category],
    criticality: allergen.severity === 'severe' ? 'high' : 'low',
    code: allergen.concept,
    patient: reference('Patient', life.person.id),
    recordedDate: dateOf(life.person.birth + age),
    recorder: reference('Practitioner', life.physician.id, life.physician.name),
    reaction: [{ manifestation: allergen.reactions, severity: allergen.severity }],
  }
}
