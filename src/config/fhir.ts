/** `fhir:`; how much one request to the FHIR API may ask for. The defaults are beyond what apps ask. */
import { z } from 'zod'
import { duration } from './duration.ts'

const amount = (most: number, standard: number) => z.number().int().min(1).max(most).default(standard)

/**
 * `searchTime` is how long the embedded store looks for one search before it gives up, from 1 s to 60 s; `bundleEntries`
 * the entries of a batch or transaction, `bundleQuestions` those among them that search, read a history or call an operation.
 */
export const fhirShape = z
  .strictObject({
    searchTime: duration({ least: '1s', most: '60s', standard: '2s' }),
    bundleEntries: amount(20_000, 5000),
    bundleQuestions: amount(20_000, 500),
  })
  .prefault({})
