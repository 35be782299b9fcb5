/** A FHIR request, who makes it, and its reply, as plain values: the same over HTTP and in process. */
import type { Actor } from '../audit/actor.ts'
import type { Authority } from '../smart/decision.ts'

export interface FhirRequest {
  readonly method: string
  /** Below the FHIR base, without leading slash, percent-encoding intact. */
  readonly path: string
  /** The query string without `?`. */
  readonly search: string
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Empty when there is none. */
  readonly body: string
  /** The body where it is no text: the content of a Binary. */
  readonly bytes?: Uint8Array
  /** Media type of the body in lower case, without parameters; empty when there is none. */
  readonly contentType: string
  /** The request's id in the log. */
  readonly id?: string
  /** Whoever asks can take the reply in pieces; others get its whole text, if that is not too long. */
  readonly takesStream?: true
}

/** Whoever makes a request, with all that a decision rests on. */
export interface Caller {
  readonly authority: Authority
  /** The account. */
  readonly user?: string
  readonly fhirUser?: string
  readonly clientId?: string
  /** The patient in context, a bare id. */
  readonly patient?: string
  readonly tokenId?: string
  /** What page links are bound to: it outlives a refresh, a token does not. */
  readonly grantId?: string
  readonly address?: string
}

export interface FhirReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The whole text; empty when there is none, and when {@link stream} has it. */
  readonly body: string
  /**
   * The text in pieces, for what is too long to be held at once. It is made while it is read, by one reader; an error
   * in it leaves the text unfinished, which has to be told apart from its end.
   */
  readonly stream?: AsyncIterable<string>
  /** Instead of the body, for what is no text: the content of a Binary. */
  readonly bytes?: Uint8Array
}

/** The one way to data. Never rejects: what goes wrong is a reply with an OperationOutcome. */
export type Answer = (request: FhirRequest, caller: Caller) => Promise<FhirReply>

/** The caller as the audit trail names it. */
export function actorOf(caller: Caller): Actor {
  const { user, fhirUser, clientId, grantId, tokenId, address } = caller
  return {
    ...(user !== undefined && { user }),
    ...(fhirUser !== undefined && { fhirUser }),
    ...(clientId !== undefined && { client: clientId }),
    ...(grantId !== undefined && { grant: grantId }),
    ...(tokenId !== undefined && { token: tokenId }),
    ...(address !== undefined && { address }),
  }
}

/** Somebody without any right: what `/metadata` is answered to. */
export const anybody: Caller = { authority: { scopes: [], rights: [], withheld: [] } }
