/** The whole server in this process, and a system that launches its apps: for attacks on that way in. */
import { after } from 'node:test'
import { tokenIssued } from '../../../src/audit/event.ts'
import type { Client } from '../../../src/authorization/client.ts'
import { silentLog } from '../../../src/http/log.ts'
import type { Account } from '../../../src/identity/account.ts'
import { policyOf } from '../../../src/identity/test-policy.ts'
import { assemble } from '../../../src/server/assemble.ts'
import { openStores, type Stores } from '../../../src/server/stores.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { madeKeys } from '../../fixtures/made-keys.ts'
import { noWayOut } from '../../fixtures/no-way-out.ts'
import { createSignedToken } from './launch-tokens.ts'
import { basic } from './visit.ts'
import { baseUrl, callback, secret, sha256, start } from './world.ts'

export const launchAddress = 'https://app.example/launch?site=north'

/** The app that is launched. */
export const app: Client = {
  id: 'app',
  name: 'Growth',
  authMethod: 'none',
  redirectUris: [callback],
  launchUri: launchAddress,
  clientUri: 'https://app.example/',
  grantTypes: ['authorization_code', 'refresh_token'],
  scope:
    'launch launch/patient launch/encounter launch/imagingstudy launch/questionnaire openid fhirUser online_access offline_access patient/*.cruds user/*.rs',
  createdAt: start,
}

const clients: readonly Client[] = [
  app,
  { ...app, id: 'other-app', name: 'Other', launchUri: 'https://other.example/launch' },
  { ...app, id: 'disabled-app', launchUri: 'https://disabled.example/launch', disabled: true },
  // Registered by an older program that looked less closely.
  { ...app, id: 'odd-app', launchUri: 'https://app.example/launch\r\nset-cookie: chartkey_session=planted' },
  {
    ...app,
    id: 'hospital',
    name: 'Hospital',
    authMethod: 'client_secret_basic',
    secrets: [{ hash: sha256(secret), createdAt: start }],
    grantTypes: ['client_credentials'],
    scope: 'ehr.launch',
  },
  (({ launchUri: _, ...rest }) => ({ ...rest, id: 'silent-app' }))(app),
]

const accounts: readonly Account[] = [
  account('clinician', ['clinician'], 'Practitioner/doctor'),
  { ...account('nurse', ['clinician'], 'Practitioner/nurse'), careTeamOnly: true },
  account('patient', ['patient'], 'Patient/a'),
  { ...account('gone', ['clinician'], 'Practitioner/gone'), disabled: true },
  account('admin', ['admin'], undefined),
  account('chief', ['clinician', 'admin'], 'Practitioner/chief'),
]

function account(username: string, roles: Account['roles'], fhirUser: string | undefined): Account {
  return {
    id: `u-${username}`,
    username,
    name: `The ${username}`,
    roles,
    records: [],
    disabled: false,
    ...(fhirUser !== undefined && { fhirUser }),
  }
}

const smart = 'http://hl7.org/fhir/smart-app-launch/CodeSystem/smart-codes'
const coded = (code: string) => ({ coding: [{ system: smart, code }] })

/** A Task that asks for the launch of an app. */
function task(id: string, changes: Record<string, unknown> = {}, url = launchAddress): Resource {
  return {
    resourceType: 'Task',
    id,
    status: 'requested',
    intent: 'proposal',
    code: coded('launch-app-ehr'),
    description: `Task ${id}`,
    for: { reference: 'Patient/a' },
    owner: { reference: 'Practitioner/doctor' },
    input: [
      { type: coded('smartonfhir-application'), valueUrl: url },
      { type: coded('smartonfhir-appcontext'), valueString: 'plan 7' },
    ],
    ...changes,
  }
}

const nurse = { reference: 'Practitioner/nurse' }
const tasks: readonly Resource[] = [
  task('good', {
    encounter: { reference: 'Encounter/a-visit' },
    focus: { reference: 'ImagingStudy/a-study' },
  }),
  task('of-nurse', { owner: nurse }),
  task('of-nobody', { owner: undefined }),
  task('done', { status: 'completed' }),
  task('elsewhere', {}, 'https://evil.example/launch'),
  task('script', {}, 'javascript:alert(1)'),
  task('near', {}, `${launchAddress}&x=1`),
  task('disabled', {}, 'https://disabled.example/launch'),
  task('alone', { code: coded('launch-app-standalone') }, 'https://app.example/'),
  task('alone-elsewhere', { code: coded('launch-app-standalone') }, 'https://evil.example/'),
  task('other-visit', { encounter: { reference: 'Encounter/b-visit' } }),
  task('other-focus', { focus: { reference: 'ImagingStudy/b-study' } }),
  task('no-patient', { for: undefined, encounter: { reference: 'Encounter/a-visit' } }),
  task('focus-alone', { for: undefined, focus: { reference: 'ImagingStudy/a-study' } }),
  // Within the nurse's care by its focus, for a patient who is not.
  task('reaches', { owner: nurse, for: { reference: 'Patient/b' }, focus: { reference: 'Patient/a' } }),
  task('of-patient', { owner: { reference: 'Patient/a' } }),
  task('of-b', { owner: { reference: 'Patient/a' }, for: { reference: 'Patient/b' } }),
]

