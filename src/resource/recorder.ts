/**
 * Enforces that every access is on record before anything leaves, refusals too: what cannot be recorded is not given.
 */
import type { Actor } from '../audit/actor.ts'
import {
  type AskedOf,
  type FhirAccess,
  fhirAllowed,
  fhirFailed,
  fhirRefused,
  type Touched,
} from '../audit/fhir-access.ts'
import type { Interaction } from '../smart/interaction.ts'
import { FhirError } from './outcomes.ts'
import type { Log, Trail } from './ports.ts'
import { actorOf, type Caller, type FhirRequest } from './request.ts'

/** What is about to be given. */
export interface Granted {
  readonly status: number
  readonly touched: Touched
  readonly query?: string
}

/** Puts the requests of one server on record. */
export interface Recorder {
  /** Throws the refusal of what could not be recorded. */
  allowed(request: FhirRequest, caller: Caller, asked: Interaction, prepared: Granted): Promise<void>
  failed(
    request: FhirRequest,
    caller: Caller,
    asked: Interaction | undefined,
    error: FhirError,
  ): Promise<void>
}

export function createRecorder(trail: Trail, log: Log): Recorder {
  async function record(event: FhirAccess): Promise<void> {
    try {
      await trail.record(event)
    } catch (error) {
      log.error({ err: error, request: event.request }, 'an access could not be put on record')
      throw new FhirError('unaudited')
    }
  }

  return {
    allowed: (request, caller, asked, { status, touched, query }) =>
      record(fhirAllowed(actorOf(caller), describe(request, asked, query), status, touched, request.id)),
    failed: (request, caller, asked, error) =>
      record(eventOf(actorOf(caller), describe(request, asked), error, request.id)),
  }
}

const nothingTouched = { patients: [], resources: [] }

function eventOf(actor: Actor, asked: AskedOf, { error, kind, more }: FhirError, id?: string): FhirAccess {
  const reason = more.detail === undefined ? error : `${error}: ${more.detail}`
  // A resource that is hidden is told like one that is absent, but it is a refusal.
  const isRefusal = kind.refused && more.detail !== 'absent'
  return isRefusal
    ? fhirRefused(actor, asked, kind.status, reason, more.touched ?? nothingTouched, id)
    : fhirFailed(actor, asked, kind.status, reason, id)
}

function describe(request: FhirRequest, asked: Interaction | undefined, known?: string): AskedOf {
  if (!asked) return { interaction: 'unknown' }
  const query = withoutToken(known ?? queryOf(request))
  return {
    interaction: asked.kind,
    ...(asked.kind === 'operation' && { operation: asked.name }),
    ...('type' in asked && asked.type !== undefined && { type: asked.type }),
    ...('id' in asked && asked.id !== undefined && { id: asked.id }),
    ...('version' in asked && { version: asked.version }),
    ...('compartment' in asked && { compartment: asked.compartment }),
    ...(query !== '' && { query }),
  }
}

/** A token in an address or a form is not looked at, but it may be a good one: the trail does not keep it for others to read (RFC-18). */
function withoutToken(query: string): string {
  return query.replace(/(^|&)(access(?:_|%5f)token)=[^&]*/gi, '$1$2=[hidden]')
}

/** The trail is kept for ever: of what nobody understood, its beginning is enough. */
const longestUnread = 8 * 1024

/** What was asked of a search that did not come to be understood. */
function queryOf({ path, search, body }: FhirRequest): string {
  const form = path.endsWith('_search') ? body : ''
  const query = [search, form].filter((text) => text !== '').join('&')
  return query.length > longestUnread ? `${query.slice(0, longestUnread)}…` : query
}
