/** Word to one app that a person's session is over, until it has arrived. @see OpenID Connect Back-Channel Logout 1.0 §2.5 */
export interface LogoutNotice {
  /** The `jti` of its logout token. */
  readonly id: string
  readonly clientId: string
  readonly userId: string
  /** The session, as the app knows it. */
  readonly sid: string
  /** How often it was tried. */
  readonly attempts: number
  /** When it is to be tried next, in milliseconds since 1970. */
  readonly dueAt: number
}

/** A session that is over, by whatever ended it. */
export interface EndedSession {
  readonly id: string
  readonly userId: string
}

/** Notices, also those that have arrived; durable when a method resolves. */
export interface LogoutNoticeStore {
  /** Some of the sessions that have ended, of which nobody has written down yet whom to tell. */
  ended(most: number): Promise<EndedSession[]>
  /** Adds all that is to be told of this session; those of whose ids there is one already are left out. */
  addAll(notices: readonly LogoutNotice[], session: EndedSession): Promise<void>
  /** Takes up to `most` that are due: until `leasedUntil` no other node takes them. */
  take(now: number, leasedUntil: number, most: number): Promise<LogoutNotice[]>
  /** Puts one off after a failure. */
  postpone(id: string, attempts: number, dueAt: number): Promise<void>
  /** It has arrived, or is given up: it is taken no more, and not added again before it is swept up. */
  finish(id: string, now: number): Promise<void>
  sweep(finishedBefore: number): Promise<void>
}
