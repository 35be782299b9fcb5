import { html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'

/** Asks the browser to come again from here, so that it brings the cookies it keeps from other sites. Works without scripts. */
export function continuePage(request: HttpRequest): HttpReply {
  const locale = chooseLocale(request)
  const { frame } = messages(locale)
  const query = new URLSearchParams(
    request.query.entries.map(([name, value]): [string, string] => [name, value]),
  )
  query.set('from', 'here')
  const here = `?${query}`
  const content = html`<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${here}"><title>${frame.product}</title></head>
<body><p><a href="${here}">${frame.continue}</a></p></body>
</html>
`
  return page(200, content, { opener: 'kept' })
}
