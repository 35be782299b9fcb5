/**
 * The worked examples of Annex A at a running server: what an app is granted that asks for one of them, on the pages or
 * by its own key, and what the FHIR API then lets it do. `src/smart/worked-examples.test.ts` has them one by one in the
 * grammar alone.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { backendToken } from '../../attacks/http/backend-token.ts'
import { password, useHospital } from '../../attacks/http/hospital.ts'
import { claimsOf } from '../../attacks/http/tokens.ts'
import type { Ask } from '../../attacks/resource/world.ts'
import { exchangeForm, requestToken, type TokenReply, Visitor } from '../../fixtures/visitor.ts'

const hospital = useHospital()
const category = 'http://terminology.hl7.org/CodeSystem/observation-category'
const smartUri = 'http://smarthealthit.org/fhir/scopes/'
const openidUri = 'http://openid.net/specs/openid-connect-core-1_0#'

/** Registered for every scope there is, so that nothing but the grammar and the person stands in the way. */
const app = {
  clientId: 'examples',
  redirectUri: 'http://127.0.0.1:9/back',
  scope:
    'launch launch/patient launch/encounter launch/imagingstudy launch/list openid fhirUser profile offline_access online_access patient/*.cruds user/*.cruds system/*.cruds __profilePhoto.manage https://ehr.example.org/scopes/profilePhoto.manage',
}

let registering: Promise<void> | undefined
let clinician: Visitor | undefined

function registered(): Promise<void> {
  registering ??= hospital().stores.clients.add({
    id: app.clientId,
    name: 'Examples',
    authMethod: 'none',
    redirectUris: [app.redirectUri],
    grantTypes: ['authorization_code', 'refresh_token'],
    scope: app.scope,
    createdAt: 0,
  })
  return registering
}

/** Asks for the scope as the clinician, for patient a; gives the token response, or the error that came back to the app. */
async function asked(scope: string): Promise<TokenReply | string> {
  await registered()
  clinician ??= new Visitor(hospital().base, { username: 'clinician', password, patient: 'a' })
  try {
    const authorized = await clinician.authorize({ ...app, scope })
    return await requestToken(hospital().base, exchangeForm(app, authorized))
  } catch (error) {
    const code = /[?&]error=([a-z_]+)/.exec(String(error))?.[1]
    if (code === undefined) throw error
    return code
  }
}

async function granted(scope: string): Promise<TokenReply> {
  const reply = await asked(scope)
  assert.ok(typeof reply === 'object', `${scope}: ${reply}`)
  return reply
}

/** A token of the scope, whoever it takes to have one; it says the scope as it was asked. */
async function tokenOf(scope: string): Promise<string> {
  if (!scope.startsWith('system/')) {
    const reply = await granted(scope)
    assert.equal(reply.scope, scope)
    return reply.access_token
  }
  const token = await backendToken(hospital(), scope)
  assert.equal(claimsOf(token).scope, scope)
  return token
}

/** One request for each letter that changes nothing: what it names is not there, or what it sends is no JSON. */
const probes: readonly (readonly [letter: string, (type: string) => [target: string, ask?: Ask]])[] = [
  ['c', (type) => [type, { method: 'POST', body: '{', contentType: 'application/fhir+json' }]],
  ['r', (type) => [`${type}/none/_history/1`]],
  ['u', (type) => [`${type}/none`, { method: 'PUT', body: '{', contentType: 'application/fhir+json' }]],
  ['d', (type) => [`${type}/none`, { method: 'DELETE' }]],
  ['s', (type) => [`${type}?_count=0`]],
]

const probed = [
  'Observation',
  'Patient',
  'Condition',
  'AllergyIntolerance',
  'Encounter',
  'Basic',
  'Appointment',
]

/** The letters that the API takes a token to have on each type. */
async function lettersOf(token: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const type of probed)
    for (const [letter, probe] of probes) {
      const { status } = await hospital().ask(token, ...probe(type))
      if (status !== 403) found[type] = (found[type] ?? '') + letter
    }
  return found
}

const everywhere = (letters: string) => Object.fromEntries(probed.map((type) => [type, letters]))

