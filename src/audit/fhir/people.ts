/** How the names behind accounts and apps are looked up when a record is shown: the trail itself holds ids. */

export interface Person {
  readonly name: string
  readonly fhirUser?: string
}

export interface People {
  /** Somebody with an account, as of now. */
  person(account: string): Person | undefined
  /** An app's name, as of now. */
  app(client: string): string | undefined
}

/** What records are shown with. */
export interface Shown {
  /** The FHIR base URL: names this server. */
  readonly base: string
  readonly people: People
}
