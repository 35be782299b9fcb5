/** What a sandbox is furnished with: synthetic patients on its first start, its accounts, and the sample apps. */
import type { Sandbox, SandboxRole } from '../ehr/deps.ts'
import { personName } from '../ehr/fhir/person.ts'
import type { Account } from '../identity/account.ts'
import { hashPassword } from '../identity/passwords.ts'
import type { AccountStore } from '../identity/ports.ts'
import type { SandboxHelp } from '../identity/sign-in-page.ts'
import type { Repository } from '../resource/repository.ts'
import type { Resource } from '../smart/resource.ts'
import { CLINIC } from '../synthetic/clinic.ts'
import { SANDBOX_ACCOUNTS, type SandboxAccount } from '../synthetic/sandbox/accounts.ts'
import { messages } from '../ui/messages.ts'

/** The one password of all sandbox accounts. */
export const sandboxPassword = 'sandbox'

const generatedPatients = 40
const seed = 1

export interface SandboxDeps {
  /** The day, `YYYY-MM-DD`, on which the people are as old as they are. */
  readonly asOf: string
  readonly repository: Repository
  readonly accounts: AccountStore
  /** Tells the person who waits for the first start. */
  readonly tell: (sentence: string) => void
}

/** Puts in what is missing; what is there stays as it is, so that a restart changes nothing. */
export async function furnishSandbox(deps: SandboxDeps): Promise<void> {
  if (!(await deps.repository.read('Patient', 'amara'))) {
    deps.tell('First start: making synthetic patients …')
    const { Patient: patients = 0 } = await deps.repository.counts()
    // One transaction: a start that is interrupted leaves nothing half furnished.
    await deps.repository.putAll(await imaginePeople(deps.asOf, patients === 0))
  }
  await Promise.all(SANDBOX_ACCOUNTS.map((account) => addAccount(account, deps.accounts)))
}

/** What imagines them is loaded for it: once in the life of a store. */
async function imaginePeople(asOf: string, withOthers: boolean): Promise<Resource[]> {
  const { generate, sandboxPeople } = await import('../synthetic/index.ts')
  const others = withOthers ? [...generate({ patients: generatedPatients, seed, asOf })].flat() : []
  return [...others, ...sandboxPeople(asOf).resources]
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

/** The accounts with the records behind them, for the launch builder and the welcome page; the names are those in the records. */
export async function sandboxOf(repository: Pick<Repository, 'read'>): Promise<Sandbox> {
  const accounts = await Promise.all(
    SANDBOX_ACCOUNTS.map(async ({ username, name, fhirUser, records }) => ({
      username,
      name,
      role: roles[username] ?? 'administrator',
      records: await Promise.all(
        [...new Set([...(fhirUser === undefined ? [] : [fhirUser]), ...records])].map(async (reference) => {
          const known = await nameIn(reference, repository)
          return known === undefined ? { reference } : { reference, name: known }
        }),
      ),
    })),
  )
  return { accounts, password: sandboxPassword, tenant: CLINIC.organization }
}

async function nameIn(reference: string, repository: Pick<Repository, 'read'>): Promise<string | undefined> {
  const [type = '', id = ''] = reference.split('/')
  const stored = await repository.read(type, id)
  return stored?.resource && personName(stored.resource)
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
