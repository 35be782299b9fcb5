/** Every interaction on an Observation of one’s own, with each letter that it cannot do without. */
import { observation } from './records.ts'
import type { Ask } from './world.ts'

const mine = observation('a-lab', 'a', 'laboratory', 'amended')

const jsonPatch: Ask = {
  method: 'PATCH',
  body: '[{"op":"replace","path":"/status","value":"amended"}]',
  contentType: 'application/json-patch+json',
}

/** Each interaction, with a letter that it needs. */
export const interactions: readonly [letter: string, name: string, target: string, ask?: Ask][] = [
  ['r', 'read', 'Observation/a-lab'],
  ['r', 'HEAD', 'Observation/a-lab', { method: 'HEAD' }],
  ['r', 'conditional read', 'Observation/a-lab', { headers: { 'if-none-match': 'W/"1"' } }],
  ['r', 'vread', 'Observation/a-lab/_history/1'],
  ['s', 'search', 'Observation?code=718-7'],
  ['s', 'counting search', 'Observation?_summary=count'],
  [
    's',
    'search by form',
    'Observation/_search',
    { method: 'POST', body: 'code=718-7', contentType: 'application/x-www-form-urlencoded' },
  ],
  ['s', 'compartment search', 'Patient/a/Observation'],
  ['c', 'create', 'Observation', { method: 'POST', body: mine }],
  ['u', 'update', 'Observation/a-lab', { method: 'PUT', body: mine }],
  ['u', 'update-as-create', 'Observation/fresh', { method: 'PUT', body: { ...mine, id: 'fresh' } }],
  ['r', 'history of a resource', 'Observation/a-lab/_history'],
  ['s', 'history of a type', 'Observation/_history'],
  ['d', 'delete', 'Observation/a-lab', { method: 'DELETE' }],
  ['u', 'patch', 'Observation/a-lab', jsonPatch],
  ...conditional('c', 'conditional create', {
    method: 'POST',
    headers: { 'if-none-exist': '_id=a-lab' },
    body: mine,
  }),
  ...conditional('u', 'conditional update', { method: 'PUT', body: mine }),
  ...conditional('u', 'conditional patch', jsonPatch),
  ...conditional('d', 'conditional delete', { method: 'DELETE' }),
]

/** With the letter of the change missing, and with that of the search. */
function conditional(letter: string, name: string, ask: Ask): [string, string, string, Ask][] {
  const target = ask.method === 'POST' ? 'Observation' : 'Observation?_id=a-lab'
  return [
    [letter, name, target, ask],
    ['s', `search of a ${name}`, target, ask],
  ]
}
