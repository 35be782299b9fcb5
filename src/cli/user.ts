import { readFileSync } from 'node:fs'
import type { Actor } from '../audit/actor.ts'
import { trailRules } from '../audit/chain.ts'
import { administered } from '../audit/event.ts'
import { randomIds } from '../authorization/secrets.ts'
import { ConfigError } from '../config.ts'
import type { Account, Role } from '../identity/account.ts'
import { type AccountRegistry, createAccountRegistry } from '../identity/account-registry.ts'
import { hashPassword } from '../identity/passwords.ts'
import { type PasswordFault, passwordFault, shortestPassword } from '../identity/security/password-rule.ts'
import { decisionRecordsOver } from '../server/decision-records.ts'
import { createAccountChanges } from '../store/account-changes.ts'
import { createAccountStore } from '../store/accounts.ts'
import { createRecording } from '../store/audit.ts'
import type { Sql } from '../store/sql.ts'
import { type Action, commandOf, type Given, operator, print, printRows, wordsOf } from './actions.ts'

type Registry = AccountRegistry<Actor>

const roles: readonly Role[] = ['clinician', 'patient', 'admin']
/** What its owner could not choose either. */
const faults: Readonly<Record<PasswordFault, string>> = {
  short: `a password of at least ${shortestPassword(false)} characters is expected`,
  long: 'a password has 1024 characters at most',
  name: 'a password that is more than the user name is expected',
  common: 'this is one of the passwords that are tried first: choose another',
}

const list: Action<Registry> = {
  takes: '',
  flags: { json: 'boolean' },
  async run(registry, given) {
    printRows(
      (await registry.list()).map(told),
      ['username', 'name', 'roles', 'disabled'],
      given.isSet('json'),
    )
  },
}

const show: Action<Registry> = {
  takes: 'NAME',
  flags: { json: 'boolean' },
  async run(registry, given) {
    print(told(await existing(registry, given)))
  },
}

/** Without a password file a password is made and told, once. */
const add: Action<Registry> = {
  takes: 'NAME',
  flags: {
    name: 'string',
    role: 'string',
    record: 'string',
    'fhir-user': 'string',
    'password-file': 'string',
    json: 'boolean',
  },
  begins: true,
  async run(registry, given) {
    const [username = ''] = given.args
    const password = passwordOf(given, username)
    const fhirUser = given.text('fhir-user')
    const account = await registry.add(
      {
        username,
        name: given.text('name') ?? username,
        roles: rolesOf(given),
        records: wordsOf(given.text('record')) ?? [],
        ...(fhirUser !== undefined && { fhirUser }),
        passwordHash: await hashPassword(password.text),
      },
      operator(),
    )
    print({ ...told(account), ...(password.isMade && { password: password.text }) })
  },
}

/** For who has lost theirs; a password file as with `add`. */
const setPassword: Action<Registry> = {
  takes: 'NAME',
  flags: { 'password-file': 'string', json: 'boolean' },
  async run(registry, given) {
    const account = await existing(registry, given)
    // It would outlive what the provider says of the person.
    if (account.passwordHash === undefined)
      throw new Error(`user ${account.username}: has no password here, and signs in at an identity provider`)
    const { text, isMade } = passwordOf(given, account.username)
    const changed = await registry.setPassword(account.id, await hashPassword(text), operator())
    print({ ...told(changed ?? account), ...(isMade && { password: text }) })
  },
}

/** For who has lost phone and recovery codes, wherever their first factor is. */
const removeSecondFactors: Action<Registry> = {
  takes: 'NAME',
  flags: { json: 'boolean' },
  async run(registry, given) {
    const account = await existing(registry, given)
    print(told((await registry.removeSecondFactors(account.id, operator())) ?? account))
  },
}

/** Adds records to those that are the person's; with `--unlink` takes them away. */
const link: Action<Registry> = {
  takes: 'NAME [REFERENCE]',
  flags: { 'fhir-user': 'string', unlink: 'boolean', json: 'boolean' },
  async run(registry, given) {
    const account = await existing(registry, given)
    const named = given.args.slice(1)
    if (named.length === 0 && given.text('fhir-user') === undefined) {
      throw new ConfigError('user link', 'a reference such as Patient/123 is expected, or --fhir-user')
    }
    const changed = await registry.link(
      account.id,
      (before) => {
        const fhirUser = given.text('fhir-user') ?? before.fhirUser
        const others = before.records.filter((record) => !named.includes(record))
        const records = given.isSet('unlink') ? others : [...others, ...named]
        return { records, ...(fhirUser && { fhirUser }) }
      },
      operator(),
    )
    print(told(changed ?? account))
  },
}

function setting(disabled: boolean): Action<Registry> {
  return {
    takes: 'NAME',
    flags: { json: 'boolean' },
    async run(registry, given) {
      const { id } = await existing(registry, given)
      print(told((await registry.setDisabled(id, disabled, operator())) ?? (await existing(registry, given))))
    },
  }
}

async function existing(registry: Registry, { args: [name = ''] }: Given): Promise<Account> {
  const found =
    (await registry.find(name)) ?? (await registry.list()).find(({ username }) => username === name)
  if (!found) throw new Error(`user ${name}: there is no such account`)
  return found
}

function rolesOf(given: Given): Role[] {
  const words = wordsOf(given.text('role')) ?? []
  const unknown = words.find((word) => !roles.includes(word as Role))
  if (words.length === 0 || unknown !== undefined)
    throw new ConfigError('--role', `one of ${roles.join(', ')} is expected`)
  return words as Role[]
}

function passwordOf(given: Given, username: string): { text: string; isMade: boolean } {
  const file = given.text('password-file')
  if (file === undefined) return { text: randomIds.secret(), isMade: true }
  const text = passwordIn(file)
  const fault = passwordFault(text, { username, isSandbox: false })
  if (fault) throw new ConfigError('--password-file', faults[fault])
  return { text, isMade: false }
}

function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new ConfigError('--password-file', error instanceof Error ? error.message : String(error))
  }
}

function told(account: Account) {
  const { id, username, name, roles, fhirUser, records, disabled, passwordHash } = account
  return {
    id,
    username,
    name,
    roles,
    ...(fhirUser !== undefined && { fhir_user: fhirUser }),
    records,
    disabled,
    has_password: passwordHash !== undefined,
  }
}

/** `user add`, `list`, `show`, `link`, `set-password`, `remove-second-factors`, `disable`, `enable`: the people who can sign in. */
export const user = commandOf(
  'user',
  {
    list,
    show,
    add,
    link,
    'set-password': setPassword,
    'remove-second-factors': removeSecondFactors,
    disable: setting(true),
    enable: setting(false),
  },
  registryOf,
)

function registryOf(sql: Sql): Registry {
  return createAccountRegistry<Actor>({
    accounts: createAccountStore(sql),
    changes: createAccountChanges(sql, createRecording(trailRules), decisionRecordsOver(sql, Date.now)),
    told: (by, { act, id, detail }) => administered(by, act, { kind: 'account', id }, detail),
    now: Date.now,
  })
}
