import type { Resource } from '../../smart/resource.ts'
import type { Concept } from '../concepts.ts'
import { concept, loinc, quantity, snomed, within } from '../concepts.ts'
import { yearsBetween } from '../days.ts'
import type { Course, Life } from '../life.ts'
import { ageOn } from '../life.ts'
import { labels } from '../sensitivity.ts'
import type { Visit } from '../visits.ts'
import { observationBase } from './observation.ts'

const SMOKING = concept(loinc('72166-2', 'Tobacco smoking status'))
const SMOKES: Readonly<Record<Life['smoking'], Concept>> = {
  never: concept(snomed('266919005', 'Never smoker')),
  former: concept(snomed('8517006', 'Former smoker')),
  current: concept(snomed('449868002', 'Current every day smoker')),
}
const PHQ9 = concept(loinc('44261-6', 'Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]'))
const GAD7 = concept(
  loinc('70274-6', 'Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]'),
)
const AUDITC = concept(loinc('75626-2', 'Total score [AUDIT-C]'))

/** Smoking status at check-ups, and the questionnaires that follow a troubled mind. */
export function surveys(life: Life, visit: Visit): Resource[] {
  const smoking =
    visit.kind === 'check-up' && ageOn(life, visit.day) >= 18 ? [smokingStatus(life, visit)] : []
  return [...smoking, ...questionnaires(life, visit)]
}

function smokingStatus(life: Life, visit: Visit): Resource {
  return {
    ...observationBase(life, visit, 'social-history', 'smoking'),
    code: SMOKING,
    valueCodeableConcept: SMOKES[life.smoking],
  }
}

function questionnaires(life: Life, visit: Visit): Resource[] {
  const { course } = visit
  switch (course?.problem.key) {
    case 'depression':
    case 'bipolar':
    case 'stress-disorder':
      return [score(life, visit, course, 'phq9', PHQ9, 17, 27)]
    case 'anxiety':
      return [score(life, visit, course, 'gad7', GAD7, 14, 21)]
    case 'alcohol-dependence':
      return [score(life, visit, course, 'auditc', AUDITC, 9, 12)]
    default:
      return []
  }
}

/** A score that is high when the trouble is found and falls as far as treatment holds it. */
function score(
  life: Life,
  visit: Visit,
  course: Course,
  kind: string,
  code: Concept,
  found: number,
  most: number,
): Resource {
  const settled = found * (0.65 - 0.5 * course.control)
  const years = yearsBetween(course.onset, visit.day)
  const noise = life.random.fork(`score ${visit.id}`).normal(0, 1.2)
  const value = Math.round(within(0, settled + (found - settled) * Math.exp(-years / 0.5) + noise, most))
  return {
    ...observationBase(life, visit, 'survey', kind),
    ...labels(course.problem.sensitivity),
    code,
    valueQuantity: quantity(value, 'score', '{score}'),
  }
}
