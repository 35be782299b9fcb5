/**
 * What an administrator does to accounts: add, link to FHIR records, disable, enable. Each is put on record before it is
 * done; disabling ends the person's sessions, and everything apps hold for them ends with the account, for good.
 */
import { parseReference } from '../smart/ids.ts'
import { type Account, normalUsername, type Role } from './account.ts'
import type { AccountStore, SessionStore } from './ports.ts'

/** What happened, for the audit trail. */
export interface AccountAct {
  readonly act: 'account-added' | 'account-changed' | 'account-disabled' | 'account-enabled'
  readonly id: string
  readonly detail?: string
}

export interface AccountRegistryDeps<By> {
  readonly accounts: AccountStore
  readonly sessions: Pick<SessionStore, 'removeOf'>
  /** Rejects when it cannot be written; then nothing is done. */
  readonly record: (by: By, act: AccountAct) => Promise<void>
}

/** A new account, as an administrator describes it. */
export interface NewAccount {
  readonly username: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly records: readonly string[]
  readonly fhirUser?: string
  readonly passwordHash?: string
}

/** Which FHIR records a person is, and as which of them apps know the person. */
export interface Links {
  readonly records: readonly string[]
  readonly fhirUser?: string
}

/** Why an account cannot be what was asked; the text is for the administrator. */
export class AccountProblem extends Error {
  constructor(text: string) {
    super(text)
    this.name = 'AccountProblem'
  }
}

export interface AccountRegistry<By> {
  list(): Promise<Account[]>
  find(id: string): Promise<Account | undefined>
  /** Throws {@link AccountProblem}. */
  add(account: NewAccount, by: By): Promise<Account>
  /** Replaces the links; nothing when there is no such account. Throws {@link AccountProblem}. */
  link(id: string, links: Links, by: By): Promise<Account | undefined>
  /** Nothing when there is no such account. */
  setDisabled(id: string, disabled: boolean, by: By): Promise<Account | undefined>
}

const longest = 200
const mostRecords = 50
const username = /^[a-z0-9][a-z0-9._@+-]{0,99}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/
const people = ['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Person']

/** The registry over its stores. */
export function createAccountRegistry<By>(deps: AccountRegistryDeps<By>): AccountRegistry<By> {
  const { accounts, sessions, record } = deps
  return {
    list: () => accounts.list(),
    find: (id) => accounts.find(id),
    async add(described, by) {
      const account = accountOf(described)
      if (await accounts.findByUsername(account.username)) throw new AccountProblem('the user name is taken')
      await record(by, { act: 'account-added', id: account.id, detail: account.roles.join(' ') })
      if (!(await accounts.add(account))) throw new AccountProblem('the user name is taken')
      return account
    },
    async link(id, links, by) {
      checkLinks(links)
      const found = await accounts.find(id)
      if (!found) return undefined
      const { fhirUser: _, ...rest } = found
      const account = { ...rest, ...links }
      const detail = [links.fhirUser, ...links.records].filter((one) => one !== undefined).join(' ')
      await record(by, { act: 'account-changed', id, detail })
      return (await accounts.replace(account)) ? account : undefined
    },
    async setDisabled(id, disabled, by) {
      const found = await accounts.find(id)
      if (!found) return undefined
      const account = { ...found, disabled }
      await record(by, { act: disabled ? 'account-disabled' : 'account-enabled', id })
      if (!(await accounts.replace(account))) return undefined
      if (disabled) await sessions.removeOf(id)
      return account
    },
  }
}

function accountOf(described: NewAccount): Account {
  const name = described.name.trim()
  const normal = normalUsername(described.username)
  if (!username.test(normal)) {
    throw new AccountProblem(
      'a user name begins with a letter or a digit and has letters, digits and . _ @ + - only',
    )
  }
  if (name === '' || name.length > longest || control.test(name))
    throw new AccountProblem('the name is not acceptable')
  if (described.roles.length === 0) throw new AccountProblem('a role is needed: clinician, patient or admin')
  checkLinks(described)
  return {
    ...described,
    id: normal,
    username: normal,
    name,
    roles: [...new Set(described.roles)],
    disabled: false,
  }
}

function checkLinks({ records, fhirUser }: Links): void {
  if (records.length > mostRecords) throw new AccountProblem(`at most ${mostRecords} records`)
  for (const reference of records) checkReference(reference)
  if (fhirUser !== undefined) checkReference(fhirUser)
}

function checkReference(reference: string): void {
  const parsed = parseReference(reference)
  if (!parsed || !people.includes(parsed.type) || reference !== `${parsed.type}/${parsed.id}`) {
    throw new AccountProblem(
      `${reference.slice(0, longest)} is not a reference such as Patient/123 or Practitioner/456`,
    )
  }
}
