/** A granular scope on every path: what each may show of patient a, whose vital signs are off limits. */
import type { Resource } from '../../../src/smart/resource.ts'
import { bundle, entry } from '../resource/bundles.ts'
import { labs } from '../resource/laboratory.ts'
import { observation } from '../resource/records.ts'
import type { Ask } from '../resource/world.ts'

/** What is tried, and what may come: a status, or the entries of the Bundle in any order. */
export type Row = readonly [name: string, target: string, expected: number | readonly string[], ask?: Ask]

const form = 'application/x-www-form-urlencoded'
const posted = (body: string): Ask => ({ method: 'POST', body, contentType: form })

/** Laboratory results with all letters; the rest of the record in part, so that inclusions have a start. */
export const scopes = [
  labs,
  'patient/Patient.rs patient/DiagnosticReport.rs patient/Provenance.rs',
  'patient/DocumentReference.cruds?status=current',
].join(' ')

const results = ['Observation/a-lab', 'Observation/a-lab-draft']
const documents = ['DocumentReference/a-letter', 'DocumentReference/a-opened', 'DocumentReference/came']
const reports = ['DiagnosticReport/a-report', 'DiagnosticReport/a-vital-report']

const reads: readonly Row[] = [
  ['read', 'Observation/a-vital', 404],
  ['vread', 'Observation/a-vital/_history/1', 404],
  ['history of one', 'Observation/a-vital/_history', 404],
  ['history of the type', 'Observation/_history', results],
  ['read of what was closed since', 'DocumentReference/a-closed', 404],
  ['vread of an open past of what is closed', 'DocumentReference/a-closed/_history/1', 404],
  ['vread of a closed past of what is open', 'DocumentReference/a-opened/_history/1', 404],
  ['vread of a past in the other record', 'DocumentReference/came/_history/1', 404],
  ['vread of a past before it left', 'DocumentReference/a-left/_history/1', 404],
  ['history of what was closed', 'DocumentReference/a-closed/_history', 404],
  ['history of what left', 'DocumentReference/a-left/_history', 404],
  ['history of what has a past elsewhere', 'DocumentReference/came/_history', ['DocumentReference/came']],
  ['read of what was deleted', 'DocumentReference/gone-draft', 404],
  ['history of what was deleted', 'DocumentReference/gone-draft/_history', 404],
  ['history of documents', 'DocumentReference/_history', documents],
  [
    'history of everything',
    '_history?_count=500',
    [...results, ...reports, ...documents, 'Patient/a', 'Provenance/a-source'],
  ],
]

const searches: readonly Row[] = [
  ['search', 'Observation', results],
  ['search by form', 'Observation/_search', results, posted('subject=Patient/a')],
  ['search by form for the rest', 'Observation/_search', [], posted('category=vital-signs')],
  ['search by form at the base', '_search', results, posted('_type=Observation')],
  ['search across types', '?_type=Observation', results],
  ['search in a compartment', 'Patient/a/Observation', results],
  ['search for the complement', 'Observation?category:not=laboratory', []],
  ['search for a text', 'Observation?value-string=off', []],
  ['search with a sort', 'Observation?_sort=-value-string', results],
  ['include', 'DiagnosticReport?_include=DiagnosticReport:result', [...reports, 'Observation/a-lab']],
  ['include of everything', 'DiagnosticReport?_include=*', [...reports, 'Observation/a-lab', 'Patient/a']],
  [
    'include that goes on',
    'Provenance?_include=Provenance:target&_include:iterate=*',
    ['Provenance/a-source', 'Observation/a-lab', 'Patient/a'],
  ],
  ['revinclude', 'Patient?_revinclude=Observation:subject', ['Patient/a', ...results]],
  [
    'revinclude that goes on',
    'Patient?_revinclude=Observation:subject&_revinclude:iterate=DiagnosticReport:result',
    ['Patient/a', ...results, 'DiagnosticReport/a-report'],
  ],
  ['chain', 'DiagnosticReport?result.value-string=off', []],
  ['chain by id', 'DiagnosticReport?result._id=a-vital', []],
  ['chain to what has none', 'DiagnosticReport?result.value-string:missing=true', []],
  ['_has', 'Patient?_has:Observation:subject:category=vital-signs', []],
  ['_has by id', 'Patient?_has:Observation:subject:_id=a-vital', []],
  ['_has behind a chain', 'DiagnosticReport?subject:Patient._has:Observation:subject:_id=a-vital', []],
]

