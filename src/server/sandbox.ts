/** What a sandbox is furnished with: synthetic patients on its first start, its accounts, and the sample apps. */
import type { Sandbox, SandboxRole } from '../ehr/deps.ts'
import { personName } from '../ehr/fhir/person.ts'
import type { Account } from '../identity/account.ts'
import { hashPassword } from '../identity/passwords.ts'
import type { AccountStore } from '../identity/ports.ts'
import type { SandboxHelp } from '../identity/sign-in-page.ts'
import type { Repository } from '../resource/repository.ts'
import { generate, type SandboxAccount, sandboxPeople } from '../synthetic/index.ts'
import { messages } from '../ui/messages.ts'

/** The one password of all sandbox accounts. */
export const sandboxPassword = 'sandbox'

const generatedPatients = 40
const seed = 1

/** The fixed people of the sandbox, as of a day. */
export interface People extends ReturnType<typeof sandboxPeople> {
  /** `YYYY-MM-DD` */
  readonly asOf: string
}

/** Imagines the people as they are at `now`, in milliseconds. */
export function peopleAt(now: number): People {
  const asOf = new Date(now).toISOString().slice(0, 10)
  return { asOf, ...sandboxPeople(asOf) }
}

export interface SandboxDeps {
  readonly people: People
  readonly repository: Repository
  readonly accounts: AccountStore
  /** Tells the person who waits for the first start. */
  readonly tell: (sentence: string) => void
}

/** Puts in what is missing; what is there stays as it is, so that a restart changes nothing. */
export async function furnishSandbox(deps: SandboxDeps): Promise<void> {
  const { asOf, resources, accounts } = deps.people
  if (!(await deps.repository.read('Patient', 'amara'))) {
    deps.tell('First start: making synthetic patients …')
    const { Patient: patients = 0 } = await deps.repository.counts()
    const others = patients > 0 ? [] : [...generate({ patients: generatedPatients, seed, asOf })].flat()
    // One transaction: a start that is interrupted leaves nothing half furnished.
    await deps.repository.putAll([...others, ...resources])
  }
  for (const account of accounts) await addAccount(account, deps.accounts)
}

async function addAccount(account: SandboxAccount, accounts: AccountStore): Promise<void> {
  if (await accounts.findByUsername(account.username)) return
  await accounts.add(await accountOf(account))
}

async function accountOf(account: SandboxAccount): Promise<Account> {
  const { username, name, roles, records, fhirUser, careTeamOnly } = account
  return {
    id: username,
    username,
    name,
    roles,
    records,
    passwordHash: await hashPassword(sandboxPassword),
    disabled: false,
    ...(fhirUser !== undefined && { fhirUser }),
    ...(careTeamOnly !== undefined && { careTeamOnly }),
  }
}

/** Who each account is, as the launch builder says it. */
const roles: Readonly<Record<string, SandboxRole>> = {
  'dr.lin': 'physician',
  'nurse.okafor': 'nurse',
  'patient.amara': 'patient',
  'parent.diego': 'parent',
  admin: 'administrator',
}

/** The accounts with the records behind them, for the launch builder and the welcome page. */
export function sandboxOf({ resources, accounts }: People): Sandbox {
  const named = new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, personName(one)]))
  const described = accounts.map(({ username, name, fhirUser, records }) => ({
    username,
    name,
    role: roles[username] ?? 'administrator',
    records: [...new Set([...(fhirUser === undefined ? [] : [fhirUser]), ...records])].map((reference) => {
      const known = named.get(reference)
      return known === undefined ? { reference } : { reference, name: known }
    }),
  }))
  const clinic = resources.find(({ resourceType }) => resourceType === 'Organization')
  return { accounts: described, password: sandboxPassword, tenant: clinic?.id ?? 'sandbox' }
}

/** What the sign-in page of a sandbox tells. */
export function sandboxHelp({ accounts, password }: Sandbox): SandboxHelp {
  return {
    password,
    accounts: accounts.map(({ username, name, role }) => ({
      username,
      about: (locale) => `${name} · ${messages(locale).launcher.roles[role]}`,
    })),
  }
}
