// Every page of administration is for administrators, every form is from our own page, and who is turned away is on record.
// product.md, administration; CSRF, see http/csrf.ts.
import { type Html, html } from '../../http/html.ts'
import type { Params } from '../../http/params.ts'
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { failurePage } from '../../ui/error-page.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { type Messages, messages } from '../../ui/messages.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import { notice } from '../../ui/parts.ts'
import type { AdminDeps } from '../deps.ts'
import type { By, Visitor } from '../ports.ts'
import { openDraft } from './draft.ts'
import { askProof, backToForm, type Proof, UNPROVEN } from './fresh-proof.ts'

/** One request of an administrator, and what a page of it needs. */
export interface Visit {
  readonly request: HttpRequest
  readonly visitor: Visitor
  readonly by: By
  readonly locale: Locale
  readonly words: Messages['admin']
  /** The anti-forgery field of every form. */
  readonly csrf: Html
  /** What was typed into the page's form before they had to sign in. */
  readonly draft?: Params
}

export type Place = 'apps' | 'tokens' | 'accounts' | 'codes'

/** Runs `work` for an administrator, one who has proved it just now where `proof` says so; others are sent to sign in, or refused. */
export async function forAdmin(
  request: HttpRequest,
  deps: AdminDeps,
  proof: Proof,
  work: (visit: Visit) => Promise<HttpReply>,
): Promise<HttpReply> {
  const visitor = await deps.visitors.find(request)
  if (!visitor) return redirect(deps.visitors.signInUrl(returnOf(request, deps)))
  const by = { user: visitor.id, address: request.remoteAddress }
  const locale = chooseLocale(request)
  const words = messages(locale).admin
  if (!visitor.isAdmin) return refuse('not-an-administrator', words.notAdmin, request, by, deps)
  if (request.method !== 'GET' && !deps.csrf.check(request)) {
    return refuse('form-forged', words.forged, request, by, deps)
  }
  const first = await askProof(request, visitor, proof, deps)
  if (first) return first
  const { html: csrf, cookies } = deps.csrf.field(request)
  const draft = openDraft(request, visitor, deps)
  const reply = await work({ request, visitor, by, locale, words, csrf, ...(draft && { draft }) })
  return { ...reply, cookies: [...(reply.cookies ?? []), ...cookies] }
}

/** Where somebody comes back to who was not signed in, or is not any more. */
function returnOf(request: HttpRequest, deps: AdminDeps): string {
  if (request.method === 'GET') return request.path
  return deps.csrf.check(request) ? backToForm(request, undefined, deps) : '/admin'
}

async function refuse(
  reason: string,
  text: string,
  request: HttpRequest,
  by: By,
  deps: AdminDeps,
): Promise<HttpReply> {
  await deps.refusals.record(by, reason)
  return failurePage(403, text, request.id, request)
}

/** A page of administration with its menu. */
export function adminPage(
  { request, visitor, locale, words, csrf, draft }: Visit,
  place: Place,
  parts: { readonly title: string; readonly body: Html; readonly status?: number },
): HttpReply {
  const here = hereOf(request)
  const isUnproven = request.method === 'GET' && request.query.get(UNPROVEN) !== undefined
  const places: readonly Place[] = ['apps', 'tokens', 'accounts', 'codes']
  const content = renderPage({
    locale,
    title: parts.title,
    body: isUnproven
      ? html`${notice('warning', draft ? words.restored : words.unproven)}${parts.body}`
      : parts.body,
    width: 'wide',
    user: { name: visitor.name, signOutField: csrf },
    nav: places.map((one) => ({ href: `/admin/${one}`, label: words.nav[one], current: one === place })),
    ...(here !== undefined && { here }),
  })
  return page(parts.status ?? 200, content)
}

/** There is no such app, account or token. */
export function missing({ request, words }: Visit): HttpReply {
  return failurePage(404, words.notFound, request.id, request)
}
