/** Why a sign-in at a provider comes to nothing; the name chooses the page. */
export type RefusalKind =
  /** The state is not of this browser, is used up, or is too old. */
  | 'lost'
  /** The person or the provider said no. */
  | 'denied'
  | 'down'
  /** What the provider answered does not hold. */
  | 'unverified'
  /** It confers no role, or not the account's. */
  | 'not-admitted'
  | 'disabled'
  /** No record here, and nobody may be let in without one. */
  | 'unknown'
  /** More than one record, or a record that is somebody else's. */
  | 'ambiguous'
  /** An account with this record is there: it has to be linked by whoever can sign in to it. */
  | 'has-account'
  /** The identity is linked to another account, or the account to another identity of this provider. */
  | 'linked-elsewhere'

/** A sign-in that is refused: a page in public, and a private detail for the log and the auditor. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly detail: string

  constructor(kind: RefusalKind, detail: string, cause?: unknown) {
    super(`${kind}: ${detail}`, { cause })
    this.kind = kind
    this.detail = detail
  }
}
