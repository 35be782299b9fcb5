/** What an administrator read of an app, as one text: a decision that carries it is on that, and on nothing that came since. ADR 0022. */
import { hash } from 'node:crypto'
import { statusOf } from './answer.ts'
import { metadataOf } from './metadata-members.ts'
import type { RegisteredApp } from './ports.ts'

/** The app is another than the one that was read; nothing was done to it. */
export class ChangedMeanwhile extends Error {
  constructor(id: string) {
    super(`app ${id}: has changed since you read it, nothing was done; look at it again`)
    this.name = 'ChangedMeanwhile'
  }
}

/**
 * SHA-256 in hexadecimal over all that is decided about: what the app is, how it came to be here, its state and the trust
 * that it has. Secrets and when a document was last fetched are no part of it: they come and go, and the app is the same.
 */
export function versionOf({ client, registration }: RegisteredApp): string {
  const { origin, waitsFor, initialToken, statement } = registration
  const decidedAbout = {
    id: client.id,
    createdAt: client.createdAt,
    metadata: metadataOf(client),
    status: statusOf(client),
    preApproved: client.preApproved === true,
    smart1: client.smart1 === true,
    resourceServer: client.resourceServer === true,
    origin,
    waitsFor,
    initialToken,
    statement,
  }
  return hash('sha256', JSON.stringify(decidedAbout, inOrder), 'hex')
}

/** Members of an object stand in the order of their names: how a store gave them back says nothing. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
}
