/** `/account/sign-out`: asks first, because any page may link here; only a form of ours signs out. */
import { type Html, html } from '../http/html.ts'
import { page, redirect } from '../http/reply.ts'
import type { Cookie, HttpReply, HttpRequest, Route } from '../http/route.ts'
import { chooseLocale, type Locale } from '../ui/locale.ts'
import { messages } from '../ui/messages.ts'
import { hereOf, renderPage } from '../ui/page.ts'
import { button, card, linkButton } from '../ui/parts.ts'
import type { IdentityDeps } from './deps.ts'
import type { Session, Sessions } from './sessions.ts'

const PATH = '/account/sign-out'

export function signOutRoutes(deps: IdentityDeps, sessions: Sessions): Route[] {
  async function ask(request: HttpRequest): Promise<HttpReply> {
    const locale = chooseLocale(request)
    const session = await sessions.of(request)
    const { html: csrf, cookies } = deps.csrf.field(request)
    const { signOutOffer } = await import('./providers/sign-out.ts')
    const offer = signOutOffer(deps.providers, request.query.get('provider'), locale)
    const content = session ? question(locale, session, csrf) : farewell(locale, offer)
    const title = session ? messages(locale).signIn.outTitle : messages(locale).signIn.outDoneTitle
    const body = card(html`<h1>${title}</h1>${content}`)
    return {
      ...page(200, renderPage({ locale, title, body, width: 'narrow', here: hereOf(request) })),
      cookies,
    }
  }

  async function end(request: HttpRequest): Promise<HttpReply> {
    const session = await sessions.of(request)
    if (!session || !deps.csrf.check(request)) return redirect(PATH)
    const cookies = await signOut(deps, sessions, request)
    const provider = deps.providers?.list.find(({ issuer }) => issuer === session.provider?.issuer)
    return { ...redirect(provider ? `${PATH}?provider=${provider.id}` : PATH), cookies }
  }

  return [
    { method: 'GET', path: PATH, handle: ask },
    { method: 'POST', path: PATH, handle: end },
  ]
}

/** Ends the session of the browser, whoever asked for it; gives the cookies to set. */
export async function signOut(
  deps: Pick<IdentityDeps, 'audit'>,
  sessions: Sessions,
  request: HttpRequest,
): Promise<Cookie[]> {
  const session = await sessions.of(request)
  const cookies = await sessions.end(request)
  if (!session) return cookies
  const { id: requestId, remoteAddress: address } = request
  const { id: accountId, fhirUser } = session.account
  await deps.audit.record({ action: 'signed-out', requestId, address, accountId, fhirUser })
  return cookies
}

function question(locale: Locale, session: Session, csrf: Html): Html {
  const { signIn } = messages(locale)
  return html`<p>${signIn.outLead(session.account.name)}</p>
<form method="post" action="${PATH}" class="actions">${csrf}${button(signIn.outSubmit)}${linkButton('/account', signIn.outStay)}</form>`
}

function farewell(locale: Locale, offer: Html | undefined): Html {
  const { signIn } = messages(locale)
  return html`<p>${signIn.outDone}</p>${offer}<p class="actions">${linkButton('/account/sign-in', signIn.outAgain, 'primary')}</p>`
}