const allowed: readonly (readonly [ids: string, scope: string, letters: Record<string, string>])[] = [
  ['A-01', 'patient/Observation.rs', { Observation: 'rs' }],
  ['A-02', 'patient/Observation.r', { Observation: 'r' }],
  ['A-03', 'patient/Observation.s', { Observation: 's' }],
  ['A-04', 'patient/Observation.c', { Observation: 'c' }],
  ['A-05', 'patient/Observation.cu', { Observation: 'cu' }],
  ['A-06', 'patient/Observation.cud', { Observation: 'cud' }],
  ['A-07', 'patient/Observation.cruds', { Observation: 'cruds' }],
  ['A-08', 'patient/Patient.r', { Patient: 'r' }],
  ['CAP-26, A-09', 'patient/*.rs', everywhere('rs')],
  ['A-10', 'patient/*.cruds', everywhere('cruds')],
  ['CAP-27, A-11', 'user/Observation.rs', { Observation: 'rs' }],
  ['A-12', 'user/Patient.rs', { Patient: 'rs' }],
  ['A-13', 'user/Appointment.cruds', { Appointment: 'cruds' }],
  ['A-14', 'user/*.cruds', everywhere('cruds')],
  ['A-15', 'system/Observation.rs', { Observation: 'rs' }],
  ['A-16', 'system/*.rs', everywhere('rs')],
  ['A-17', 'system/Encounter.cud', { Encounter: 'cud' }],
  ['SCOPE-12, SCOPE-13, CAP-28, SEED-84, A-18', 'patient/Observation.read', { Observation: 'rs' }],
  ['SCOPE-12, SCOPE-13, CAP-28, SEED-84, A-19', 'patient/Observation.write', { Observation: 'cud' }],
  ['SCOPE-12, SCOPE-13, CAP-28, SEED-84, A-20', 'patient/Observation.*', { Observation: 'cruds' }],
  ['SCOPE-12, SCOPE-13, CAP-28, SEED-53, SEED-60, A-21', 'patient/*.read', everywhere('rs')],
  ['A-22', 'patient/*.*', everywhere('cruds')],
  ['SCOPE-13, SEED-60, A-23', 'user/*.write', everywhere('cud')],
  ['SCOPE-13, SEED-61, A-24', 'system/*.read', everywhere('rs')],
  ['A-25', 'patient/Observation.read patient/Observation.write', { Observation: 'cruds' }],
  [
    'A-26',
    'patient/Condition.rs patient/AllergyIntolerance.rs',
    { Condition: 'rs', AllergyIntolerance: 'rs' },
  ],
  ['SCOPE-15, A-27', 'patient/Observation.r patient/Observation.s', { Observation: 'rs' }],
  ['A-32', 'patient/Basic.cuds?code=https://myapp.example.org|encrypted-phr-access-keys', { Basic: 'cuds' }],
  ['A-37', 'patient/*.rs?_lastUpdated=ge2024-01-01', everywhere('rs')],
  ['A-44', 'patient/Observation.rd', { Observation: 'rd' }],
  ['SCOPE-32', `${smartUri}patient/Observation.rs`, { Observation: 'rs' }],
  ['AMB-29', 'user/Observation.rs?code:text=blood%20pressure%26%22more%22', { Observation: 'rs' }],
]
for (const [ids, scope, letters] of allowed)
  test(`${ids}: ${scope} is granted, told as it was asked, and allows its letters on its types, and nothing else`, async () => {
    assert.deepEqual(await lettersOf(await tokenOf(scope)), letters)
  })

const observations = [
  'a-lab',
  'a-lab-draft',
  'a-vital',
  'a-vital-draft',
  'b-lab',
  'b-lab-draft',
  'b-vital',
  'b-vital-draft',
]
const ofRecord = observations.filter((id) => id.startsWith('a-'))
const reached: readonly (readonly [ids: string, scope: string, ids_: readonly string[]])[] = [
  ['SCOPE-20, A-01', 'patient/Observation.rs', ofRecord],
  ['SCOPE-23, CAP-27, A-11', 'user/Observation.rs', observations],
  ['SCOPE-24, A-15', 'system/Observation.rs', observations],
  [
    'SCOPE-17, CAP-29, A-28',
    `patient/Observation.rs?category=${category}|laboratory`,
    ['a-lab', 'a-lab-draft'],
  ],
  ['SCOPE-17, A-29', `patient/Observation.rs?category=${category}|laboratory&status=final`, ['a-lab']],
  ['SCOPE-17, A-30', 'patient/Observation.rs?category=laboratory,vital-signs', ofRecord],
  [
    'SCOPE-17, SEED-86, A-31',
    'user/Observation.rs?category=laboratory',
    observations.filter((id) => id.includes('lab')),
  ],
]
for (const [ids, scope, reach] of reached)
  test(`${ids}: ${scope} reaches ${reach.join(', ')}, and leaves out every other`, async () => {
    const token = await tokenOf(scope)
    const { body } = await hospital().ask(token, `Observation?_id=${observations.join(',')}&_count=50`)
    const found = (JSON.parse(body).entry ?? []).map(
      (entry: { resource: { id: string } }) => entry.resource.id,
    )
    assert.deepEqual(found.toSorted(), reach)
    for (const id of observations) {
      const { status } = await hospital().ask(token, `Observation/${id}`)
      assert.equal(status, reach.includes(id) ? 200 : 404, id)
    }
  })

test('SCOPE-17, AMB-29: what is percent-encoded in a scope is what the resource has to say', async () => {
  const code = { text: 'blood pressure & "more"' }
  const subject = { reference: 'Patient/a' }
  const { records } = hospital().stores
  await records.update({ resourceType: 'Condition', id: 'told', code, subject })
  await records.update({ resourceType: 'Condition', id: 'untold', code: { text: 'blood pressure' }, subject })
  const token = await tokenOf('patient/Condition.rs?code:text=blood%20pressure%20%26%20%22more%22')
  const status = async (id: string) => (await hospital().ask(token, `Condition/${id}`)).status
  assert.deepEqual([await status('told'), await status('untold')], [200, 404])
})

