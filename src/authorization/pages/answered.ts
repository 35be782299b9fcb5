/** The end of an authorization whose answer is not given again: it was used, or lay for too long. */
import { html, join } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { card, linkButton } from '../../ui/parts.ts'
import type { Client } from '../client.ts'
import { safeLink } from './safe-link.ts'

/** Says that the person has answered, and shows the way back to the app. */
export function answeredPage(
  request: HttpRequest,
  { name, clientUri }: Client,
  userName: string,
  { baseUrl, wasAllowed }: { readonly baseUrl: string; readonly wasAllowed: boolean },
): HttpReply {
  const locale = chooseLocale(request)
  const { answered } = messages(locale).flow
  const home = safeLink(clientUri, baseUrl)
  const ways = [
    home !== undefined && linkButton(home, answered.back(name), 'primary'),
    wasAllowed && linkButton('/account/apps', messages(locale).frame.connectedApps),
  ].filter((way) => way !== false)
  const body = card(html`<h1>${answered.title}</h1><p>${answered.lead(name)}</p>
${wasAllowed && html`<p>${answered.revocable}</p>`}${ways.length > 0 && html`<p class="actions">${join(ways, html``)}</p>`}`)
  const content = renderPage({
    locale,
    title: answered.title,
    body,
    width: 'narrow',
    user: { name: userName },
  })
  return page(410, content, { opener: 'kept' })
}
