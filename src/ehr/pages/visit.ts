/** Who may come in: a clinician to the EHR, a patient to the portal; anyone else is sent where they belong. */
import { type Html, html } from '../../http/html.ts'
import { page, redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, PagePolicy, Route } from '../../http/route.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { type Messages, messages } from '../../ui/messages.ts'
import { hereOf, type NavItem, renderPage } from '../../ui/page.ts'
import { linkButton } from '../../ui/parts.ts'
import type { EhrDeps } from '../deps.ts'
import type { EhrUser } from '../ports.ts'

/** One request of one person, in their language. */
export interface Visit {
  readonly request: HttpRequest
  readonly locale: Locale
  readonly words: Messages
  readonly user: EhrUser
}

type Place = 'ehr' | 'portal' | 'launcher'

const kinds = { ehr: 'clinician', portal: 'patient' } as const

/** A route handler for people of one place; nobody signed in is asked to sign in and comes back. */
export function enter(
  deps: EhrDeps,
  place: Place,
  handle: (visit: Visit) => Promise<HttpReply>,
): Route['handle'] {
  return async (request) => {
    const user = await deps.currentUser.find(request)
    if (!user) return redirect(signInUrl(deps, request, place))
    const locale = chooseLocale(request)
    const visit = { request, locale, words: messages(locale), user }
    if (place === 'launcher' || user.kind === kinds[place]) return handle(visit)
    return elsewhere(deps, visit)
  }
}

/** A shared launch says whom it was made for. */
function signInUrl(deps: EhrDeps, request: HttpRequest, place: Place): string {
  const username = place === 'launcher' ? request.query.get('user') : undefined
  return deps.currentUser.signInUrl(returnPath(request, place), username === undefined ? {} : { username })
}

/** A form cannot be sent again after signing in: its sender comes back to where such forms are. */
function returnPath(request: HttpRequest, place: Place): string {
  return hereOf(request) ?? `/${place}`
}

function elsewhere(deps: EhrDeps, visit: Visit): HttpReply {
  if (visit.user.kind === 'patient') return redirect('/portal')
  if (visit.user.kind === 'clinician') return redirect('/ehr')
  const { notForYou } = visit.words.ehr
  const other = deps.currentUser.signInUrl('/ehr', { again: true })
  const body = html`${statement(notForYou.title, notForYou.text)}
<p class="actions">${linkButton(other, notForYou.otherAccount)}${linkButton('/account', visit.words.frame.myAccount)}</p>`
  return visitPage(deps, visit, { status: 403, title: notForYou.title, body })
}

/** What a page of the EHR, the portal or the launch builder is made of. */
export interface VisitPageParts {
  readonly status?: number
  readonly title: string
  readonly body: Html
  readonly width?: 'narrow' | 'wide'
  readonly policy?: PagePolicy
}

/** What a page says that has nothing else to show. */
export function statement(title: string, text: string): Html {
  return html`<div class="empty"><h1>${title}</h1><p>${text}</p></div>`
}

/** A page for a visit, with the menu of this person and their anti-forgery cookie. */
export function visitPage(deps: EhrDeps, visit: Visit, parts: VisitPageParts): HttpReply {
  const { request, locale, user } = visit
  const field = deps.csrf.field(request)
  const here = hereOf(request)
  const content = renderPage({
    locale,
    title: parts.title,
    body: parts.body,
    user: { name: user.name, signOutField: field.html },
    nav: menu(deps, visit),
    ...(parts.width ? { width: parts.width } : {}),
    ...(here === undefined ? {} : { here }),
  })
  return { ...page(parts.status ?? 200, content, parts.policy), cookies: field.cookies }
}

function menu(deps: EhrDeps, { request, words, user }: Visit): NavItem[] {
  const { title: tasks } = words.launches.tasks
  const all = [
    ...(user.kind === 'clinician'
      ? [['/ehr', words.ehr.patients.title] as const, ['/ehr/tasks', tasks] as const]
      : []),
    ...(user.kind === 'patient'
      ? [
          ['/portal', words.portal.title] as const,
          ['/portal/tasks', tasks] as const,
          ['/account/apps', words.portal.apps.connected] as const,
        ]
      : []),
    ...(deps.sandbox ? [['/launcher', words.launcher.title] as const] : []),
  ]
  const isHere = (href: string) => request.path === href || request.path.startsWith(`${href}/`)
  // Of two that lead here, the longer one is meant.
  const [here] = all
    .map(([href]) => href)
    .filter(isHere)
    .toSorted((a, b) => b.length - a.length)
  return all.map(([href, label]) => ({ href, label, current: href === here }))
}
