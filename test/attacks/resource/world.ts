/** A small hospital to attack: the real resource server over a real store in memory, with the records of two patients. */

import { trailRules } from '../../../src/audit/chain.ts'
import type { AuditEvent } from '../../../src/audit/event.ts'
import type { KeptRecord } from '../../../src/audit/reader.ts'
import { type AuditRecord, type AuditStore, createTrail } from '../../../src/audit/trail.ts'
import { withAuditEvents } from '../../../src/resource/audit-events/repository.ts'
import { type BundleLimits, standardLimits } from '../../../src/resource/bundle/limits.ts'
import { createFhirApi, type FhirApi } from '../../../src/resource/index.ts'
import type { Labelling, VerifiedToken } from '../../../src/resource/ports.ts'
import type { Repository } from '../../../src/resource/repository.ts'
import type { Caller, FhirReply, FhirRequest } from '../../../src/resource/request.ts'
import { indexing } from '../../../src/resource/search/indexing.ts'
import type { Right } from '../../../src/smart/decision.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { letterOrder, parseScopes } from '../../../src/smart/scope.ts'
import type { Slice } from '../../../src/smart/slice.ts'
import { createAuditStore } from '../../../src/store/audit.ts'
import { createRecords } from '../../../src/store/records/records.ts'
import type { Sql } from '../../../src/store/sql.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { resourcesAtStart } from './records.ts'

export const base = 'https://ehr.example.org/fhir'

/** A clinician’s rights: everything. */
export const everything: readonly Right[] = [
  { letters: letterOrder, slice: { type: '*', compartments: [], filter: [] } },
]

/** No label decides on anything. */
const nobodysLabels: Labelling = {
  stakeOf: () => undefined,
  mayRelease: async () => false,
  mayTakeOff: async () => false,
}

/** A request, in short. */
export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A resource to send as JSON, or the text of a body. */
  readonly body?: object | string
  readonly contentType?: string
  /** Asks for the text of the reply in one piece, as an entry of a batch does. */
  readonly inOnePiece?: true
}

export interface World {
  readonly api: FhirApi
  readonly repository: Repository
  ask(caller: Caller, target: string, ask?: Ask): Promise<FhirReply>
  /** Everything on record so far. */
  trail(): Promise<KeptRecord[]>
  /** Puts something on record that happened elsewhere. */
  record(event: AuditEvent): Promise<void>
  /** What the log was told. */
  readonly faults: string[]
  /** Tokens that the routes accept. */
  readonly tokens: Map<string, VerifiedToken>
  /** Makes every later audit write fail. */
  breakAudit(): void
  /** Runs once, when what comes next is on record and not yet done. */
  afterNextRecord(run: () => Promise<unknown>): void
}

/** Makes the hospital anew, with these records; what one attack changes no other sees. */
export async function createWorld(
  records: readonly Resource[] = resourcesAtStart,
  labelling: Labelling = nobodysLabels,
  {
    searchTime,
    sql: given,
    ...limits
  }: Partial<BundleLimits> & { readonly searchTime?: number; readonly sql?: Sql } = {},
): Promise<World> {
  const sql = given ?? (await openEmpty())
  const faults: string[] = []
  const tokens = new Map<string, VerifiedToken>()
  let clock = Date.parse('2024-05-01T12:00:00Z')
  let lastId = 0
  const deps = { now: () => clock++, newId: () => `new-${++lastId}` }
  const repository = createRecords(sql, {
    indexing,
    ...deps,
    ...(searchTime !== undefined && { searchTime }),
  })
  await repository.putAll(records)
  const audit = breakable(createAuditStore(sql, trailRules))
  const trail = createTrail(audit.store, deps.now)
  const api = createFhirApi({
    repository: withAuditEvents(repository, {
      trail: audit.kept,
      names: { person: async () => undefined, app: async () => undefined },
      base,
    }),
    trail,
    base,
    verifier: { verify: async (token) => tokens.get(token) },
    rights: {
      of: async (user) => (user === 'gone' ? undefined : { rights: everything, withheld: [] }),
      ofClient: async () => ({ rights: [], withheld: [] }),
    },
    labelling,
    limits: { ...standardLimits, ...limits },
    log: { error: (_detail, text) => faults.push(text) },
    pageSecret: 'the secret of page links',
    version: '0.0.0',
    oauth: {
      authorize: 'https://ehr.example.org/oauth/authorize',
      token: 'https://ehr.example.org/oauth/token',
    },
    ...deps,
  })
  return {
    api,
    repository,
    faults,
    tokens,
    ask: (caller, target, ask = {}) => api.answer(requestOf(target, ask), caller),
    record: trail.record,
    trail: () => audit.kept.list(0, 100_000),
    breakAudit: audit.break,
    afterNextRecord: audit.afterNext,
  }
}

function breakable(kept: ReturnType<typeof createAuditStore>) {
  let broken = false
  let then: (() => Promise<unknown>) | undefined
  const store: AuditStore = {
    async append(records: readonly AuditRecord[]) {
      if (broken) throw new Error('the disk is full')
      await kept.append(records)
      const run = then
      then = undefined
      await run?.()
    },
  }
  return {
    store,
    kept,
    break: () => {
      broken = true
    },
    afterNext: (run: () => Promise<unknown>) => {
      then = run
    },
  }
}

function requestOf(target: string, ask: Ask): FhirRequest {
  const { method = 'GET', headers = {}, body = '', contentType, inOnePiece } = ask
  const [path = '', ...search] = target.split('?')
  const isResource = typeof body === 'object'
  return {
    method,
    path,
    search: search.join('?'),
    headers,
    body: isResource ? JSON.stringify(body) : body,
    contentType: contentType ?? (isResource ? 'application/fhir+json' : ''),
    ...(!inOnePiece && { takesStream: true as const }),
  }
}

/** Whoever attacks: scopes, a patient in context unless it is left out, rights unless they are others. */
export function callerWith(
  scopes: string,
  more: {
    patient?: string | null
    rights?: readonly Right[]
    withheld?: readonly Slice[]
    grantId?: string
  } = {},
): Caller {
  const { patient = 'a', rights = everything, withheld = [], grantId = 'grant-1' } = more
  const context = patient === null ? {} : { patient }
  const resourceScopes = parseScopes(scopes).scopes.filter((scope) => scope.kind === 'resource')
  return {
    authority: { scopes: resourceScopes, rights, withheld, ...context },
    user: 'user-1',
    clientId: 'app-1',
    tokenId: 'token-1',
    grantId,
    ...context,
  }
}

/** The whole text of a reply, also of one that streams. */
export async function textOf({ body, stream }: FhirReply): Promise<string> {
  let text = body
  for await (const piece of stream ?? []) text += piece
  return text
}

/** What a reply's Bundle has in it, `Type/id` each, in order, and its total. */
export function found(reply: FhirReply): { readonly entries: string[]; readonly total: number | undefined } {
  const bundle = JSON.parse(reply.body)
  const entries = (bundle.entry ?? [])
    .map(({ resource }: { resource: { resourceType: string; id?: string } }) => resource)
    .filter(({ resourceType }: { resourceType: string }) => resourceType !== 'OperationOutcome')
    .map(({ resourceType, id }: { resourceType: string; id: string }) => `${resourceType}/${id}`)
  return { entries, total: bundle.total }
}

/** The address of the next page, below the FHIR base. */
export function nextOf(reply: FhirReply): string | undefined {
  const links: { relation: string; url: string }[] = JSON.parse(reply.body).link
  return links.find(({ relation }) => relation === 'next')?.url.slice(base.length + 1)
}
