/** The record: vital signs and laboratory results as plots, problems as a list. */
import { newestOf, PERIODS, within } from '../record/period.js'
import { problemsOf } from '../record/person.js'
import { countOf, gather, setAsideSingles } from '../record/series.js'
import { formatMoment } from '../record/time.js'
import { vitalPlace } from '../record/vitals.js'
import { PARTS } from '../session/scopes.js'
import { words } from '../words/words.js'
import { card } from './card.js'
import { element, show } from './element.js'
import { section } from './section.js'
import { resultsTable } from './tables.js'

/**
 * @param {import('../record/load.js').Record} record
 * @returns {HTMLElement}
 */
export function recordView({ vitals, laboratory, problems }) {
  const signs = gather(dataOf(vitals), vitalPlace)
  const tests = setAsideSingles(gather(dataOf(laboratory)))
  const newest = newestOf([...signs.series, ...tests.series], Date.now())
  let years = 0
  let sought = ''
  const signCards = element('div', { class: 'cards' })
  const testCards = element('div', { class: 'cards' })
  const redraw = () => {
    showCards(signCards, signs.series, years, newest, '')
    showCards(testCards, tests.series, years, newest, sought)
  }
  const search = searchField((text) => {
    sought = text
    redraw()
  })
  const period = periodChoice((chosen) => {
    years = chosen
    redraw()
  })
  redraw()
  return element(
    'div',
    { class: 'record' },
    Number.isFinite(newest) && period,
    section(
      words.record.vitals,
      vitals,
      PARTS.vitals.name,
      () =>
        filled(signs) && [
          signs.series.length > 0 && signCards,
          others(signs.results, signs.series.length === 0),
        ],
    ),
    section(
      words.record.laboratory,
      laboratory,
      PARTS.laboratory.name,
      () =>
        filled(tests) && [
          tests.series.length > 5 && search,
          testCards,
          others(tests.results, tests.series.length === 0),
        ],
    ),
    section(words.record.problems, problems, PARTS.problems.name, problemList),
  )
}

/** @param {import('../record/load.js').Part} part */
function dataOf(part) {
  return part.state === 'loaded' ? part.data : []
}

/** @param {{ series: readonly unknown[], results: readonly unknown[] }} gathered */
function filled({ series, results }) {
  return series.length + results.length > 0 ? true : null
}

/**
 * @param {HTMLElement} place
 * @param {readonly import('../record/series.js').Series[]} all
 * @param {number} years
 * @param {number} newest
 * @param {string} sought
 */
function showCards(place, all, years, newest, sought) {
  const named = all.filter((series) => series.title.toLowerCase().includes(sought.trim().toLowerCase()))
  const shown = named.map((series) => within(series, years, newest)).filter((series) => countOf(series) > 0)
  const nothing = named.length === 0 ? words.record.noSuchResult : words.record.noReadings
  show(
    place,
    shown.length > 0 ? shown.map(card) : all.length > 0 && element('p', { class: 'empty' }, nothing),
  )
}

/** @param {readonly import('../record/series.js').Result[]} results @param {boolean} open */
function others(results, open) {
  if (results.length === 0) return null
  return element(
    'details',
    { class: 'others', open },
    element('summary', {}, words.record.others(results.length)),
    resultsTable(results),
  )
}

/** @param {(years: number) => void} choose */
function periodChoice(choose) {
  const choices = PERIODS.map(({ years, label }) =>
    element(
      'label',
      {},
      element('input', {
        type: 'radio',
        name: 'period',
        value: years,
        checked: years === 0,
        onchange: () => choose(years),
      }),
      element('span', {}, label),
    ),
  )
  return element('fieldset', { class: 'period' }, element('legend', {}, words.record.timeShown), choices)
}

/** @param {(text: string) => void} find */
function searchField(find) {
  const input = element('input', {
    type: 'search',
    name: 'find',
    autocomplete: 'off',
    oninput: (/** @type {any} */ event) => find(event.target.value),
  })
  return element('label', { class: 'find' }, element('span', {}, words.record.find), input)
}

/** @param {readonly any[]} conditions */
function problemList(conditions) {
  const problems = problemsOf(conditions)
  if (problems.length === 0) return null
  const item = (/** @type {typeof problems[number]} */ problem) =>
    element(
      'li',
      {},
      element('span', {}, problem.name),
      problem.since && element('time', {}, formatMoment(problem.since, 'month')),
    )
  const active = problems.filter((problem) => problem.active)
  const past = problems.filter((problem) => !problem.active)
  return [
    active.length > 0 && element('ul', { class: 'problems' }, active.map(item)),
    past.length > 0 &&
      element(
        'details',
        { class: 'others' },
        element('summary', {}, words.record.pastProblems(past.length)),
        element('ul', { class: 'problems' }, past.map(item)),
      ),
  ]
}