test('SEED-86, A-31: user/Observation.r?category=laboratory reads laboratory results, and searches for none', async () => {
  const token = await tokenOf('user/Observation.r?category=laboratory')
  const status = async (target: string) => (await hospital().ask(token, target)).status
  assert.deepEqual([await status('Observation/b-lab'), await status('Observation/b-vital')], [200, 404])
  assert.equal(await status('Observation?category=laboratory'), 403)
})

const refused: readonly (readonly [ids: string, scope: string])[] = [
  ['SCOPE-19, A-33', 'patient/Observation.rs?code:in=http://valueset.example.org/ValueSet/diabetes-codes'],
  ['SCOPE-19, A-34', 'patient/Observation.rs?patient.birthdate=1990'],
  ['SCOPE-19, A-35', 'user/Observation.rs?encounter.id=Encounter/456'],
  ['SCOPE-19, A-36', 'patient/Observation.rs?_filter=status%20eq%20final'],
  ['SCOPE-03, SCOPE-09, A-38', 'patient/Observation.dus'],
  ['SCOPE-03, A-39', 'patient/Observation.sr'],
  ['SCOPE-03, A-40', 'patient/Observation.rr'],
  ['SCOPE-03, A-41', 'patient/Observation.rx'],
  ['SCOPE-03, A-42', 'patient/Observation.'],
  ['SCOPE-01, A-43', 'patient/Observation'],
  ['SCOPE-03, A-45', 'patient/Observation.create'],
  ['SCOPE-17, A-46', 'patient/Observation.rs.category=laboratory'],
  ['SCOPE-01, A-47', 'patient.Observation.rs'],
  ['SCOPE-22, A-48', 'Patient/Observation.rs'],
  ['SCOPE-02, A-49', 'patient/observation.rs'],
  ['SCOPE-17, A-50', 'patient/Observation.rs?'],
  ['SCOPE-17, A-51', 'patient/Observation.rs?category'],
  ['SCOPE-01, A-52', 'practitioner/Observation.rs'],
  ['SCOPE-10, A-53', 'patient/Observation.read?category=laboratory'],
  // Well formed; what there is nothing behind is not granted: no launch, no study, no list to choose.
  ['A-54', 'launch'],
  ['A-57', 'launch/imagingstudy'],
  ['A-58', 'launch/list?role=https://example.org/med-list-at-home'],
  ['A-59', 'launch/Patient'],
  ['SCOPE-29, A-60', 'Launch/encounter'],
  ['A-66', 'Offline_access'],
  ['SCOPE-30, A-67', '__profilePhoto.manage'],
  ['SCOPE-30, A-68', 'https://ehr.example.org/scopes/profilePhoto.manage'],
  ['A-69', ''],
  ['SCOPE-32', `${smartUri}patient/Observation.sr`],
]
describe('what is no scope here', () => {
  for (const [ids, scope] of refused)
    test(`${ids}: ${scope || '(empty string)'} alone is invalid_scope, and beside another it gives nothing`, async () => {
      assert.equal(await asked(scope), 'invalid_scope')
      const beside = await granted(`user/Patient.r ${scope}`.trim())
      assert.equal(beside.scope, 'user/Patient.r')
    })
})

test('A-55, A-56, A-61, A-62, A-63, A-64, A-65: scopes of context, identity and refresh give what they name, and no data', async () => {
  const members = async (scope: string) => {
    const reply = await granted(scope)
    assert.equal(reply.scope, scope)
    assert.deepEqual(await lettersOf(reply.access_token), {})
    const { patient, encounter } = reply as { patient?: string; encounter?: string }
    return {
      context: [patient, encounter],
      fhirUser: reply.id_token === undefined ? 'no ID token' : claimsOf(reply.id_token).fhirUser,
      isRefreshed: reply.refresh_token !== undefined,
    }
  }
  const nothing = { context: [undefined, undefined], fhirUser: 'no ID token', isRefreshed: false }
  const doctor = `${hospital().base}/fhir/Practitioner/doctor`
  assert.deepEqual(await members('launch/patient'), { ...nothing, context: ['a', undefined] })
  assert.deepEqual(await members('launch/encounter'), { ...nothing, context: [undefined, 'a-visit'] })
  assert.deepEqual(await members('openid fhirUser'), { ...nothing, fhirUser: doctor })
  assert.deepEqual(await members('fhirUser'), nothing)
  assert.deepEqual(await members('openid profile'), { ...nothing, fhirUser: doctor })
  assert.deepEqual(await members('offline_access'), { ...nothing, isRefreshed: true })
  assert.deepEqual(await members('online_access'), { ...nothing, isRefreshed: true })
  assert.deepEqual(await members(`${openidUri}openid ${smartUri}fhirUser`), { ...nothing, fhirUser: doctor })
})
