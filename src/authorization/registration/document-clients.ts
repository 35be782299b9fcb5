// Apps whose client_id is the address of their metadata document stand beside those that registered: asked for when they
// come, kept as long as their author says within bounds, and judged like any other. ADR 0022.
import { administered, clientRegistered } from '../../audit/event.ts'
import type { Outbound } from '../../http/outbound.ts'
import type { Client } from '../client.ts'
import type { ClientMetadata } from '../client-metadata.ts'
import { createMemory } from '../memory.ts'
import type { ClientStore } from '../ports.ts'
import {
  type Allowance,
  isOtherThanApproved,
  isRuledOut,
  isWaiting,
  reasonsOfChange,
  reasonsToWait,
  withTrustLeft,
} from './approval.ts'
import { documentHostOf, isDocumentId, problemOfDocumentId } from './client-document.ts'
import { createDocumentFetch, type Fetched } from './fetch-document.ts'
import { changedMembers, clientOf, withMetadata } from './metadata-members.ts'
import type { RegisteredApp, RegistrationStore, WaitReason } from './ports.ts'

/** Which documents are believed how far. */
export interface DocumentRules {
  /** What any document is enough for: the sandbox's rule. */
  readonly open?: Allowance
  /** Whether a document may stand at a plain address of this machine; default no. */
  readonly allowsLoopback?: boolean
  /** Hosts (with a port, if it is not the usual one) whose apps no administrator has to look at. */
  readonly trust: readonly string[]
  /** The most that an app of a trusted host may ask for. */
  readonly trustedScope: string
}

interface DocumentDeps {
  readonly clients: ClientStore
  readonly registrations: RegistrationStore
  readonly documents: DocumentRules | undefined
  readonly registration: { readonly mostWaiting: number }
  readonly outbound: Pick<Outbound, 'get'>
  readonly now: () => number
  readonly changed: () => void
}

const HOUR = 60 * 60 * 1000
/** While its server is away, a document is believed for so long beyond its time. */
const GRACE = 1 * HOUR
/** What went wrong is told to whoever asks right after; it is believed by nobody. */
const TOLD_FOR = 10 * 1000
const mostProblems = 1000

/** The apps of a store, and those of documents. */
export function withDocuments(deps: DocumentDeps): ClientStore {
  const { clients, documents, now } = deps
  const fetch = createDocumentFetch(deps.outbound)
  const onRecord = appsOnRecord(clients, documents)
  const problems = createMemory<string>(mostProblems)

  const asking = new Map<string, Promise<Client | undefined>>()

  async function findDocument(id: string, rules: DocumentRules): Promise<Client | undefined> {
    const problem = problemOfDocumentId(id, rules.allowsLoopback === true)
    if (problem !== undefined) return noted(id, `The parameter client_id is an address: ${problem}.`)
    const known = await deps.registrations.find(id)
    if (known && isSettled(known)) return known.client
    const asked = asking.get(id) ?? ask(id, rules).finally(() => asking.delete(id))
    asking.set(id, asked)
    return asked
  }

  async function ask(id: string, rules: DocumentRules): Promise<Client | undefined> {
    // Whoever was asking while this one looked has put down the answer.
    const known = await deps.registrations.find(id)
    if (known && isSettled(known)) return known.client
    const fetched = await fetch(id)
    if ('metadata' in fetched) return (await keep(id, fetched, rules, deps)) ?? full(id)
    // An administrator may have decided, or another fetch may have come back, while this one was waited for.
    const last = 'away' in fetched ? await deps.registrations.find(id) : undefined
    if (last && (last.registration.document?.freshUntil ?? 0) + GRACE > now()) return last.client
    return noted(
      id,
      `The document at the address in client_id ${'wrong' in fetched ? fetched.wrong : fetched.away}.`,
    )
  }

  /** An app whose document is fresh, or about which an administrator decides or has said no: that is not asked about again. */
  function isSettled({ client, registration }: RegisteredApp): boolean {
    return isOnHold(client) || (registration.document?.freshUntil ?? 0) > now()
  }

  function noted(id: string, problem: string): undefined {
    problems.set(id.slice(0, 300), problem, now() + TOLD_FOR)
  }

  const full = (id: string) => noted(id, 'Too many apps wait for approval. Try again later.')

  return {
    ...clients,
    async find(id) {
      if (!isDocumentId(id)) return clients.find(id)
      return documents ? findDocument(id, documents) : onRecord.find(id)
    },
    problemOf: (id) => problems.get(id.slice(0, 300), now()),
  }
}

