import { type Html, html, type Piece } from '../../http/html.ts'
import { chip } from '../../ui/parts.ts'
import { type Problem, problemsFrom } from './problems.ts'
import {
  day,
  entries,
  entry,
  facts,
  nothing,
  part,
  type SectionView,
  searchOf,
  statusMark,
  truncation,
} from './section.ts'

/** The problem list, what is active first. */
export async function problemsSection(view: SectionView): Promise<Html> {
  const found = await searchOf(view, 'Condition')
  const problems = problemsFrom(found.resources)
  if (problems.length === 0) return nothing(view.words.none.problems)
  const active = problems.filter((problem) => problem.active)
  const past = problems.filter((problem) => !problem.active)
  const { words } = view
  return html`${part(words.active, active.length, problemList(active, view) || html`<p class="muted">${words.none.active}</p>`)}
${past.length > 0 && part(words.past, past.length, problemList(past, view))}
${truncation(view, found)}`
}

/** Problems as lines; nothing when there are none. */
export function problemList(problems: readonly Problem[], view: SectionView): Html | false {
  return problems.length > 0 && entries(problems.map((problem) => problemEntry(problem, view)))
}

function problemEntry(problem: Problem, view: SectionView): Html {
  const { words } = view
  return entry({
    name: problem.name ?? words.unnamed,
    marks: [
      // Below "Past" it is no news that a problem is resolved.
      problem.status !== 'resolved' && statusMark(view, problem.status),
      statusMark(view, problem.doubt),
      problem.restricted && chip(words.restricted, 'warning'),
    ],
    side: facts([times(problem, view), span(problem, view)]),
  })
}

function times({ times: count }: Problem, view: SectionView): Piece {
  return count > 1 && view.words.times(count)
}

function span({ active, date, ended }: Problem, view: SectionView): Piece {
  const from = day(view, date)
  const to = day(view, ended)
  if (active) return from && `${view.words.since} ${from}`
  return from === to ? from : [from, to].filter(Boolean).join(' – ')
}
