/** Bodies by which a resource would leave the record of patient a, or come to be outside of it. */
import type { Resource } from '../../../src/smart/resource.ts'
import { observation } from './records.ts'

const other = { reference: 'Patient/b' }

/** The laboratory result of patient a, with other members. */
export const mine = (more: object): Resource => ({ ...observation('a-lab', 'a', 'laboratory'), ...more })

/** Updates that would move it; `base` is the address of the FHIR server. */
export function movesAt(base: string): readonly (readonly [string, Resource])[] {
  return [
    ['to another patient', mine({ subject: other })],
    ['to another patient by the whole address', mine({ subject: { reference: `${base}/Patient/b` } })],
    [
      'to another patient by the address in capitals',
      mine({
        subject: { reference: `${base.replace(/^.*(?=\/fhir)/, (host) => host.toUpperCase())}/Patient/b` },
      }),
    ],
    ['to a version of another patient', mine({ subject: { reference: 'Patient/b/_history/1' } })],
    ['into another record beside one’s own', mine({ performer: [other] })],
    ['out of every record', mine({ subject: { reference: 'Group/1' } })],
    ['to a logical reference alone', mine({ subject: { identifier: { value: 'b' } } })],
  ]
}

/** What a create would put outside of the record. */
export const strays: readonly (readonly [string, Resource])[] = [
  ['another patient', observation('x', 'b', 'laboratory')],
  [
    'another patient with oneself as performer',
    { ...observation('x', 'b', 'laboratory'), performer: [{ reference: 'Patient/a' }] },
  ],
  ['nobody', { resourceType: 'Observation', status: 'final', code: { text: 'x' } }],
  [
    'a contained stand-in',
    { ...mine({ subject: { reference: '#a' } }), contained: [{ resourceType: 'Patient', id: 'a' }] },
  ],
  [
    'a foreign server’s patient of the same id',
    mine({ subject: { reference: 'https://other.example.org/fhir/Patient/a' } }),
  ],
  ['a conditional reference', mine({ subject: { reference: 'Patient?_id=a' } })],
  ['a path beyond the id', mine({ subject: { reference: 'Patient/a/../b' } })],
  ['a new patient', { resourceType: 'Patient', id: 'a', name: [{ family: 'Double' }] }],
]
