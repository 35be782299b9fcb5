/** What a sandbox is furnished with: synthetic patients on its first start, its accounts, and the sample apps. */
import type { Account } from '../identity/account.ts'
import { hashPassword } from '../identity/passwords.ts'
import type { AccountStore } from '../identity/ports.ts'
import type { Repository } from '../resource/repository.ts'
import { generate, type SandboxAccount, sandboxPeople } from '../synthetic/index.ts'

/** The one password of all sandbox accounts. */
export const sandboxPassword = 'sandbox'

const generatedPatients = 40
const seed = 1

export interface SandboxDeps {
  readonly repository: Repository
  readonly accounts: AccountStore
  readonly now: () => number
  /** Tells the person who waits for the first start. */
  readonly tell: (sentence: string) => void
}

/** Puts in what is missing; what is there stays as it is, so that a restart changes nothing. */
export async function furnishSandbox(deps: SandboxDeps): Promise<void> {
  const asOf = new Date(deps.now()).toISOString().slice(0, 10)
  const { resources, accounts } = sandboxPeople(asOf)
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