/** Whether an app is one of documents, and documents are off: it counts as disabled, and so does everything it holds. */
export function isSwitchedOff(clientId: string, documents: DocumentRules | undefined): boolean {
  return documents === undefined && isDocumentId(clientId)
}

/** The apps as they are on record, without asking anybody for a document; those of documents are disabled where documents are off. */
export function appsOnRecord(
  clients: Pick<ClientStore, 'find' | 'list' | 'hasOrigin'>,
  documents: DocumentRules | undefined,
): Pick<ClientStore, 'find' | 'list' | 'hasOrigin'> {
  const ruled = (client: Client): Client =>
    isSwitchedOff(client.id, documents) ? { ...client, disabled: true } : client
  return {
    async find(id) {
      const found = await clients.find(id)
      return found && ruled(found)
    },
    list: async () => (await clients.list()).map(ruled),
    // A disabled app's pages may read nothing.
    hasOrigin: (origin) => clients.hasOrigin(origin, documents ? 'any' : 'registered'),
  }
}

/** What an administrator reads, or has refused, is not replaced by what its address says meanwhile. */
function isOnHold(client: Client): boolean {
  return isRuledOut(client) || isWaiting(client)
}

type Good = Extract<Fetched, { readonly metadata: ClientMetadata }>

/** Puts down what the document says; nothing when there is no room for one more that waits. */
async function keep(
  id: string,
  { metadata, keptFor }: Good,
  rules: DocumentRules,
  deps: DocumentDeps,
): Promise<Client | undefined> {
  const { registrations, now } = deps
  const document = { fetchedAt: now(), freshUntil: now() + keptFor }
  const known = await registrations.find(id)
  if (!known) return addNew(id, metadata, document, rules, deps)
  const next = withMetadata(known.client, metadata)
  if (changedMembers(known.client, next).length === 0) {
    await registrations.keepFresh(id, document)
    return known.client
  }
  const changed = await registrations.change(id, now(), ({ client, registration }) => {
    // An administrator may have said no, or may be reading another, while the document was on its way.
    if (isOnHold(client)) return undefined
    const said = withMetadata(client, metadata)
    const isOther = isOtherThanApproved(client, said)
    const after = withTrustLeft(said, isOther)
    const detail = changedMembers(client, after).join(' ')
    return {
      app: judged(
        { client: after, registration: { ...registration, document } },
        isOther ? reasonsToWaitAgain(client, after, rules) : [],
      ),
      told: administered({ client: id }, 'app-changed', { kind: 'app', id }, detail),
    }
  })
  if (changed) deps.changed()
  return changed?.client ?? (await registrations.find(id))?.client
}

async function addNew(
  id: string,
  metadata: ClientMetadata,
  document: { readonly fetchedAt: number; readonly freshUntil: number },
  rules: DocumentRules,
  { registrations, registration, now }: DocumentDeps,
): Promise<Client | undefined> {
  const client = clientOf(metadata, { id, createdAt: now() })
  const reasons = reasonsToWait(client, allowanceFor(client, rules))
  const app = judged({ client, registration: { origin: 'document', document } }, reasons)
  const added = await registrations.addIfAbsent(app, clientRegistered({ client: id }), now(), registration)
  if (added === 'full') return undefined
  // Another node may have been faster: then its word is as good.
  return added === 'known' ? (await registrations.find(id))?.client : app.client
}

function allowanceFor(client: Client, { open, trust, trustedScope }: DocumentRules): Allowance | undefined {
  if (open) return open
  return trust.includes(documentHostOf(client) ?? '') ? { scope: trustedScope, backend: false } : undefined
}

function reasonsToWaitAgain(before: Client, after: Client, rules: DocumentRules): WaitReason[] {
  const allowance = allowanceFor(after, rules)
  return allowance ? reasonsToWait(after, allowance) : reasonsOfChange(before, after)
}

function judged({ client, registration }: RegisteredApp, waitsFor: readonly WaitReason[]): RegisteredApp {
  const { waitsFor: _, ...known } = registration
  const waits = waitsFor.length > 0
  return {
    client: { ...client, ...(waits && { disabled: true, approval: 'waiting' as const }) },
    registration: { ...known, ...(waits && { waitsFor }) },
  }
}
