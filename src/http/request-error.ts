/** A request that cannot be served as it came; `text` is public and is told in the route's own format. */
export class RequestError extends Error {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
    super(text)
    this.name = 'RequestError'
    this.status = status
    this.text = text
    this.headers = headers
  }
}
