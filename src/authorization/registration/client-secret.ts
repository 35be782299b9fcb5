/** The secrets of an app: made when it needs one, kept as hashes, replaced with an overlap. */
import type { Client, ClientSecret } from '../client.ts'
import { hashSecret, type Ids, isSecretOf } from '../secrets.ts'

/** A new secret, not yet anybody's. */
export interface FreshSecret {
  readonly text: string
  readonly kept: ClientSecret
}

/** Makes a secret; times are in milliseconds since 1970. */
export function newSecret(ids: Ids, now: number): FreshSecret {
  const text = ids.secret()
  return { text, kept: { hash: hashSecret(text), createdAt: now } }
}

/** Whether the app proves itself by a secret. */
export function hasSecret({ authMethod }: Pick<Client, 'authMethod'>): boolean {
  return authMethod === 'client_secret_basic' || authMethod === 'client_secret_post'
}

/** Whether it is a secret of the app that still works. */
export function isSecretOfApp({ secrets = [] }: Client, secret: string, now: number): boolean {
  return secrets.filter(({ hash, endsAt = Infinity }) => isSecretOf(secret, hash) && endsAt > now).length > 0
}

/** An app that has become another: it keeps its secrets while it needs one, gets `fresh` when it has none, loses them otherwise. */
export function secretsAfter(
  before: Client | undefined,
  after: Client,
  fresh: FreshSecret,
): { readonly client: Client; readonly secret?: string } {
  const { secrets: _, ...rest } = after
  if (!hasSecret(after)) return { client: rest }
  const kept = before !== undefined && hasSecret(before) ? (before.secrets ?? []) : []
  return kept.length > 0
    ? { client: { ...rest, secrets: kept } }
    : { client: { ...rest, secrets: [fresh.kept] }, secret: fresh.text }
}

/** The app with `fresh` as its secret, the ones before ending after `overlap` milliseconds; nothing when it has none. */
export function rotatedSecret(client: Client, fresh: FreshSecret, overlap: number): Client | undefined {
  if (!hasSecret(client)) return undefined
  const now = fresh.kept.createdAt
  const old = (client.secrets ?? []).map((secret) => ({
    ...secret,
    endsAt: Math.min(secret.endsAt ?? Infinity, now + overlap),
  }))
  return { ...client, secrets: [fresh.kept, ...old.filter(({ endsAt }) => endsAt > now)] }
}