const operations: readonly Row[] = [
  [
    '$everything',
    'Patient/a/$everything',
    ['Patient/a', ...results, ...reports, ...documents, 'Provenance/a-source'],
  ],
  ['$everything of the type', 'Patient/a/$everything?_type=Observation', results],
  ['$everything in pages', 'Patient/a/$everything?_type=Observation&_count=100', results],
  ['$everything without a patient named', 'Patient/$everything?_type=Observation', results],
  ['$everything of an encounter', 'Encounter/a-visit/$everything', 403],
  ['$lastn', 'Observation/$lastn?patient=a&category=vital-signs&max=9', []],
  ['$lastn of a code', 'Observation/$lastn?patient=a&code=718-7&max=9', results],
  ['$docref', 'DocumentReference/$docref?patient=a', ['DocumentReference/a-letter']],
  ['$docref by time', 'DocumentReference/$docref?patient=a&start=2024-03-01', []],
  ['$docref of another', 'DocumentReference/$docref?patient=b', []],
  ['$meta', 'Observation/a-vital/$meta', 404],
  ['$match', 'Patient/$match', [], matching('Family-b', '1990')],
]

function matching(family: string, year: string): Ask {
  const resource = { resourceType: 'Patient', name: [{ family, given: ['X'] }], birthDate: `${year}-01-01` }
  return {
    method: 'POST',
    body: { resourceType: 'Parameters', parameter: [{ name: 'resource', resource }] },
  }
}

const vital = (id?: string): Resource => {
  const { id: _, ...body } = observation('', 'a', 'vital-signs')
  return id === undefined ? body : { ...body, id }
}
const lab = (id: string): Resource => observation(id, 'a', 'laboratory')
const put = (body: Resource): Ask => ({ method: 'PUT', body })
const patch: Ask = {
  method: 'PATCH',
  body: '[{"op":"replace","path":"/status","value":"amended"}]',
  contentType: 'application/json-patch+json',
}
const relabel: Ask = {
  ...patch,
  body: '[{"op":"replace","path":"/category/0/coding/0/code","value":"vital-signs"}]',
}

/** Writes that the filter has no room for, and which change nothing. */
export const writes: readonly Row[] = [
  ['create', 'Observation', 403, { method: 'POST', body: vital() }],
  ['update of what is outside', 'Observation/a-vital', 404, put(lab('a-vital'))],
  ['update to the outside', 'Observation/a-lab', 403, put(vital('a-lab'))],
  ['update under a new id', 'Observation/fresh', 404, put(lab('fresh'))],
  ['patch of what is outside', 'Observation/a-vital', 404, patch],
  ['patch to the outside', 'Observation/a-lab', 403, relabel],
  [
    'patch that removes the category',
    'Observation/a-lab',
    403,
    {
      ...patch,
      body: '[{"op":"remove","path":"/category"}]',
    },
  ],
  [
    'patch that asks',
    'Observation/a-vital',
    404,
    {
      ...patch,
      body: '[{"op":"test","path":"/valueString","value":"off limits"}]',
    },
  ],
  ['delete', 'Observation/a-vital', 404, { method: 'DELETE' }],
  ['delete of what was deleted', 'DocumentReference/gone-draft', 404, { method: 'DELETE' }],
  ['conditional update', 'Observation?_id=a-vital', 404, put(lab('a-vital'))],
  ['conditional patch', 'Observation?_id=a-vital', 404, patch],
  ['conditional delete', 'Observation?_id=a-vital', 204, { method: 'DELETE' }],
  ['conditional delete by what it says', 'Observation?value-string=off', 204, { method: 'DELETE' }],
  [
    'conditional create beside an open one',
    'Observation',
    403,
    {
      method: 'POST',
      headers: { 'if-none-exist': '_id=a-vital' },
      body: vital(),
    },
  ],
]

/** The same requests, as entries of a batch. */
const batched: readonly Row[] = [
  [
    'batch',
    '',
    ['Observation/a-lab', ...results],
    bundle(
      'batch',
      entry('GET', 'Observation/a-lab'),
      entry('GET', 'Observation/a-vital'),
      entry('GET', 'Observation/a-vital/_history/1'),
      entry('GET', 'Observation'),
      entry('PUT', 'Observation/a-vital', lab('a-vital')),
      entry('DELETE', 'Observation/a-vital'),
    ),
  ],
  ['transaction that reads', '', 404, bundle('transaction', entry('GET', 'Observation/a-vital'))],
  [
    'transaction that writes',
    '',
    403,
    bundle('transaction', entry('POST', 'Observation', lab('')), entry('POST', 'Observation', vital())),
  ],
  [
    'transaction with a condition',
    '',
    404,
    bundle('transaction', entry('PUT', 'Observation?_id=a-vital', lab('a-vital'))),
  ],
]

/** All paths but the writes. */
export const rows: readonly Row[] = [...reads, ...searches, ...operations, ...batched]