const of = (patient: string) => ({ subject: { reference: `Patient/${patient}` } })
const records: readonly Resource[] = [
  ...['doctor', 'nurse', 'gone', 'chief'].map((id) => ({ resourceType: 'Practitioner', id })),
  ...['a', 'b'].flatMap((patient): Resource[] => [
    { resourceType: 'Patient', id: patient, name: [{ family: `Family-${patient}` }] },
    {
      resourceType: 'Encounter',
      id: `${patient}-visit`,
      status: 'in-progress',
      class: { code: 'AMB' },
      ...of(patient),
    },
    { resourceType: 'ImagingStudy', id: `${patient}-study`, status: 'available', ...of(patient) },
  ]),
  {
    resourceType: 'CareTeam',
    id: 'a-team',
    status: 'active',
    ...of('a'),
    participant: [{ member: { reference: 'Practitioner/nurse' } }],
  },
  ...tasks,
  {
    resourceType: 'Group',
    id: 'both',
    type: 'person',
    actual: true,
    member: ['a', 'b'].map((id) => ({ entity: { reference: `Patient/${id}` } })),
  },
  { resourceType: 'Questionnaire', id: 'survey', status: 'active', title: 'Sleep survey' },
  { resourceType: 'ImagingStudy', id: 'a-draft', status: 'registered', ...of('a') },
]

export type LaunchWorld = Awaited<ReturnType<typeof openLaunchWorld>>

const plain = {
  log: silentLog,
  outbound: noWayOut,
  sandbox: undefined,
  policy: () => policyOf({}),
  auditRetention: Number.MAX_SAFE_INTEGER,
}

/** Starts the server; the end of the file stops it. */
export async function openLaunchWorld() {
  let time = start
  const now = () => time
  const sql = await openEmpty()
  const stores = await openStores(sql, now)
  for (const key of await madeKeys) await stores.keys.addNext(key, 0)
  await stores.records.putAll([...records])
  for (const one of accounts) await stores.accounts.add(one)
  for (const client of clients) await stores.clients.add(client)
  const { app: server } = await assemble({
    baseUrl,
    stores,
    now,
    ...plain,
  })
  after(() => server.close())
  const sign = await createSignedToken(stores, now)

  /** A token of a system with these scopes. */
  async function tokenOf(scope: string, clientId = 'hospital', claims: Record<string, unknown> = {}) {
    const grant = `grant-${Math.random()}`
    await addGrant(stores, grant, clientId, scope, now())
    return sign({ client_id: clientId, sub: clientId, gty: 'client_credentials', scope, grant, ...claims })
  }
  /** What the hospital gets for its secret. */
  async function hospitalToken(): Promise<string> {
    const reply = await server.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: basic('hospital', secret),
      form: { grant_type: 'client_credentials', scope: 'ehr.launch' },
    })
    return (JSON.parse(reply.body) as { access_token: string }).access_token
  }

  /** Orders a launch; `token` is of the hospital unless another is given. */
  async function order(body: unknown, token?: string, headers: Record<string, string> = {}) {
    const bearer = token ?? (await hospitalToken())
    const reply = await server.inject({
      method: 'POST',
      url: '/ehr/launches',
      headers: {
        'content-type': 'application/json',
        ...(bearer !== '' && { authorization: `Bearer ${bearer}` }),
        ...headers,
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: reply.status, headers: reply.headers, body: JSON.parse(reply.body) as Ordered }
  }

  return {
    app: server,
    hospitalToken,
    stores,
    sql,
    now,
    order,
    tokenOf,
    pass: (milliseconds: number) => {
      time += milliseconds
    },
    /** What the trail tells of launches and sign-ins. */
    async trail() {
      const kept = await stores.audit.list(0, 1000)
      return kept.map(({ event }) => event).filter(({ kind }) => kind !== 'fhir-access')
    },
    async sessions() {
      return (await sql.all<{ account_id: string }>('SELECT account_id FROM sessions')).map(
        ({ account_id }) => account_id,
      )
    },
    async launches() {
      return (await sql.all('SELECT handle_hash FROM launches')).length
    },
  }
}

/** What the launch API answers. */
export interface Ordered {
  readonly launch: string
  readonly launch_url: string
  readonly start_url: string
  readonly expires_in: number
  readonly error?: string
  readonly error_description?: string
  readonly member?: string
}

/** A grant that lives, which tokens of the tests hang on. */
async function addGrant(stores: Stores, id: string, clientId: string, scope: string, now: number) {
  const told = tokenIssued({ client: clientId }, 'client_credentials', scope)
  await stores.grants.give({ id, clientId, scope, context: {}, createdAt: now }, { now, told })
}
