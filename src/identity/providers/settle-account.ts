/**
 * Whose account it is that comes from a provider: that of the identity (issuer and subject) and of nothing else. An
 * e-mail address or a name never leads to an account that is there. @see docs/adr/0027, OpenID Connect Core 1.0 §5.7
 */
import { claimsApplied, identityLinked } from '../../audit/event.ts'
import type { HttpRequest } from '../../http/route.ts'
import { type Account, normalUsername } from '../account.ts'
import { actorOf, type ProviderDeps } from './deps.ts'
import { type FoundRecords, findRecords } from './find-records.ts'
import type { Identity, ManagedMembers, Person } from './identity.ts'
import type { Obstacle } from './ports.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'
import { hash } from './secrets.ts'

/** The account of a person who may sign in; nothing for a newcomer whom an activation code may let in. */
export async function settleAccount(
  deps: ProviderDeps,
  provider: Provider,
  person: Person,
  request: HttpRequest,
): Promise<Account | undefined> {
  const identity = await deps.identities.find(person.issuer, person.subject)
  if (identity) return returning(deps, provider, person, identity, request)
  if (person.roles.length === 0) throw new Refusal('not-admitted', 'the claims confer no role')
  if (provider.firstSignIn === 'refuse') throw new Refusal('unknown', 'the identity is not linked')
  if (provider.firstSignIn === 'invitation') return undefined
  const found = await findRecords(person, deps.records)
  if (person.roles.includes('clinician') && found.practitioner === undefined)
    throw new Refusal('unknown', 'no practitioner is found')
  if (person.roles.includes('patient') && found.patient === undefined) return undefined
  return openAccount(deps, provider, person, found, request)
}

/** Somebody who was here before: their account, with what the claims say today where the account follows them. */
async function returning(
  deps: ProviderDeps,
  provider: Provider,
  person: Person,
  identity: Identity,
  request: HttpRequest,
): Promise<Account> {
  const account = await deps.accounts.find(identity.accountId)
  if (!account || account.disabled) throw new Refusal('disabled', `account ${identity.accountId} is disabled`)
  const current = identity.manages ? await follow(deps, provider, person, account, request) : account
  checkRoles(current, provider, person)
  return current
}

/** An identity opens no account that is more than its provider may make of anybody, or has just taken back. */
export function checkRoles(account: Account, provider: Provider, person: Person): void {
  if (person.roles.length === 0) throw new Refusal('not-admitted', 'the claims confer no role any more')
  const more = account.roles.filter((role) => !provider.roles.includes(role))
  if (more.length > 0) throw new Refusal('not-admitted', `the provider may not confer ${more.join(', ')}`)
}

async function follow(
  deps: ProviderDeps,
  provider: Provider,
  person: Person,
  account: Account,
  request: HttpRequest,
): Promise<Account> {
  const members = await followed(deps, provider, person, account)
  if (isSame(account, members)) return account
  const told = claimsApplied(actorOf(request, account), provider.id)
  const obstacle = await deps.identities.follow(account.id, members, told, deps.now())
  if (obstacle) throw new Refusal('has-account', `claims not applied: ${obstacle}`)
  const { fhirUser: _, careTeamOnly: __, ...rest } = account
  return { ...rest, ...members }
}

/**
 * A clinician's record follows the claims; a patient's was found once, and a new name does not undo that. What an
 * administrator has linked besides stays as long as the person is who they were.
 */
async function followed(
  deps: ProviderDeps,
  provider: Provider,
  person: Person,
  account: Account,
): Promise<ManagedMembers> {
  const found = await findRecords({ ...person, demographics: undefined }, deps.records)
  const { fhirUser, practitioner } = provider.claims
  const isNamed = fhirUser !== undefined || practitioner !== undefined
  if (person.roles.includes('clinician') && isNamed && found.practitioner === undefined)
    throw new Refusal('unknown', 'no practitioner is found any more')
  const { own, linked } = recordsAfter(account.records, found)
  // Apps may know the person by one that an administrator has linked.
  const known = linked.find((reference) => reference === account.fhirUser) ?? own[0]
  return membersOf(person, [...own, ...linked], known, account.name)
}

/** The records of an account whose claims name these now: those that claims can name, and what is linked besides. */
function recordsAfter(before: readonly string[], { practitioner, patient }: FoundRecords) {
  const of = (...types: readonly string[]) =>
    before.filter((reference) => types.includes(reference.slice(0, reference.indexOf('/'))))
  const has = (reference: string) => before.includes(reference)
  const isPatient = patient === undefined || has(patient)
  const isClinician = practitioner !== undefined && has(practitioner)
  const isOtherClinician = practitioner !== undefined && !isClinician && of('Practitioner').length > 0
  const patients = isPatient ? of('Patient') : [patient]
  const own = [...(practitioner === undefined ? [] : [practitioner]), ...patients]
  const posts = isClinician ? of('PractitionerRole') : []
  const ties = isPatient && !isOtherClinician ? of('RelatedPerson', 'Person') : []
  return { own, linked: [...posts, ...ties] }
}

function membersOf(
  person: Person,
  records: readonly string[],
  fhirUser: string | undefined,
  otherName: string,
): ManagedMembers {
  return {
    name: person.name ?? otherName,
    roles: person.roles,
    records,
    ...(fhirUser !== undefined && { fhirUser }),
    ...(person.careTeamOnly && { careTeamOnly: true }),
  }
}

function isSame(account: Account, members: ManagedMembers): boolean {
  const text = ({ name, roles, records, fhirUser = '', careTeamOnly = false }: ManagedMembers) =>
    JSON.stringify([name, roles, records, fhirUser, careTeamOnly])
  return text(account) === text(members)
}

/**
 * Opens the account of a newcomer whose records were found, or whom an activation code lets in; nothing when the code is over
 * by then: what was right of it is not told.
 */
export async function openAccount(
  deps: ProviderDeps,
  provider: Provider,
  person: Person,
  found: FoundRecords,
  request: HttpRequest,
  invitation?: string,
): Promise<Account | undefined> {
  const id = deps.ids.id('user_')
  const { own } = recordsAfter([], found)
  const members = membersOf(person, own, own[0], person.label)
  const patient = found.patient?.slice('Patient/'.length)
  const told = identityLinked(
    { ...actorOf(request), user: id, ...(members.fhirUser !== undefined && { fhirUser: members.fhirUser }) },
    provider.id,
    patient,
  )
  const { issuer, subject, label } = person
  const identity = { issuer, subject, label, accountId: id, manages: true, linkedAt: deps.now() }
  for (const username of usernamesFor(person, provider)) {
    const account = { ...members, id, username, disabled: false }
    const obstacle = await deps.identities.open(account, identity, told, deps.now(), invitation)
    if (!obstacle) return account
    if (obstacle === 'invitation-over') return undefined
    if (obstacle !== 'username-taken') throw new Refusal(kindOf(obstacle), `not opened: ${obstacle}`)
  }
  throw new Refusal('has-account', 'no user name is free')
}

/** With the provider before it, a name of elsewhere is never one of ours. */
function usernamesFor({ username, subject }: Person, { id }: Provider): string[] {
  const short = `${id}/${hash(subject).slice(0, 16).toLowerCase()}`
  const wished = username === undefined ? '' : normalUsername(username).replaceAll(/\s+/g, '-')
  return wished === '' ? [short] : [`${id}/${wished}`, short]
}

function kindOf(obstacle: Obstacle) {
  return obstacle === 'record-taken' ? 'has-account' : 'linked-elsewhere'
}
