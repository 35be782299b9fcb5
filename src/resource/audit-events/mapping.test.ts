/** The mapping of every kind of event, as valid R4. Its profiles are in `test/contracts/audit-events.test.ts`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as events from '../../audit/event.ts'
import { toAuditEvent } from '../../audit/fhir/to-audit-event.ts'
import { viewsOf } from '../../audit/fhir/view.ts'
import { fhirAllowed, fhirFailed, fhirRefused } from '../../audit/fhir-access.ts'
import { patientsOf } from '../../smart/compartment.ts'
import { validate } from '../definitions/validate.ts'

const base = 'https://ehr.example.org/fhir'
const shown = {
  base,
  people: {
    person: (id: string) => (id === 'dr.lin' ? { name: 'Dr Lin', fhirUser: 'Practitioner/lin' } : undefined),
    app: (id: string) => (id === 'growth' ? 'Growth chart' : undefined),
  },
}
const actor = { user: 'dr.lin', fhirUser: 'Practitioner/lin', client: 'growth', address: '::1', token: 't' }
const touched = { patients: ['a', 'b'], resources: ['Observation/1', 'Patient/a'] }
const nothing = { patients: [], resources: [] }

const every: Readonly<Record<events.AuditEvent['kind'], readonly events.AuditEvent[]>> = {
  'fhir-access': [
    'read vread history-instance history-type history-system search-type search-system search-compartment',
    'create update conditional-update patch conditional-patch delete conditional-delete',
    'batch transaction operation unknown something-newer',
  ]
    .flatMap((names) => names.split(' '))
    .flatMap((interaction) => [
      fhirAllowed(actor, { interaction, type: 'Observation', id: '1' }, 200, touched, 'request-1'),
      fhirAllowed({ client: 'backend' }, { interaction }, 200, nothing),
      fhirRefused(actor, { interaction, type: 'Observation' }, 403, 'forbidden: scope', touched),
      fhirFailed({}, { interaction, query: 'a=b' }, 400, 'parameter'),
    ]),
  'sign-in': [
    events.signedIn({ user: 'amara', fhirUser: 'Patient/amara', address: '10.0.0.1' }, 'password'),
    events.signInFailed({ address: '10.0.0.1' }, 'password', 'somebody', 'unknown-user'),
  ],
  'account-security': [
    events.accountChanged({ user: 'amara', address: '10.0.0.1' }, 'passkey-added'),
    events.resetAsked({ address: '10.0.0.1' }, 'somebody'),
  ],
  'sign-out': [events.signedOut({ user: 'amara' })],
  'launch-started': [events.launchStarted(actor, { patient: 'a', encounter: 'e' })],
  authorize: [
    events.authorizeGranted(actor, 'patient/*.rs', 'a'),
    events.authorizeDenied(actor, 'patient/*.rs', 'declined'),
  ],
  token: [
    events.tokenIssued(actor, 'refresh_token', 'patient/*.rs', 'a'),
    events.tokenRefused({}, '', 'invalid_grant'),
  ],
  'refresh-reuse': [events.refreshReused(actor)],
  'code-reuse': [events.codeReused(actor)],
  'token-revoked': [events.tokenRevoked(actor)],
  'grant-revoked': [events.grantRevoked(actor)],
  'emergency-access': [events.emergencyOpened(actor, 'a', 'unconscious', 1_700_000_000_000)],
  'identity-linked': [events.identityLinked({ user: 'amara' }, 'hospital', 'a')],
  'identity-unlinked': [events.identityUnlinked({ user: 'amara' }, 'hospital')],
  'claims-applied': [events.claimsApplied({ user: 'dr.lin' }, 'hospital')],
  'invitation-made': [events.invitationMade({}, 'a')],
  'invitation-withdrawn': [events.invitationWithdrawn({ user: 'admin' }, 'a')],
  'client-registered': [events.clientRegistered({ client: 'growth' })],
  'registration-refused': [events.registrationRefused({ address: '10.0.0.1' }, 'metadata')],
  introspection: [
    events.tokenIntrospected({ client: 'archive', grant: 'g', token: 't' }),
    events.tokenIntrospected({ client: 'archive' }),
  ],
  'keys-changed': [
    events.keysChanged({}, 'made ES256 k1'),
    events.keysChanged({ user: 'command-line:ops' }, 'replaced all'),
  ],
  administration: [
    events.administered({ user: 'admin' }, 'app-changed', { kind: 'app', id: 'growth' }, 'scope'),
    events.administered({ client: 'console' }, 'account-disabled', { kind: 'account', id: 'dr.lin' }),
    events.administered({}, 'initial-token-issued', { kind: 'initial-token', id: 'iat_1' }),
  ],
  'administration-refused': [events.administrationRefused({ user: 'dr.lin' }, 'not-an-administrator')],
}

for (const [kind, examples] of Object.entries(every))
  test(`${kind}: each form is a valid AuditEvent, and in the compartment of its own patient alone`, () => {
    for (const event of examples)
      for (const view of viewsOf(event)) {
        const resource = toAuditEvent(7, { time: 1_700_000_000_000, event }, view, shown)
        assert.deepEqual(validate(resource), [], JSON.stringify(resource))
        assert.deepEqual(patientsOf(resource), view.patient === undefined ? [] : [view.patient])
        assert.equal(resource.outcome, { success: '0', refused: '8', failed: '4' }[event.outcome])
      }
  })

test('a patient’s form names no other patient, whatever the search said', () => {
  const query =
    'patient=a,b&subject=Patient/a&name=Meier&category=laboratory&code:text=b&patient.name=b&_id=b-lab'
  const event = fhirAllowed(actor, { interaction: 'search-type', type: 'Observation', query }, 200, touched)
  const resource = toAuditEvent(7, { time: 0, event }, { patient: 'a' }, shown)
  const [, asked] = resource.entity as { query?: string; description?: string }[]
  const text = `GET ${base}/Observation?subject=Patient%2Fa&category=laboratory&code%3Atext=b&…`
  assert.equal(asked?.description, text)
  assert.equal(Buffer.from(asked?.query ?? '', 'base64').toString(), text)
  assert.doesNotMatch(JSON.stringify(resource), /Meier|b-lab|Patient\/b|Observation\/1|::1/)
})

test('a patient learns which member of staff was refused, and of another patient nothing', () => {
  const asked = { interaction: 'read', type: 'Observation', id: 'b-lab' }
  const refusedTo = (fhirUser: string) =>
    JSON.stringify(
      toAuditEvent(
        7,
        {
          time: 0,
          event: fhirRefused({ user: 'u-1', fhirUser }, asked, 404, 'notFound: reach', {
            patients: ['b'],
            resources: [],
          }),
        },
        { patient: 'b' },
        shown,
      ),
    )
  assert.match(refusedTo('Practitioner/lin'), /Practitioner\/lin/)
  assert.doesNotMatch(refusedTo('Patient/a'), /Patient\/a|u-1/)
  assert.doesNotMatch(refusedTo('RelatedPerson/x'), /RelatedPerson\/x|u-1/)
})

test('the whole form has everything: people by name, the query, the results, the token, the decision and its rule', () => {
  const event = fhirAllowed(
    actor,
    { interaction: 'search-type', type: 'Observation', query: 'name=x' },
    200,
    touched,
    'r-1',
  )
  const text = JSON.stringify(toAuditEvent(7, { time: 0, event }, {}, shown))
  for (const part of [
    'Dr Lin',
    'Growth chart',
    'Observation?name=x',
    'Observation/1',
    'oauth:jti:t',
    '"b"',
    'r-1',
    '::1',
    'allowed',
  ])
    assert.ok(text.includes(part), part)
})
