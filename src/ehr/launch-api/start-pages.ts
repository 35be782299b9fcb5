/** What a person sees who comes to a `start_url` and cannot just go on. */
import { html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { type Messages, messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { button, linkButton } from '../../ui/parts.ts'
import { originsOf } from '../app-origins.ts'
import type { AppSummary, EhrUser, LaunchPerson } from '../ports.ts'
import type { LaunchApiDeps } from './deps.ts'
import { startPath } from './start-url.ts'

/** Asks whoever is signed in whether the launch of somebody else may take over this browser. */
export function otherUserPage(
  deps: LaunchApiDeps,
  request: HttpRequest,
  launch: { token: string; app: AppSummary; person: LaunchPerson; current: EhrUser },
): HttpReply {
  const locale = chooseLocale(request)
  const { other } = messages(locale).launches
  const { app, person, current, token } = launch
  const field = deps.csrf.field(request)
  const title = other.title(person.name)
  const body = html`<section class="card"><h1>${title}</h1>
<p>${other.text(app.name, person.name, current.name)}</p>
<p class="muted">${other.warning}</p>
<form method="post" action="${startPath}" class="actions">${field.html}<input type="hidden" name="token" value="${token}">${button(other.go(person.name))}${linkButton('/', other.stay(current.name))}</form></section>`
  const content = renderPage({ locale, title, body, width: 'narrow' })
  return { ...page(200, content, { formActions: originsOf(app) }), cookies: field.cookies }
}

/** The launch is over, was never made, or was not opened by a person: nothing more is told. */
export function startOverPage(
  request: HttpRequest,
  why: keyof Messages['launches']['startOver']['why'],
): HttpReply {
  const locale = chooseLocale(request)
  const { startOver } = messages(locale).launches
  const body = html`<section class="card"><h1>${startOver.title}</h1><p>${startOver.why[why]}</p></section>`
  return page(
    why === 'over' ? 410 : 403,
    renderPage({ locale, title: startOver.title, body, width: 'narrow' }),
  )
}
