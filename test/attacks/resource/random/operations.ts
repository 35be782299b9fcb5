/** Random calls of `$everything` and `$lastn`. */
import assert from 'node:assert/strict'
import { type Asked, compareNames, isShown, namesIn } from './asked.ts'
import { type Fact, isInRecord, nameOf, shapeOf } from './facts.ts'
import { mayHave } from './model.ts'
import type { Searcher } from './questions.ts'
import { currentOf } from './reads.ts'

const isBoth = (fact: Fact, { setting }: Searcher) =>
  mayHave(fact, 'r', setting) && mayHave(fact, 's', setting)

/** Mostly a patient whose record is open at all. */
function throwPatient(searcher: Searcher): string {
  const { dice, shelf } = searcher
  const open = shelf.patients.filter((patient) => {
    const focus = shelf.now(`Patient/${patient}`)
    return focus !== undefined && isBoth(focus, searcher)
  })
  return dice.pick(dice.once(4) || open.length === 0 ? shelf.patients : open)
}

/** The record as far as it may be read and found, and the reference data that it names, as far as that may. */
export function throwEverything(searcher: Searcher): Asked {
  const { shelf } = searcher
  const patient = throwPatient(searcher)
  return {
    target: `Patient/${patient}/$everything`,
    compare(answered) {
      const focus = shelf.now(`Patient/${patient}`)
      const isOpen = focus !== undefined && isBoth(focus, searcher)
      assert.equal(isShown(answered), isOpen)
      const record = shelf.current().filter((fact) => isInRecord(fact, patient) && isBoth(fact, searcher))
      const named = record
        .flatMap(({ links }) => Object.values(links).flat())
        .flatMap((name) => shelf.now(name) ?? [])
        .filter((fact) => shapeOf(fact.type).shared && isBoth(fact, searcher))
      const expected = isOpen ? [...record, ...named].map(nameOf) : []
      return compareNames(answered, namesIn(answered), expected, shelf.current().map(nameOf))
    },
  }
}

/** The last few of each code: which those are hangs on what may be found alone. */
export function throwLastn(searcher: Searcher): Asked {
  const { dice, shelf, setting } = searcher
  const patient = dice.pick(shelf.patients)
  const code = dice.pick(shapeOf('Observation').codes.code ?? [])
  const max = 1 + dice.below(2)
  return {
    target: `Observation/$lastn?patient=${patient}&code=${code}&max=${max}`,
    compare(answered) {
      const found = currentOf(searcher, 'Observation').filter(
        (fact) =>
          mayHave(fact, 's', setting) &&
          fact.codes.code?.includes(code) &&
          fact.links.subject?.includes(`Patient/${patient}`),
      )
      const days = found
        .map(({ days }) => days.date ?? '')
        .toSorted()
        .toReversed()
      const shown = namesIn(answered).map((name) => shelf.now(name)?.days.date ?? '')
      // Two of one day are alike: the days are compared, and that each was among those that may be found.
      assert.deepEqual(shown.toSorted().toReversed(), days.slice(0, max))
      const names = found.map(nameOf)
      for (const name of namesIn(answered)) assert.ok(names.includes(name), name)
      return 1 + shown.length
    },
  }
}
