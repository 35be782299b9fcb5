import { type Html, html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { Cookie, HttpReply, HttpRequest } from '../../http/route.ts'
import { sourceOf } from '../../http/security-headers.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, card, linkButton } from '../../ui/parts.ts'
import type { LogoutRequest } from '../logout/check-request.ts'
import type { User } from '../ports.ts'

const passedOn = ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales']

/** Asks whether to sign out; the form may lead to the app that asked, and nowhere else. */
export function logoutPage(
  request: HttpRequest,
  asked: LogoutRequest,
  user: User,
  csrf: { readonly html: Html; readonly cookies: Cookie[] },
): HttpReply {
  const locale = chooseLocale(request)
  const { logout } = messages(locale)
  const fields = passedOn.map((name) => [name, request.query.get(name)] as const)
  const app = asked.target === undefined ? undefined : sourceOf(asked.target)
  const body = card(html`<h1>${logout.title}</h1>
<p>${asked.client ? logout.leadForApp(asked.client.name, user.name) : logout.lead(user.name)}</p>
<form method="post" action="/oauth/logout">${csrf.html}
${fields.map(([name, value]) => value !== undefined && html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="actions">${button(logout.submit, { name: 'decision', value: 'sign-out' })}${linkButton('/account', logout.stay)}</p></form>`)
  const content = renderPage({
    locale,
    title: logout.title,
    body,
    width: 'narrow',
    user: { name: user.name },
  })
  return { ...page(200, content, { formActions: app ? [app] : [] }), cookies: csrf.cookies }
}

/** Tells that nobody is signed in any more, with the way back to the app. */
export function farewellPage(request: HttpRequest, { client, target }: LogoutRequest): HttpReply {
  const locale = chooseLocale(request)
  const { logout, signIn } = messages(locale)
  const back = client && target !== undefined && linkButton(target, logout.back(client.name))
  const body = card(html`<h1>${signIn.outDoneTitle}</h1><p>${signIn.outDone}</p>
<p class="actions">${back}${linkButton('/account/sign-in', signIn.outAgain)}</p>`)
  return page(200, renderPage({ locale, title: signIn.outDoneTitle, body, width: 'narrow' }))
}
