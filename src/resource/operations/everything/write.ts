/** Writes a Bundle while its entries come, so that the whole is never held. @see FHIR R4 Bundle */
import { indented } from '../../exact-json.ts'

interface Layout {
  readonly head: (members: object) => string
  readonly open: string
  readonly entry: (text: string) => string
  readonly between: string
  readonly close: string
  readonly end: string
}

const dense: Layout = {
  head: (members) => JSON.stringify(members).slice(0, -1),
  open: ',"entry":[',
  entry: (text) => text,
  between: ',',
  close: ']',
  end: '}',
}

const pretty: Layout = {
  head: (members) => JSON.stringify(members, null, 2).slice(0, -2),
  open: ',\n  "entry": [\n    ',
  // A text has no line breaks of its own: they are escaped.
  entry: (text) => indented(text).replaceAll('\n', '\n    '),
  between: ',\n    ',
  close: '\n  ]',
  end: '\n}',
}

/** The text of a Bundle of the members of `head` and of the entries, in pieces. An empty list is left out: it is no FHIR. */
export async function* bundlePieces(
  head: object,
  entries: AsyncIterable<readonly string[]>,
  isPretty: boolean,
): AsyncGenerator<string> {
  const layout = isPretty ? pretty : dense
  yield layout.head(head)
  let isOpen = false
  for await (const some of entries) {
    if (some.length === 0) continue
    yield (isOpen ? layout.between : layout.open) + some.map(layout.entry).join(layout.between)
    isOpen = true
  }
  yield (isOpen ? layout.close : '') + layout.end
}
