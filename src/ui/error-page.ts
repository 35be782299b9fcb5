/** The page that tells of a failure, in the reader's language, without detail that could help an attacker. */
import { html } from '../http/html.ts'
import { page } from '../http/reply.ts'
import type { HttpReply, HttpRequest } from '../http/route.ts'
import { chooseLocale } from './locale.ts'
import { messages } from './messages.ts'
import { renderPage } from './page.ts'
import { definitions, linkButton } from './parts.ts'
import { reasonIn } from './reasons.ts'

/** What a failure is called, and what to do, where its status alone would mislead. */
export interface FailureWords {
  readonly title: string
  readonly hint: string
}

/**
 * A failure as a page; `text` is the public sentence, which is told in the reader's language where it is known,
 * `requestId` finds the request in the log.
 */
export function failurePage(
  status: number,
  text: string,
  requestId: string,
  request: HttpRequest,
  words?: FailureWords,
): HttpReply {
  const locale = chooseLocale(request)
  const { errors } = messages(locale)
  const title = words?.title ?? errors.titles[status] ?? errors.otherTitle
  const told = reasonIn(locale, text) ?? text
  const body = html`<section class="card error-card">
<p class="error-status">${status}</p>
<h1>${title}</h1>
<p>${words?.hint ?? errors.hints[status] ?? errors.otherHint}</p>
${definitions([
  [errors.detail, isEnglish(told) ? html`<span lang="en">${told}</span>` : told],
  [errors.reference, html`<code>${requestId}</code>`],
])}
<p class="actions">${linkButton('/', errors.home)}</p>
</section>`
  return page(status, renderPage({ locale, title, body, width: 'narrow' }))
}

/** Whoever has no words of ours for a failure tells it in English. */
function isEnglish(text: string): boolean {
  return !/\p{Script=Han}/u.test(text)
}
