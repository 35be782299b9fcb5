import { type Html, html } from '../../http/html.ts'
import type { HttpRequest } from '../../http/route.ts'
import type { Grant } from '../../smart/grant.ts'
import { accountNav } from '../../ui/account-nav.ts'
import { formatMoment } from '../../ui/format.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import { button, chip, emptyState, notice } from '../../ui/parts.ts'
import type { Client } from '../client.ts'
import type { User } from '../ports.ts'
import { scopeWords, sections } from './scope-words.ts'

/** An app, and what it holds for one person. */
export interface ConnectedApp {
  readonly client: Client
  /** None where it has no access at present. */
  readonly records: readonly ConnectedRecord[]
  /** Until when it is let in again without a question, in milliseconds since 1970. */
  readonly rememberedUntil?: number
}

/** What an app may do with one record, or with none in particular. */
export interface ConnectedRecord {
  readonly patientName: string | undefined
  readonly granted: Grant
  /** When the person last allowed it; milliseconds since 1970. */
  readonly allowedAt: number
  /** When a token of it was last used, to the minute; milliseconds since 1970. Absent as long as none was. */
  readonly usedAt?: number
}

/** What each app may see, in plain words, since when, and one button to end it. */
export function connectedAppsPage(
  request: HttpRequest,
  user: User,
  apps: readonly ConnectedApp[],
  csrf: Html,
  wasRevoked: boolean,
): Html {
  const locale = chooseLocale(request)
  const words = messages(locale).connectedApps
  const here = hereOf(request)
  return renderPage({
    locale,
    title: words.title,
    user: { name: user.name, signOutField: csrf },
    // Who is no patient may be a clinician or an administrator.
    nav: accountNav(locale, '/account/apps', user.kind === 'patient' ? ['patient'] : []),
    ...(here !== undefined && { here }),
    body: html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
${wasRevoked && notice('success', words.revoked)}
${apps.length === 0 ? emptyState(words.none, words.noneHint) : apps.map((app) => appCard(app, csrf, locale))}`,
  })
}

function appCard({ client, records, rememberedUntil }: ConnectedApp, csrf: Html, locale: Locale): Html {
  const words = messages(locale).connectedApps
  return html`<section class="card connected-app" aria-labelledby="app-${client.id}">
<h2 id="app-${client.id}">${client.name}</h2>
${records.length === 0 && html`<p class="muted">${words.noAccess}</p>`}${records.map((one) => recordRows(one, locale))}
${rememberedUntil !== undefined && html`<p class="muted small">${words.remembered(formatMoment(locale, rememberedUntil))}</p>`}
<form method="post" action="/account/apps" class="actions">${csrf}<input type="hidden" name="client" value="${client.id}">${button(
    words.revoke(client.name),
    { kind: 'danger' },
  )}</form></section>`
}

function recordRows({ patientName, granted, allowedAt, usedAt }: ConnectedRecord, locale: Locale): Html {
  const { connectedApps: words, consent } = messages(locale)
  const said = granted.scopes
    .map((scope) => scopeWords(scope, consent))
    .toSorted((a, b) => sections.indexOf(a.section) - sections.indexOf(b.section))
  const isKept = granted.scopes.some((scope) => scope.kind === 'refresh' && scope.name === 'offline_access')
  return html`<h3>${patientName === undefined ? words.noRecord : consent.record(patientName)}</h3>
<p class="muted small">${words.since(formatMoment(locale, allowedAt))} ${usedAt === undefined ? words.unused : words.used(formatMoment(locale, usedAt))}</p>
${isKept && html`<p>${chip(words.kept, 'warning')}</p>`}
<ul>${said.map(
    ({ short, notes, writes }) =>
      html`<li>${short}${writes && html` ${chip(consent.mayChange, 'warning')}`}${notes.length > 0 && html` <span class="muted small">${notes.join(' ')}</span>`}</li>`,
  )}</ul>`
}
