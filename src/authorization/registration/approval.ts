// What an app may be given without an administrator's word, and which changes need that word again. ADR 0022; RFC 7591 §5, RFC 7592 §2.2.
import { coversScope, parseGrant } from '../../smart/grant.ts'
import type { Client } from '../client.ts'
import { houseScopesOf } from './house-scopes.ts'
import type { WaitReason } from './ports.ts'

/** What somebody has vouched for before the app came: the sandbox, an initial access token, a statement's issuer, a trusted host. */
export interface Allowance {
  /** The most it may ask for. */
  readonly scope: string
  /** Whether it may act for itself (`client_credentials`). */
  readonly backend: boolean
}

/** All but rights on this server itself, which nobody can vouch for beforehand. */
export const everyRecord: Allowance = {
  scope:
    'launch openid fhirUser profile offline_access online_access patient/*.cruds user/*.cruds system/*.cruds',
  backend: true,
}

/** Why an administrator has to look at the app first; nothing when it may be used at once. */
export function reasonsToWait(client: Client, allowance: Allowance | undefined): WaitReason[] {
  const isBackend = client.grantTypes.includes('client_credentials')
  const reasons: readonly (WaitReason | false)[] = [
    !allowance && 'approval',
    allowance !== undefined && !isWithin(client.scope, allowance.scope) && 'scope',
    isBackend && !allowance?.backend && 'backend',
    houseScopesOf(client.scope).length > 0 && 'house',
  ]
  return reasons.filter((reason) => reason !== false)
}

/** What another may not say in an approved app's name: where it sends people, what it asks, how it proves itself, what it is called. */
export function isOtherThanApproved(before: Client, after: Client): boolean {
  return (
    added(after.redirectUris, before.redirectUris) ||
    added(after.postLogoutRedirectUris ?? [], before.postLogoutRedirectUris ?? []) ||
    added(after.grantTypes, before.grantTypes) ||
    added(houseScopesOf(after.scope), houseScopesOf(before.scope)) ||
    !isWithin(after.scope, before.scope) ||
    (after.authMethod === 'none' && before.authMethod !== 'none') ||
    shownMembers.some((member) => after[member] !== undefined && after[member] !== before[member])
  )
}

/** Why an approved app that has become another waits again; nothing of why it may have waited before. */
export function reasonsOfChange(before: Client, after: Client): WaitReason[] {
  const isNew = (has: (client: Client) => boolean) => has(after) && !has(before)
  const reasons: readonly (WaitReason | false)[] = [
    'changed',
    !isWithin(after.scope, before.scope) && 'scope',
    isNew(({ grantTypes }) => grantTypes.includes('client_credentials')) && 'backend',
    added(houseScopesOf(after.scope), houseScopesOf(before.scope)) && 'house',
  ]
  return reasons.filter((reason) => reason !== false)
}

/** The app after a change: the house's trust was in what it was, and what has become another does not have it. */
export function withTrustLeft(after: Client, isOther: boolean): Client {
  if (!isOther) return after
  const { preApproved: _, smart1: __, resourceServer: ___, ...rest } = after
  return rest
}

/** Whether an administrator has said no: nothing that the app says of itself takes that back. */
export function isRuledOut({ disabled, approval }: Client): boolean {
  return disabled === true && approval !== 'waiting'
}

/** Whether an administrator has yet to decide: what they read is what they decide about, so it stays as it is until then. */
export function isWaiting({ approval }: Client): boolean {
  return approval === 'waiting'
}

/** What people are shown, and where they are sent to. */
const shownMembers = ['name', 'launchUri', 'logoUri', 'clientUri', 'policyUri', 'tosUri'] as const

function added(now: readonly string[], then: readonly string[]): boolean {
  return now.some((one) => !then.includes(one))
}

/**
 * Context scopes open no record of themselves, so whoever may ask for `launch` may ask for each; and no right to a record
 * hangs on scopes that SMART does not define. Those of the house have a reason of their own.
 */
function isWithin(scope: string, most: string): boolean {
  const { scopes } = parseGrant(most)
  return parseGrant(scope).scopes.every(
    (one) => one.kind === 'context' || one.kind === 'extension' || coversScope(scopes, one),
  )
}
