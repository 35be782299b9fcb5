/** `/account`: who the person is here, their language, and this session. */
import { type Html, html, join } from '../http/html.ts'
import { page, redirect } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import { accountNav } from '../ui/account-nav.ts'
import { formatMoment } from '../ui/format.ts'
import { chooseLocale, LOCALE_NAMES, type Locale, parseLocale } from '../ui/locale.ts'
import { messages } from '../ui/messages.ts'
import { hereOf, renderPage } from '../ui/page.ts'
import { button, card, chip, choice, definitions, linkButton, notice } from '../ui/parts.ts'
import type { Account } from './account.ts'
import { SESSION_IDLE_LIMIT, SESSION_LIFETIME } from './durations.ts'
import type { IdentityHouse } from './house.ts'
import { localeCookie } from './language.ts'
import { OWN_PAGE } from './providers/addresses.ts'
import { signInUrl } from './return-to.ts'
import { sessionList } from './session-list.ts'
import type { Session } from './sessions.ts'

const PATH = '/account'
const MINUTE = 60_000

export function accountRoutes(house: IdentityHouse): Route[] {
  async function show(request: HttpRequest): Promise<HttpReply> {
    const session = await house.running.of(request)
    if (!session) return redirect(signInUrl(PATH))
    const { html: csrf, cookies } = house.csrf.field(request)
    const locale = chooseLocale(request)
    const list = await sessionList(house, session, { locale, csrf })
    const hasProviders = (house.providers?.list.length ?? 0) > 0
    const view = { session, csrf, list, hasProviders, done: doneOf(request), here: hereOf(request) }
    return { ...page(200, renderAccount(locale, view)), cookies }
  }

  async function save(request: HttpRequest): Promise<HttpReply> {
    const session = await house.running.of(request)
    const locale = parseLocale(request.form.get('locale') ?? '')
    if (!session || !locale || !house.csrf.check(request)) return redirect(PATH)
    await house.credentials.setLocale(session.account.id, locale)
    return { ...redirect(`${PATH}?saved=1`), cookies: [localeCookie(locale)] }
  }

  return [
    { method: 'GET', path: PATH, handle: show },
    { method: 'POST', path: PATH, handle: save },
  ]
}

interface AccountView {
  readonly session: Session
  readonly csrf: Html
  /** The account's sessions. */
  readonly list: Html
  readonly hasProviders: boolean
  readonly done: 'languageSaved' | 'sessionsEnded' | undefined
  readonly here: string | undefined
}

function doneOf({ query }: HttpRequest): AccountView['done'] {
  if (query.get('saved') !== undefined) return 'languageSaved'
  return query.get('ended') === undefined ? undefined : 'sessionsEnded'
}

function renderAccount(locale: Locale, view: AccountView): Html {
  const { session, csrf, list, hasProviders, done, here } = view
  const { account: words, security } = messages(locale)
  const { account } = session
  return renderPage({
    locale,
    title: words.title,
    user: { name: account.name, signOutField: csrf },
    nav: accountNav(locale, PATH, account.roles),
    here,
    body: html`<h1>${words.title}</h1>
${done && notice('success', words[done])}
<div class="split"><div class="stack">
${card(aboutYou(account, locale), words.aboutTitle)}
${card(thisSession(session, locale, csrf), words.sessionTitle)}
${card(list, words.sessionsTitle)}
</div><div class="stack">
${card(securityLink(locale), security.title)}
${card(appsLink(locale), messages(locale).frame.connectedApps)}
${account.roles.includes('admin') && card(administrationLink(locale), words.adminTitle)}
${account.roles.includes('patient') && card(accessLink(locale), messages(locale).access.title)}
${hasProviders && card(providersLink(locale), messages(locale).providers.own.title)}
${card(languageForm(locale, csrf), words.languageTitle)}
</div></div>`,
  })
}

function securityLink(locale: Locale): Html {
  const { security } = messages(locale)
  return html`<p>${security.lead}</p><p class="actions">${linkButton('/account/security', security.link)}</p>`
}

function administrationLink(locale: Locale): Html {
  const { account: words } = messages(locale)
  return html`<p>${words.adminLead}</p><p class="actions">${linkButton('/admin', words.adminTitle)}</p>`
}

function aboutYou(account: Account, locale: Locale): Html {
  const { account: words, frame } = messages(locale)
  const roles = account.roles.map((role) => html`<li>${chip(words.roleNames[role], 'accent')}</li>`)
  const records = join(
    account.records.map((record) => html`<code>${record}</code>`),
    html`<br>`,
  )
  const about = definitions([
    [words.name, account.name],
    [words.username, html`<code>${account.username}</code>`],
    [words.roles, html`<ul class="chips">${roles}</ul>`],
    [words.records, account.records.length === 0 && account.fhirUser === undefined && words.noRecords],
  ])
  const technical = definitions([
    [words.identity, account.fhirUser !== undefined && html`<code>${account.fhirUser}</code>`],
    [words.records, account.records.length > 0 && records],
  ])
  const hasTechnical = account.fhirUser !== undefined || account.records.length > 0
  return html`${about}${hasTechnical && html`<details class="more"><summary>${frame.technical}</summary>${technical}</details>`}`
}

function thisSession(session: Session, locale: Locale, csrf: Html): Html {
  const { account: words, frame } = messages(locale)
  const rows = definitions([
    [words.signedInAt, formatMoment(locale, session.authTime ?? session.signedInAt)],
    [words.endsAt, formatMoment(locale, session.signedInAt + SESSION_LIFETIME)],
    [words.idleAfter, words.minutes(SESSION_IDLE_LIMIT / MINUTE)],
  ])
  return html`${rows}<form method="post" action="/account/sign-out" class="actions">${csrf}${button(frame.signOut, { kind: 'secondary' })}</form>`
}

function appsLink(locale: Locale): Html {
  const { account: words, frame } = messages(locale)
  return html`<p>${words.appsLead}</p><p class="actions">${linkButton('/account/apps', frame.connectedApps)}</p>`
}

function accessLink(locale: Locale): Html {
  const { access } = messages(locale)
  return html`<p>${access.accountLead}</p><p class="actions">${linkButton('/account/access', access.link)}</p>`
}

function providersLink(locale: Locale): Html {
  const { own } = messages(locale).providers
  return html`<p>${own.accountLead}</p><p class="actions">${linkButton(OWN_PAGE, own.title)}</p>`
}

function languageForm(locale: Locale, csrf: Html): Html {
  const { account: words, frame } = messages(locale)
  const select = choice({
    name: 'locale',
    label: words.languageTitle,
    options: Object.entries(LOCALE_NAMES),
    value: locale,
  })
  return html`<p class="muted">${words.languageLead}</p>
<form method="post" action="${PATH}">${csrf}${select}${button(frame.save, { kind: 'secondary' })}</form>`
}
