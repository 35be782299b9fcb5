/** Who acted, as far as it is known: account, app, and the grant and token that joined them. */
export interface Actor {
  readonly user?: string
  readonly fhirUser?: string
  readonly client?: string
  readonly grant?: string
  readonly token?: string
  /** Network address of the caller. */
  readonly address?: string
}

/** How it ended: as wished, refused by a rule, or not carried out. */
export type Outcome = 'success' | 'refused' | 'failed'
