/** The vital signs that have a fixed place on the page, by LOINC code. Others follow after them by name. */

import { words } from '../words/words.js'
import { hasCode } from './concept.js'

const titles = words.vitalSigns

/** @type {readonly { key: string, title: string, lines: readonly { name: string, codes: readonly string[] }[] }[]} */
const VITAL_SIGNS = [
  {
    key: 'blood-pressure',
    title: titles['blood-pressure'],
    lines: [
      { name: titles.systolic, codes: ['8480-6', '8459-0', '8460-8', '8461-6', '76534-7'] },
      { name: titles.diastolic, codes: ['8462-4', '8453-3', '8454-1', '8455-8', '76535-4'] },
    ],
  },
  {
    key: 'heart-rate',
    title: titles['heart-rate'],
    lines: [{ name: '', codes: ['8867-4', '8889-8', '68999-2'] }],
  },
  { key: 'oxygen', title: titles.oxygen, lines: [{ name: '', codes: ['2708-6', '59408-5'] }] },
  {
    key: 'temperature',
    title: titles.temperature,
    lines: [{ name: '', codes: ['8310-5', '8331-1', '8328-7', '8332-9', '8333-7'] }],
  },
  { key: 'breathing', title: titles.breathing, lines: [{ name: '', codes: ['9279-1'] }] },
  {
    key: 'weight',
    title: titles.weight,
    lines: [{ name: '', codes: ['29463-7', '3141-9', '3142-7', '8335-2'] }],
  },
  {
    key: 'height',
    title: titles.height,
    lines: [{ name: '', codes: ['8302-2', '8306-3', '3137-7', '3138-5', '8308-9'] }],
  },
  { key: 'bmi', title: titles.bmi, lines: [{ name: '', codes: ['39156-5'] }] },
  { key: 'head', title: titles.head, lines: [{ name: '', codes: ['9843-4', '8287-5'] }] },
]

/**
 * The place of a fact among the vital signs, when it has a fixed one.
 * @param {import('./fact.js').Fact} fact
 * @returns {import('./series.js').Place | undefined}
 */
export function vitalPlace(fact) {
  for (const [order, sign] of VITAL_SIGNS.entries()) {
    const rank = sign.lines.findIndex(({ codes }) => hasCode(fact.concept, codes))
    if (rank >= 0)
      return { key: sign.key, title: sign.title, order, line: sign.lines[rank]?.name ?? '', rank }
  }
  return undefined
}
