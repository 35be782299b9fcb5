/** A pushed authorization request at rest, found by the hash of its `request_uri`. @see RFC 9126 §2.2 */
export interface PushedRequest {
  readonly hash: string
  readonly clientId: string
  /** The request's parameters, form-encoded as they came (or as a signed request object said them), without credentials. */
  readonly parameters: string
  /** Whether the parameters came in a signed request object. */
  readonly signed: boolean
  /** The key that the code will be bound to, when the push came with a DPoP proof. @see RFC 9449 §10.1 */
  readonly jkt?: string
  readonly expiresAt: number
}

/** Pushed requests that were not used yet; the flow store uses them up. */
export interface PushedRequestStore {
  add(pushed: PushedRequest): Promise<void>
  find(hash: string): Promise<PushedRequest | undefined>
  /** Forgets requests that expired before `now`. */
  sweep(now: number): Promise<void>
}
