import type { Resource } from '../../smart/resource.ts'
import type { Life } from '../life.ts'
import type { Visit } from '../visits.ts'
import { measure } from '../vitals.ts'
import { pressureResource, type VitalKey, vitalResource } from './observation.ts'

const SINGLE: readonly VitalKey[] = [
  'height',
  'weight',
  'bmi',
  'head',
  'heartRate',
  'respiratoryRate',
  'temperature',
  'saturation',
]

/** The vital signs of a visit. */
export function vitalSigns(life: Life, visit: Visit): Resource[] {
  const vitals = measure(life, visit)
  const single = SINGLE.flatMap((key) => {
    const value = vitals[key]
    return value === undefined ? [] : [vitalResource(life, visit, key, value)]
  })
  const { systolic, diastolic } = vitals
  if (systolic === undefined || diastolic === undefined) return single
  return [...single, pressureResource(life, visit, systolic, diastolic)]
}
