import type { Resource } from '../smart/resource.ts'
import { writeChart } from './chart/index.ts'
import { relatedPersonResource, tiesOf } from './chart/related-person.ts'
import { clinicResources } from './clinic.ts'
import type { Day } from './days.ts'
import { dayOf } from './days.ts'
import type { Household } from './household.ts'
import { makeHousehold } from './household.ts'
import { imagine } from './imagine.ts'
import type { Random } from './random.ts'
import { createRandom } from './random.ts'

/** How many synthetic patients, of which seed, and the day that is today for them. */
export interface GenerateOptions {
  readonly patients: number
  readonly seed: number
  /** `YYYY-MM-DD`; nothing in the records happens on that day or later. */
  readonly asOf: string
}

/**
 * Makes synthetic patients, one array for each household after a first one for the clinic itself. Each array refers only to itself
 * and to the clinic. The same options give the same resources, byte for byte; another seed gives other ids.
 * @throws RangeError for a count or seed that is no whole number, or a day that is no date
 */
export function* generate(options: GenerateOptions): Generator<Resource[]> {
  const { patients, seed } = options
  if (!Number.isSafeInteger(patients) || patients < 0)
    throw new RangeError(`not a number of patients: ${patients}`)
  if (!Number.isSafeInteger(seed)) throw new RangeError(`not a seed: ${seed}`)
  const asOf = dayOf(options.asOf)
  yield clinicResources()
  let made = 0
  for (let number = 1; made < patients; number++) {
    const random = createRandom(`${seed}/household ${number}`)
    // A minus sign would look like the hyphen before the number.
    const numbering = { prefix: `p${seed < 0 ? 'n' : ''}${Math.abs(seed)}`, first: made + 1 }
    const household = makeHousehold(random, asOf, numbering, patients - made)
    made += household.members.length
    yield householdResources(household, random, asOf)
  }
}

function householdResources(household: Household, random: Random, asOf: Day): Resource[] {
  const ties = tiesOf(household.members)
  const charts = household.members.flatMap(({ person }) => {
    const seeAlso = ties.filter((tie) => tie.carer === person).map((tie) => tie.id)
    return writeChart(imagine(person, random.fork(person.id), asOf), { seeAlso })
  })
  return [...charts, ...ties.map((tie) => relatedPersonResource(tie, asOf))]
}
