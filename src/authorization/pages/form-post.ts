/** An answer that the browser posts to the app; without scripts by one press. @see OAuth 2.0 Form Post Response Mode §2 */
import { html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { sourceOf } from '../../http/security-headers.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, card } from '../../ui/parts.ts'
import type { VerifiedRedirectUri } from '../authorize/check-redirect-uri.ts'

const scriptPath = '/oauth/form-post.js'
const script = "document.querySelector('form[data-answer]').submit()\n"

/** The page whose form carries `members` to the app. */
export function formPostPage(
  request: HttpRequest,
  redirectUri: VerifiedRedirectUri,
  members: readonly (readonly [string, string])[],
): HttpReply {
  const locale = chooseLocale(request)
  const { continuation, frame } = messages(locale)
  const app = sourceOf(redirectUri)
  const body = card(html`<h1>${continuation.title}</h1><p>${continuation.lead}</p>
<form method="post" action="${redirectUri}" accept-charset="utf-8" data-answer>
${members.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="actions">${button(frame.continue)}</p></form>`)
  const content = renderPage({
    locale,
    title: continuation.title,
    body,
    width: 'narrow',
    scripts: [scriptPath],
  })
  return page(200, content, { formActions: app ? [app] : [], opener: 'kept' })
}

/** The script that presses the button. */
export const formPostScript: Route = {
  method: 'GET',
  path: scriptPath,
  handle: () => ({
    status: 200,
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=3600' },
    body: script,
  }),
}
