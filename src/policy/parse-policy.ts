/**
 * A policy file as a value, or the mistakes in it, each with its line. A file with a mistake is no policy: nothing of it
 * comes into force, because what is passed over might be what protects.
 */
import type { CareKind, Exception, SitePolicy, Withholding } from '../smart/policy.ts'
import { exceptions, roleOrPost, type Supports, withholding } from './parse-withholding.ts'
import { amount, listOf, mapOf, oneOf, type Reader, text, truth } from './readers.ts'
import { type Mistake, readYaml, type Tell, type YamlValue } from './yaml.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const durationUnits = { minutes: MINUTE, hours: HOUR, days: DAY, weeks: 7 * DAY }
const longestDuration = 3660 * DAY
const longestGlass = 24 * HOUR
const duration = amount(durationUnits, longestDuration)

const careKinds: readonly CareKind[] = ['care-team', 'encounter', 'appointment']

const careDefaults = {
  by: careKinds,
  afterEncounter: 30 * DAY,
  beforeAppointment: 7 * DAY,
  afterAppointment: 7 * DAY,
}
const majorityDefaults = {
  years: 18,
  exceptFor: [
    ...['SPS', 'HUSB', 'WIFE', 'DOMPART', 'CHILD', 'CHLDADOPT', 'DAU', 'DAUADOPT', 'DAUC', 'SON', 'SONADOPT'],
    ...['SONC', 'HPOWATT', 'DPOWATT', 'POWATT', 'SPOWATT'],
  ],
}
const glassDefault = 15 * MINUTE
const releaseTag = 'urn:chartkey:release|unreleased'

/** Either the policy, or why the text is none. */
export interface ParsedPolicy {
  readonly policy?: SitePolicy
  readonly mistakes: readonly Mistake[]
}

/** Reads a policy file. `supports` says which filters can be enforced. */
export function parsePolicy(written: string, supports: Supports): ParsedPolicy {
  const mistakes: Mistake[] = []
  const tell: Tell = (line, problem) => void mistakes.push({ line, text: problem })
  const tree = readYaml(written, tell)
  const policy = tree && readPolicy(tree, supports, tell)
  const inOrder = mistakes.toSorted((a, b) => a.line - b.line)
  return policy && mistakes.length === 0 ? { policy, mistakes: [] } : { mistakes: inOrder }
}

interface WrittenCare {
  by: readonly CareKind[]
  'after-encounter': number
  'before-appointment': number
  'after-appointment': number
}

interface WrittenActing {
  'age-of-majority': number
  'except-for': readonly string[]
}

interface WrittenRights {
  clinicians: 'everyone' | 'care'
  care: Partial<WrittenCare>
  'acting-for-another': Partial<WrittenActing>
}

interface WrittenConsents {
  honour: boolean
  unless: readonly Exception[]
  because: string
}

interface WrittenRelease {
  tag: string
  by: readonly string[]
}

interface WrittenLabels {
  by: readonly string[]
}

interface WrittenPolicy {
  version: number
  rights: Partial<WrittenRights>
  'break-glass': { lasts?: number }
  consents: Partial<WrittenConsents>
  release: Partial<WrittenRelease>
  labels: Partial<WrittenLabels>
  withhold: readonly Withholding[]
}

const onlyVersion: Reader<number> = (value, tell) => {
  if (value.kind === 'scalar' && value.value === 1) return 1
  tell(value.line, 'the version of this grammar is 1')
  return undefined
}

const tag: Reader<string> = (value, tell) => {
  const read = text(value, tell)
  if (read === undefined || /^[^\s|]+\|[^\s|,&]+$/.test(read)) return read
  tell(value.line, 'a tag is written as system|code')
  return undefined
}

const relationship: Reader<string> = (value, tell) => {
  const read = text(value, tell)
  if (read === undefined || /^[A-Z]{1,16}$/.test(read)) return read
  tell(value.line, `"${read}" is no code of a relationship, such as SPS`)
  return undefined
}

const care = mapOf<WrittenCare>(
  {
    by: listOf(oneOf(...careKinds)),
    'after-encounter': duration,
    'before-appointment': duration,
    'after-appointment': duration,
  },
  [],
)

const rights = mapOf<WrittenRights>(
  {
    clinicians: oneOf('everyone', 'care'),
    care,
    'acting-for-another': mapOf<WrittenActing>(
      { 'age-of-majority': amount({ years: 1 }, 30), 'except-for': listOf(relationship) },
      [],
    ),
  },
  ['clinicians'],
)

function policyReaders(supports: Supports) {
  return mapOf<WrittenPolicy>(
    {
      version: onlyVersion,
      rights,
      'break-glass': mapOf({ lasts: amount(durationUnits, longestGlass) }, []),
      consents: mapOf<WrittenConsents>({ honour: truth, unless: exceptions, because: text }, ['honour']),
      release: mapOf<WrittenRelease>({ tag, by: listOf(roleOrPost) }, []),
      labels: mapOf<WrittenLabels>({ by: listOf(roleOrPost) }, ['by']),
      withhold: listOf(withholding(supports)),
    },
    // What protects has to be written, were it an empty list: half a file is then no policy.
    ['version', 'rights', 'consents', 'withhold'],
  )
}

function readPolicy(tree: YamlValue, supports: Supports, tell: Tell): SitePolicy | undefined {
  const read = policyReaders(supports)(tree, tell)
  if (!read) return undefined
  checkNames(read.withhold ?? [], read.line, tell)
  const { clinicians = 'care', care: writtenCare = {}, 'acting-for-another': acting = {} } = read.rights ?? {}
  const { honour, unless = [], because = 'The patient asked for it.' } = read.consents ?? {}
  return {
    clinicians,
    care: {
      by: writtenCare.by ?? careDefaults.by,
      afterEncounter: writtenCare['after-encounter'] ?? careDefaults.afterEncounter,
      beforeAppointment: writtenCare['before-appointment'] ?? careDefaults.beforeAppointment,
      afterAppointment: writtenCare['after-appointment'] ?? careDefaults.afterAppointment,
    },
    majority: {
      years: acting['age-of-majority'] ?? majorityDefaults.years,
      exceptFor: acting['except-for'] ?? majorityDefaults.exceptFor,
    },
    glassLasts: read['break-glass']?.lasts ?? glassDefault,
    withhold: read.withhold ?? [],
    ...(honour !== false && { consents: { unless, because } }),
    release: { tag: read.release?.tag ?? releaseTag, by: read.release?.by ?? [] },
    labels: { by: read.labels?.by ?? [] },
  }
}

function checkNames(rules: readonly Withholding[], line: number, tell: Tell): void {
  const names = rules.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) tell(line, `two rules have the name "${twice}"`)
}
