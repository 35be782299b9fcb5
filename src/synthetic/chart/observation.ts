import type { Resource } from '../../smart/resource.ts'
import type { Concept } from '../concepts.ts'
import { concept, hl7, loinc, quantity, reference } from '../concepts.ts'
import type { Life } from '../life.ts'
import type { Visit } from '../visits.ts'
import { startOf } from './encounter.ts'

/** The category of an observation, as US Core names them. */
export type Category = 'vital-signs' | 'laboratory' | 'social-history' | 'survey'

const CATEGORIES: Readonly<Record<Category, readonly Concept[]>> = {
  'vital-signs': [concept(hl7('observation-category', 'vital-signs', 'Vital Signs'))],
  laboratory: [concept(hl7('observation-category', 'laboratory', 'Laboratory'))],
  'social-history': [concept(hl7('observation-category', 'social-history', 'Social History'))],
  survey: [concept(hl7('observation-category', 'survey', 'Survey'))],
}

/** The members that every observation of a visit has. */
export function observationBase(life: Life, visit: Visit, category: Category, kind: string): Resource {
  return {
    resourceType: 'Observation',
    id: `${visit.id}-${kind}`,
    status: 'final',
    category: CATEGORIES[category],
    subject: reference('Patient', life.person.id),
    encounter: reference('Encounter', visit.id),
    effectiveDateTime: startOf(visit),
  }
}

const VITALS = {
  height: ['height', concept(loinc('8302-2', 'Body height')), 'cm', 'cm'],
  weight: ['weight', concept(loinc('29463-7', 'Body weight')), 'kg', 'kg'],
  bmi: ['bmi', concept(loinc('39156-5', 'Body mass index (BMI) [Ratio]')), 'kg/m2', 'kg/m2'],
  head: ['head', concept(loinc('9843-4', 'Head Occipital-frontal circumference')), 'cm', 'cm'],
  heartRate: ['pulse', concept(loinc('8867-4', 'Heart rate')), 'beats/minute', '/min'],
  respiratoryRate: ['breathing', concept(loinc('9279-1', 'Respiratory rate')), 'breaths/minute', '/min'],
  temperature: ['temperature', concept(loinc('8310-5', 'Body temperature')), '°C', 'Cel'],
  saturation: [
    'saturation',
    concept(
      loinc('59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry'),
      loinc('2708-6', 'Oxygen saturation in Arterial blood'),
    ),
    '%',
    '%',
  ],
} as const

/** Which single measurements there are. */
export type VitalKey = keyof typeof VITALS

/** The Observation of one measurement. */
export function vitalResource(life: Life, visit: Visit, key: VitalKey, value: number): Resource {
  const [kind, code, unit, ucum] = VITALS[key]
  return {
    ...observationBase(life, visit, 'vital-signs', kind),
    code,
    valueQuantity: quantity(value, unit, ucum),
  }
}

const PRESSURE = concept(loinc('85354-9', 'Blood pressure panel with all children optional'))
const SYSTOLIC = concept(loinc('8480-6', 'Systolic blood pressure'))
const DIASTOLIC = concept(loinc('8462-4', 'Diastolic blood pressure'))

/** The blood pressure panel with its two components. */
export function pressureResource(life: Life, visit: Visit, systolic: number, diastolic: number): Resource {
  return {
    ...observationBase(life, visit, 'vital-signs', 'pressure'),
    code: PRESSURE,
    component: [
      { code: SYSTOLIC, valueQuantity: quantity(systolic, 'mmHg', 'mm[Hg]') },
      { code: DIASTOLIC, valueQuantity: quantity(diastolic, 'mmHg', 'mm[Hg]') },
    ],
  }
}
