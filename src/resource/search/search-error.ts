/** A search that cannot be answered as asked: `parameter` is as written, `text` may be shown to whoever asked. */
export class SearchError extends Error {
  override readonly name = 'SearchError'
  readonly parameter: string
  readonly text: string

  constructor(parameter: string, text: string) {
    super(`${parameter}: ${text}`)
    this.parameter = parameter
    this.text = text
  }
}
