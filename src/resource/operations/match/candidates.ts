/**
 * Finds who may be meant: by identifier, and by any two of family name, given name and birth date, within what the
 * caller may find. Each is a search of its own, and of each the first hundred are looked at.
 */
import type { Resource } from '../../../smart/resource.ts'
import type { Reach } from '../../../smart/slice.ts'
import type { Admitted } from '../../enforce.ts'
import type { Services } from '../../interactions/handler.ts'
import { parseInstant } from '../../search/values/instant.ts'
import { escapeValue } from '../escape-value.ts'
import { findPage } from '../find.ts'
import type { Demographics } from './demographics.ts'

type Pair = [string, string]

const mostOfEach = 100

/** The searches that the given demographics allow; none when too little is given. */
export function questionsOf(patient: Resource, { identifiers, telecoms }: Demographics): Pair[][] {
  const tokens = identifiers.map(({ system, value }) => `${escapeValue(system)}|${escapeValue(value)}`)
  const mail = telecoms.filter((contact) => contact.includes('@'))
  const [family, given] = [namesOf(patient, 'family'), namesOf(patient, 'given')]
  const { birthDate } = patient
  const born: Pair[] =
    typeof birthDate === 'string' && parseInstant(birthDate) ? [['birthdate', birthDate]] : []
  return [
    tokens.length > 0 ? [['identifier', tokens.join(',')] as Pair] : [],
    mail.length > 0 ? [['email', mail.map(escapeValue).join(',')] as Pair] : [],
    both(family, born),
    both(given, born),
    both(family, given),
  ].filter((question) => question.length > 0)
}

/** Everybody found, each once. */
export async function loadCandidates(
  questions: readonly Pair[][],
  reach: Reach,
  services: Services,
): Promise<Admitted[]> {
  const found = new Map<string, Admitted>()
  for (const parameters of questions) {
    const { matches } = await findPage({ type: 'Patient', parameters, reach }, mostOfEach, services)
    for (const match of matches) found.set(match.id, match)
  }
  return [...found.values()]
}

function both(one: Pair[], other: Pair[]): Pair[] {
  return one.length > 0 && other.length > 0 ? [...one, ...other] : []
}

const mostNames = 5

/** The names as they are written: the search folds them itself. */
function namesOf({ name }: Resource, part: 'family' | 'given'): Pair[] {
  const names: readonly unknown[] = Array.isArray(name) ? name : []
  const texts = names
    .flatMap((one) => (typeof one === 'object' && one !== null ? (one as Record<string, unknown>)[part] : []))
    .filter((text): text is string => typeof text === 'string' && /[\p{L}\p{N}]/u.test(text))
    .slice(0, mostNames)
  return texts.length === 0 ? [] : [[part, texts.map(escapeValue).join(',')]]
}
