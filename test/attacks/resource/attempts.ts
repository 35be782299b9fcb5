/** Ways to ask whether a resource of another record exists; each has to answer as if it did not. */
import { observation } from './records.ts'
import type { Ask } from './world.ts'

/** What is tried with the id of an Observation: the name, the target, and the rest of the request. */
export const attempts: readonly [string, (id: string) => string, ((id: string) => Ask)?][] = [
  ['read', (id) => `Observation/${id}`],
  ['HEAD', (id) => `Observation/${id}`, () => ({ method: 'HEAD' })],
  [
    'a read that knows the version',
    (id) => `Observation/${id}`,
    () => ({ headers: { 'if-none-match': 'W/"1"' } }),
  ],
  [
    'a read that knows any version',
    (id) => `Observation/${id}`,
    () => ({ headers: { 'if-none-match': '*' } }),
  ],
  ['vread of the current version', (id) => `Observation/${id}/_history/1`],
  ['vread of a version that never was', (id) => `Observation/${id}/_history/7`],
  ['a read of a few members', (id) => `Observation/${id}?_elements=status`],
  ['a read as a summary', (id) => `Observation/${id}?_summary=text&_pretty=true`],
  [
    'an update',
    (id) => `Observation/${id}`,
    (id) => ({ method: 'PUT', body: observation(id, 'a', 'laboratory') }),
  ],
  [
    'an update with the right version',
    (id) => `Observation/${id}`,
    (id) => ({ method: 'PUT', headers: { 'if-match': 'W/"1"' }, body: observation(id, 'a', 'laboratory') }),
  ],
  [
    'an update with a wrong version',
    (id) => `Observation/${id}`,
    (id) => ({ method: 'PUT', headers: { 'if-match': 'W/"9"' }, body: observation(id, 'a', 'laboratory') }),
  ],
  [
    'an update into the other record',
    (id) => `Observation/${id}`,
    (id) => ({ method: 'PUT', body: observation(id, 'b', 'laboratory') }),
  ],
  [
    'an update that is not valid',
    (id) => `Observation/${id}`,
    (id) => ({ method: 'PUT', body: { resourceType: 'Observation', id, status: 7 } }),
  ],
  ['an update without content', (id) => `Observation/${id}`, () => ({ method: 'PUT', body: {} })],
  ['a search by id', (id) => `Observation?_id=${id}`],
  ['a count by id', (id) => `Observation?_id=${id}&_summary=count`],
  ['a search for what points to it', (id) => `DiagnosticReport?result=Observation/${id}&patient=b`],
]
