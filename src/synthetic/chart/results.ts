import type { Resource } from '../../smart/resource.ts'
import { CLINIC } from '../clinic.ts'
import { concept, hl7, quantity, reference, rounded } from '../concepts.ts'
import { instantOf } from '../days.ts'
import type { AnalyteKey, Range } from '../laboratory/analytes.ts'
import { ANALYTES } from '../laboratory/analytes.ts'
import type { PanelKey } from '../laboratory/panels.ts'
import { PANELS } from '../laboratory/panels.ts'
import type { Sample } from '../laboratory/physiology.ts'
import { drawSample } from '../laboratory/physiology.ts'
import type { Life } from '../life.ts'
import { ageOn } from '../life.ts'
import { labels } from '../sensitivity.ts'
import type { Visit } from '../visits.ts'
import { startOf } from './encounter.ts'
import { observationBase } from './observation.ts'

const REPORT_CATEGORY = [concept(hl7('v2-0074', 'LAB', 'Laboratory'))]
const READ_OUT_MINUTE = 18 * 60 + 30

/** The laboratory results of a visit: each panel's observations and the report that groups them. */
export function laboratoryResults(life: Life, visit: Visit): Resource[] {
  const panels = panelsOf(life, visit)
  if (panels.length === 0) return []
  const sample = drawSample(life, visit.day, (visit.ailment?.fever ?? 0) > 0.8)
  return panels.flatMap((panel) => panelResults(life, visit, panel, sample))
}

/** What is ordered: what the problems ask for, and at check-ups what the age asks for. */
function panelsOf(life: Life, visit: Visit): PanelKey[] {
  if (visit.kind === 'admission') return ['blood-count', 'metabolic']
  if (visit.kind === 'follow-up') return [...(visit.course?.problem.tests ?? [])]
  const age = ageOn(life, visit.day)
  if (visit.kind === 'well-child') return Math.abs(age - 1.05) < 0.1 ? ['blood-count'] : []
  if (visit.kind !== 'check-up') return []
  const present = life.courses.filter(
    (one) => one.onset <= visit.day && (one.ended ?? visit.day) >= visit.day,
  )
  const asked = present.flatMap((one) => (one.problem.sensitivity === undefined ? one.problem.tests : []))
  return [...new Set<PanelKey>([...asked, ...screening(age, visit)])]
}

function screening(age: number, visit: Visit): PanelKey[] {
  if (visit.unreleased) return ['metabolic', 'lipids', 'blood-count']
  if (age < 40) return ['blood-count', 'glucose']
  return age < 75 ? ['metabolic', 'lipids', 'cardiac-risk'] : ['metabolic', 'blood-count']
}

function panelResults(life: Life, visit: Visit, key: PanelKey, sample: Sample): Resource[] {
  const panel = PANELS[key]
  const observations = panel.analytes.map((analyte) => result(life, visit, key, analyte, sample[analyte]))
  return [...observations, report(life, visit, key, observations)]
}

function result(life: Life, visit: Visit, panel: PanelKey, key: AnalyteKey, measured: number): Resource {
  const analyte = ANALYTES[key]
  const range = rangeFor(life, visit, key)
  const value = rounded(measured, analyte.decimals)
  const ucum = ('ucum' in analyte ? analyte.ucum : undefined) ?? analyte.unit
  return {
    ...observationBase(life, visit, 'laboratory', key.toLowerCase()),
    ...sensitivityLabels(visit, panel),
    // A result that waits may not even be final.
    ...(visit.unreleased && panel === 'lipids' ? { status: 'preliminary' } : {}),
    code: analyte.concept,
    issued: instantOf(visit.day, READ_OUT_MINUTE),
    performer: [reference('Organization', CLINIC.laboratory)],
    valueQuantity: quantity(value, analyte.unit, ucum),
    interpretation: [interpretation(value, range)],
    referenceRange: [referenceRange(range, analyte.unit, ucum)],
  }
}

/** Children's blood counts are read against children's ranges. */
function rangeFor(life: Life, visit: Visit, key: AnalyteKey): Range {
  const age = ageOn(life, visit.day)
  if (age < 15 && key === 'haemoglobin') return { low: 10.5, high: 14.5 }
  if (age < 15 && key === 'creatinine') return { low: 0.2, high: 0.8 }
  const { range } = ANALYTES[key] as { range: Range | Record<'female' | 'male', Range> }
  return 'female' in range ? range[life.person.sex] : range
}

function sensitivityLabels(visit: Visit, panel: PanelKey) {
  return labels(panel === 'hiv' ? 'HIV' : undefined, visit.unreleased)
}

const HIGH = concept(hl7('v3-ObservationInterpretation', 'H', 'High'))
const LOW = concept(hl7('v3-ObservationInterpretation', 'L', 'Low'))
const NORMAL = concept(hl7('v3-ObservationInterpretation', 'N', 'Normal'))

function interpretation(value: number, range: Range) {
  if (range.low !== undefined && value < range.low) return LOW
  return range.high !== undefined && value > range.high ? HIGH : NORMAL
}

function referenceRange(range: Range, unit: string, ucum: string) {
  return {
    ...(range.low === undefined ? {} : { low: quantity(range.low, unit, ucum) }),
    ...(range.high === undefined ? {} : { high: quantity(range.high, unit, ucum) }),
  }
}

function report(life: Life, visit: Visit, key: PanelKey, results: readonly Resource[]): Resource {
  const preliminary = results.some((one) => one.status === 'preliminary')
  return {
    resourceType: 'DiagnosticReport',
    id: `${visit.id}-report-${key}`,
    ...sensitivityLabels(visit, key),
    status: preliminary ? 'preliminary' : 'final',
    category: REPORT_CATEGORY,
    code: PANELS[key].concept,
    subject: reference('Patient', life.person.id),
    encounter: reference('Encounter', visit.id),
    effectiveDateTime: startOf(visit),
    issued: instantOf(visit.day, READ_OUT_MINUTE),
    performer: [reference('Organization', CLINIC.laboratory, 'Lantern Bay Clinical Laboratory')],
    resultsInterpreter: [reference('Practitioner', visit.by.id, visit.by.name)],
    result: results.map((one) => reference('Observation', one.id ?? '')),
  }
}
