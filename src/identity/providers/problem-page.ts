/** The page of a sign-in at a provider that came to nothing: what it means and what to do, and nothing that helps a guesser. */
import { html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { renderPage } from '../../ui/page.ts'
import { definitions, linkButton } from '../../ui/parts.ts'
import { signInUrl } from '../return-to.ts'
import { OWN_PAGE } from './addresses.ts'
import type { RefusalKind } from './refusal.ts'

const statuses: Readonly<Record<RefusalKind, number>> = {
  lost: 400,
  denied: 403,
  down: 503,
  unverified: 403,
  'not-admitted': 403,
  disabled: 403,
  unknown: 403,
  ambiguous: 403,
  'has-account': 403,
  'linked-elsewhere': 409,
}

/** What the page leads to: back to signing in, or to the account that was to be linked. */
export interface WayOn {
  readonly returnTo: string
  readonly isLinking: boolean
}

/** The page; `returnTo` is where the person was going when they signed in. */
export function problemPage(
  request: HttpRequest,
  kind: RefusalKind,
  { returnTo, isLinking }: WayOn,
): HttpReply {
  const locale = chooseLocale(request)
  const { providers } = messages(locale)
  const { title, text } = providers.problems[kind]
  const way = isLinking
    ? linkButton(OWN_PAGE, providers.toOwnPage, 'primary')
    : linkButton(signInUrl(returnTo), providers.otherWays, 'primary')
  const body = html`<section class="card error-card">
<h1>${title}</h1>
<p>${text}</p>
${definitions([[providers.reference, html`<code>${request.id}</code>`]])}
<p class="actions">${way}</p>
</section>`
  const reply = page(statuses[kind], renderPage({ locale, title, body, width: 'narrow' }), {
    // An app's pop-up passes through here.
    opener: returnTo.startsWith('/oauth/') ? 'kept' : 'severed',
  })
  return kind === 'down' ? { ...reply, headers: { ...reply.headers, 'retry-after': '60' } } : reply
}
