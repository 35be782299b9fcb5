/** A reach narrows every search: nothing outside of it is found, nor counted. */
import assert from 'node:assert/strict'
import type { Reach } from '../../src/smart/slice.ts'
import { slice } from './repository-fixtures.ts'
import { type Contract, find, idsOf } from './repository-setting.ts'

const thousands = ['Patient/tom', 'Patient/mei', ...Array.from({ length: 5000 }, (_, at) => `Patient/p${at}`)]

const cases: readonly [title: string, reach: Reach, query: string, ids: string][] = [
  ['no slice, nothing', { within: [], without: [] }, 'Patient', ''],
  ['another type, nothing', { within: [slice('Encounter')], without: [] }, 'Patient', ''],
  [
    'a compartment',
    { within: [slice('*', ['Patient/mei'])], without: [] },
    'Observation',
    'by-mei glucose height-1 height-2 secret',
  ],
  [
    'a compartment and a query',
    { within: [slice('*', ['Patient/tom'])], without: [] },
    'Observation?code=2339-0',
    'toms',
  ],
  [
    'a compartment against the query',
    { within: [slice('*', ['Patient/tom'])], without: [] },
    'Observation?patient=mei',
    '',
  ],
  [
    'a patient, and those linked to one',
    { within: [slice('*', ['Patient/mei'])], without: [] },
    'Patient',
    'mei tom',
  ],
  [
    'several compartments',
    { within: [slice('*', ['Patient/mei']), slice('*', ['Patient/tom'])], without: [] },
    'Observation?category=laboratory',
    'glucose secret toms',
  ],
  [
    'two compartments at once',
    { within: [slice('*', ['Patient/mei', 'Patient/tom'])], without: [] },
    'Observation',
    'by-mei',
  ],
  [
    'one of two compartments',
    { within: [slice('*', [['Patient/mei', 'Patient/tom']])], without: [] },
    'Observation?category=laboratory',
    'glucose secret toms',
  ],
  [
    'one of thousands of compartments, and one alone',
    { within: [slice('*', [thousands, 'Patient/tom'])], without: [] },
    'Observation',
    'by-mei toms',
  ],
  ['one of no compartments', { within: [slice('*', [[]])], without: [] }, 'Observation', ''],
  [
    'held back except in one compartment, where no other has it',
    {
      within: [slice('*')],
      without: [{ ...slice('Observation'), except: ['Patient/mei'] }],
    },
    'Observation',
    'glucose height-1 height-2 secret',
  ],
  [
    'held back in one compartment, except where another has it too',
    {
      within: [slice('*')],
      without: [{ ...slice('Observation', ['Patient/mei']), except: ['Patient/mei', 'Patient/tom'] }],
    },
    'Observation',
    'bare by-mei glucose height-1 height-2 secret toms',
  ],
  [
    'held back except in compartments of nobody',
    { within: [slice('*')], without: [{ ...slice('Observation'), except: [] }] },
    'Observation',
    '',
  ],
  [
    'a compartment that is no patient',
    { within: [slice('*', ['Practitioner/ida'])], without: [] },
    'Observation',
    '',
  ],
  [
    'a filter',
    { within: [slice('Observation', [], 'category=laboratory')], without: [] },
    'Observation',
    'glucose secret toms',
  ],
  [
    'a filter in a compartment',
    { within: [slice('Observation', ['Patient/mei'], 'category=laboratory')], without: [] },
    'Observation',
    'glucose secret',
  ],
  [
    'a filter of two items',
    { within: [slice('Observation', [], 'category=laboratory', 'code=2339-0')], without: [] },
    'Observation?patient=mei',
    'glucose',
  ],
  [
    'filters add up',
    {
      within: [
        slice('Observation', ['Patient/tom'], 'category=survey'),
        slice('Observation', ['Patient/mei'], 'category=vital-signs'),
      ],
      without: [],
    },
    'Observation',
    'by-mei height-1 height-2',
  ],
  [
    'without a filter',
    { within: [slice('*', ['Patient/mei'])], without: [slice('*', [], '_security=R')] },
    'Observation',
    'by-mei glucose height-1 height-2',
  ],
  [
    'without a compartment',
    { within: [slice('*')], without: [slice('Observation', ['Patient/mei'])] },
    'Observation',
    'bare toms',
  ],
  [
    'an unknown filter opens nothing',
    { within: [slice('Observation', [], 'colour=red')], without: [] },
    'Observation',
    '',
  ],
  [
    'a bad filter value opens nothing',
    { within: [slice('Observation', [], 'date=soon')], without: [] },
    'Observation',
    '',
  ],
  [
    'a chain in a filter opens nothing',
    { within: [slice('Observation', [], 'patient.name=mei')], without: [] },
    'Observation',
    '',
  ],
  [
    'an unknown filter holds all back',
    { within: [slice('*')], without: [slice('Observation', [], 'colour=red')] },
    'Observation',
    '',
  ],
  [
    'an unknown filter holds a compartment back',
    { within: [slice('*')], without: [slice('*', ['Patient/mei'], 'colour=red')] },
    'Observation',
    'bare toms',
  ],
  [
    'an unknown filter of another type',
    { within: [slice('*')], without: [slice('Encounter', [], 'colour=red')] },
    'Patient',
    'mei no-name tom',
  ],
  [
    'across types',
    { within: [slice('*', ['Patient/mei']), slice('Device', [], 'patient=Patient/mei')], without: [] },
    '*',
    'by-mei glucose height-1 height-2 mei pump risk secret tom visit',
  ],
  [
    'across types by a filter that few have',
    { within: [slice('*', [], 'category=laboratory')], without: [] },
    '*',
    'glucose secret toms',
  ],
  [
    'across types, held back by a filter that few have',
    { within: [slice('*', ['Patient/mei'])], without: [slice('*', [], 'category=laboratory')] },
    '*',
    'by-mei height-1 height-2',
  ],
  ['across types with a query', { within: [slice('*')], without: [] }, '*?_tag=vip', 'mei'],
]

/** Each reach finds what is in it. */
export function reaches(onWard: Contract): void {
  for (const [title, reach, query, ids] of cases) {
    onWard(`reach: ${title}`, async ({ repository }) => {
      const page = await find(repository, query, reach)
      assert.equal(idsOf(page).sort().join(' '), ids)
      assert.equal(page.total, ids === '' ? 0 : ids.split(' ').length)
      const counted = await find(repository, `${query}${query.includes('?') ? '&' : '?'}_count=0`, reach)
      assert.deepEqual(counted, { matches: [], total: page.total })
    })
  }
}
