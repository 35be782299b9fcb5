/**
 * `Patient/$match`: who is this? Likely patients by their demographics, best first, among those that the caller may find
 * and no others: somebody out of reach has no part in scores, order, number or remarks.
 * @see FHIR R4 Patient operations, match
 */
import type { Resource } from '../../../smart/resource.ts'
import { validate } from '../../definitions/validate.ts'
import type { Admitted } from '../../enforce.ts'
import { type Prepared, touch } from '../../interactions/handler.ts'
import { FhirError, fhirHeaders, outcome } from '../../outcomes.ts'
import { bundleText, entryText, laidOut } from '../bundle-text.ts'
import type { Given } from '../given.ts'
import { badParameter } from '../item.ts'
import type { Operation } from '../operation.ts'
import { loadCandidates, questionsOf } from './candidates.ts'
import { type Demographics, demographicsOf } from './demographics.ts'
import { type Grade, likeness } from './score.ts'

const gradeExtension = 'http://hl7.org/fhir/StructureDefinition/match-grade'
const defaultCount = 20
const largestCount = 100

interface Match {
  readonly stored: Admitted
  readonly score: number
  readonly grade: Grade
}

export const match: Operation = {
  definition: () => 'http://hl7.org/fhir/OperationDefinition/Patient-match',
  methods: ['POST'],
  parameters: [
    { name: 'resource', kind: 'resource', required: true },
    { name: 'onlyCertainMatches', kind: 'boolean' },
    { name: 'count', kind: 'number' },
  ],
  answer: async ({ given, reach, preferences }, services): Promise<Prepared> => {
    const patient = patientOf(given)
    const asked = demographicsOf(patient)
    const questions = questionsOf(patient, asked)
    if (questions.length === 0)
      throw badParameter(
        'resource',
        'expected an identifier with its system, an e-mail address, or two of family name, given name and birth date',
      )
    const matches = rank(await loadCandidates(questions, reach, services), asked)
    const { shown, remarks } = choose(matches, given)
    const text = laidOut(matchText(shown, remarks, services.base), preferences.pretty)
    return {
      status: 200,
      touched: touch(shown.map(({ stored }) => stored.resource)),
      finish: () => ({ status: 200, headers: fhirHeaders, body: text }),
    }
  },
}

function patientOf({ resource }: Given): Resource {
  if (resource?.resourceType !== 'Patient') throw badParameter('resource', 'expected a Patient')
  const issues = validate(resource).map(({ text, expression }) => ({ text: `resource: ${text}`, expression }))
  if (issues.length > 0) throw new FhirError('parameter', { issues: issues.slice(0, 100) })
  return resource
}

function rank(candidates: readonly Admitted[], asked: Demographics): Match[] {
  return candidates
    .flatMap((stored) => {
      const { score, grade } = likeness(asked, demographicsOf(stored.resource))
      return grade === undefined ? [] : [{ stored, score, grade }]
    })
    .sort((a, b) => b.score - a.score || (a.stored.id < b.stored.id ? -1 : 1))
}

/** Two that are certain contradict each other: whoever wants only certainty gets neither. */
function choose(matches: readonly Match[], given: Given): { shown: readonly Match[]; remarks: string[] } {
  const count = Math.min(Number(given.one('count') ?? defaultCount), largestCount)
  if (given.one('onlyCertainMatches') !== 'true') return { shown: matches.slice(0, count), remarks: [] }
  const certain = matches.filter(({ grade }) => grade === 'certain')
  if (certain.length < 2) return { shown: certain, remarks: [] }
  return { shown: [], remarks: ['More than one patient matches so well that none is certain.'] }
}

function matchText(shown: readonly Match[], remarks: readonly string[], base: string): string {
  const entries = shown.map(({ stored, score, grade }) =>
    entryText(stored, { extension: [{ url: gradeExtension, valueCode: grade }], mode: 'match', score }, base),
  )
  const notes = remarks.map((text) =>
    JSON.stringify({
      resource: outcome('information', 'multiple-matches', [{ text }]),
      search: { mode: 'outcome' },
    }),
  )
  const head = { resourceType: 'Bundle', type: 'searchset', total: shown.length }
  return bundleText(head, [...entries, ...notes])
}
