/** What the resource server needs from others; the composition root passes it in. */
import type { Trail } from '../audit/trail.ts'
import type { Right } from '../smart/decision.ts'
import type { Label } from '../smart/labels.ts'
import type { Scope } from '../smart/scope.ts'
import type { HeldBack } from '../smart/slice.ts'
import type { Stored } from './repository.ts'
import type { Caller } from './request.ts'

/** What a valid access token says. */
export interface VerifiedToken {
  readonly clientId: string
  /** The account that stands behind it; none for a client that acts for itself. */
  readonly user?: string
  readonly fhirUser?: string
  readonly patient?: string
  readonly encounter?: string
  readonly scopes: readonly Scope[]
  readonly tokenId: string
  readonly grantId: string
  /** The thumbprint of the key that it is bound to. @see RFC 9449 §6.1 */
  readonly jkt?: string
}

export interface TokenVerifier {
  /** The token's content; nothing when it is unknown, expired, revoked, or meant for another server (RSRC-02, RSRC-04). */
  verify(token: string): Promise<VerifiedToken | undefined>
}

/** Checks that whoever sends a token holds the key that it is bound to. @see RFC 9449 §7.1 */
export interface ProofVerifier {
  /** The thumbprint of the key behind a DPoP proof for this request, or why it is none. */
  check(
    proof: string,
    request: { readonly method: string; readonly url: string; readonly token: string },
  ): Promise<
    | { readonly jkt: string }
    | {
        readonly problem: 'invalid_dpop_proof' | 'use_dpop_nonce'
        /** What the app has to change. */
        readonly text: string
      }
  >
  /** A nonce for the next proof. */
  nonce(): string
  /** The algorithms of proofs, for challenges. */
  readonly algorithms: readonly string[]
}

/** What a person may do apart from any app. */
export interface UserRights {
  readonly rights: readonly Right[]
  readonly withheld: readonly HeldBack[]
  /** The record that is this person, for the audit trail. */
  readonly fhirUser?: string
}

export interface Rights {
  /** The rights as they are now, or were a second ago at most; nothing when the account is unknown or disabled. */
  of(userId: string): Promise<UserRights | undefined>
  /** The same of a client that acts for itself, with no person behind it: what its registration gives, and no more. */
  ofClient(clientId: string): Promise<UserRights | undefined>
}

/** What labels decide on, and who may change those that do. */
export interface Labelling {
  /** Whether a label marks what waits for release, otherwise decides on who sees a resource, or does neither. */
  stakeOf(label: Label): 'release' | 'access' | undefined
  /** Whether the caller may release this result, or have it wait again; it is judged as it is stored now. */
  mayRelease(caller: Caller, result: Stored): Promise<boolean>
  /** Whether the caller may take off other labels that decide on who sees a resource. */
  mayTakeOff(caller: Caller): Promise<boolean>
}

/** Where faults of ours are told; details never reach a reply. */
export interface Log {
  error(detail: object, text: string): void
}

/** The audit trail, as far as it is needed here. */
export type { Trail }
