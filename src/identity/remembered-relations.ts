/** Relations that are asked again only after a few seconds, so that one page's many requests share one answer. */
import { CARE_MEMORY } from './durations.ts'
import type { Relations } from './ports.ts'

const KEPT_ANSWERS = 2000

/** Wraps `relations`; a failed answer is not remembered. */
export function rememberRelations(relations: Relations, now: () => number): Relations {
  return {
    patientsInCareOf: remember((id) => relations.patientsInCareOf(id), now),
    recordOf: remember((id) => relations.recordOf(id), now),
  }
}

function remember<Answer>(
  ask: (id: string) => Promise<Answer>,
  now: () => number,
): (id: string) => Promise<Answer> {
  const kept = new Map<string, { answer: Promise<Answer>; until: number }>()
  return (id) => {
    const known = kept.get(id)
    if (known && now() < known.until) return known.answer
    kept.delete(id)
    if (kept.size >= KEPT_ANSWERS) kept.delete(kept.keys().next().value ?? '')
    const answer = ask(id)
    kept.set(id, { answer, until: now() + CARE_MEMORY })
    answer.catch(() => kept.delete(id))
    return answer
  }
}
