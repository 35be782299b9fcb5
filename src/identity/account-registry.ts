/**
 * What an administrator does to accounts: add, link to FHIR records, disable, enable, give another password. Each is one transaction with its
 * record; disabling ends the person's sessions, and everything apps hold for them ends with the account.
 */
import type { AuditEvent } from '../audit/event.ts'
import { parseReference } from '../smart/ids.ts'
import { type Account, type Links, normalUsername, type Role } from './account.ts'
import type { AccountChanges, AccountStore } from './ports.ts'

/** What happened, for the audit trail. */
export interface AccountAct {
  readonly act: 'account-added' | 'account-changed' | 'account-disabled' | 'account-enabled'
  readonly id: string
  readonly detail?: string
}

export interface AccountRegistryDeps<By> {
  readonly accounts: Pick<AccountStore, 'find' | 'list'>
  readonly changes: AccountChanges
  /** The record of an act: nothing is done without it. */
  readonly told: (by: By, act: AccountAct) => AuditEvent
  readonly now: () => number
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
  /** Gives it the links that `decide` makes of those it has; nothing when there is no such account. Throws {@link AccountProblem}. */
  link(id: string, decide: (before: Links) => Links, by: By): Promise<Account | undefined>
  /** Nothing when there is no such account. */
  setDisabled(id: string, disabled: boolean, by: By): Promise<Account | undefined>
  /** For who has lost theirs. Nothing when there is no such account. */
  setPassword(id: string, passwordHash: string, by: By): Promise<Account | undefined>
  /** For who has lost phone and recovery codes. Nothing when there is no such account. */
  removeSecondFactors(id: string, by: By): Promise<Account | undefined>
}

const longest = 200
const mostRecords = 50
const username = /^[a-z0-9][a-z0-9._@+-]{0,99}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
const control = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/
const people = ['Patient', 'Practitioner', 'PractitionerRole', 'RelatedPerson', 'Person']

/** The registry over its stores. */
export function createAccountRegistry<By>(deps: AccountRegistryDeps<By>): AccountRegistry<By> {
  const { accounts, changes, told, now } = deps
  return {
    list: () => accounts.list(),
    find: (id) => accounts.find(id),
    async add(described, by) {
      const account = accountOf(described)
      const event = told(by, { act: 'account-added', id: account.id, detail: account.roles.join(' ') })
      if (!(await changes.add(account, event, now()))) throw new AccountProblem('the user name is taken')
      return account
    },
    link: (id, decide, by) =>
      changes.relink(
        id,
        (before) => checkedLinks(decide(before)),
        (links) => told(by, { act: 'account-changed', id, detail: selvesOf(links).join(' ') }),
        now(),
      ),
    async setDisabled(id, disabled, by) {
      const event = told(by, { act: disabled ? 'account-disabled' : 'account-enabled', id })
      return changes.setDisabled(id, disabled, event, now())
    },
    async setPassword(id, passwordHash, by) {
      const event = told(by, { act: 'account-changed', id, detail: 'password' })
      return changes.setPassword(id, passwordHash, event, now())
    },
    async removeSecondFactors(id, by) {
      const event = told(by, { act: 'account-changed', id, detail: 'second factors removed' })
      return changes.removeSecondFactors(id, event, now())
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
  checkedLinks(described)
  return {
    ...described,
    id: normal,
    username: normal,
    name,
    roles: [...new Set(described.roles)],
    disabled: false,
  }
}

function checkedLinks(links: Links): Links {
  if (links.records.length > mostRecords) throw new AccountProblem(`at most ${mostRecords} records`)
  for (const reference of selvesOf(links)) checkReference(reference)
  return links
}

function selvesOf({ records, fhirUser }: Links): string[] {
  return [...(fhirUser === undefined ? [] : [fhirUser]), ...records]
}

function checkReference(reference: string): void {
  const parsed = parseReference(reference)
  if (!parsed || !people.includes(parsed.type) || reference !== `${parsed.type}/${parsed.id}`) {
    throw new AccountProblem(
      `${reference.slice(0, longest)} is not a reference such as Patient/123 or Practitioner/456`,
    )
  }
}
