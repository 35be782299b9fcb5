import { html as escaping } from 'ghtml'

/** Markup that is safe to send: made only by `html`, `raw` and `join`. */
export class Html {
  readonly markup: string
  readonly #made = true

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return this.#made ? this.markup : ''
  }
}

/** What may stand in a template: text and numbers are escaped, `Html` goes in as it is, nothing stands for nothing. */
export type Piece = Html | string | number | false | null | undefined | readonly Piece[]

/** A template whose every inserted text is escaped, in attributes (which must be quoted) as well as in content. */
export function html(literals: TemplateStringsArray, ...pieces: Piece[]): Html {
  let markup = literals[0] ?? ''
  for (let index = 0; index < pieces.length; index++) {
    markup += render(pieces[index]) + (literals[index + 1] ?? '')
  }
  return new Html(markup)
}

/** Markup from a text that is known to be safe; never give it anything that came from outside. */
export function raw(markup: string): Html {
  return new Html(markup)
}

/** Several pieces in a row, with `separator` between. */
export function join(pieces: readonly Piece[], separator: Piece = ''): Html {
  return new Html(pieces.map(render).join(render(separator)))
}

function render(piece: Piece): string {
  if (piece === undefined || piece === null || piece === false) return ''
  if (piece instanceof Html) return piece.markup
  if (typeof piece === 'number') return String(piece)
  return typeof piece === 'string' ? escaping`${piece}` : piece.map(render).join('')
}
