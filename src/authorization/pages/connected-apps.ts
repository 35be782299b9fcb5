import { type Html, html } from '../../http/html.ts'
import type { HttpRequest } from '../../http/route.ts'
import { parseGrant } from '../../smart/grant.ts'
import { formatMoment } from '../../ui/format.ts'
import { chooseLocale, type Locale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import { button, chip, emptyState, notice } from '../../ui/parts.ts'
import type { Client } from '../client.ts'
import type { GrantRecord } from '../grant.ts'
import type { User } from '../ports.ts'
import { scopeWords } from './scope-words.ts'

/** An app, and what it holds for one person. */
export interface ConnectedApp {
  readonly client: Client
  readonly grants: readonly { readonly grant: GrantRecord; readonly patientName: string | undefined }[]
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
    ...(here !== undefined && { here }),
    body: html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
${wasRevoked && notice('success', words.revoked)}
${apps.length === 0 ? emptyState(words.none, words.noneHint) : apps.map((app) => appCard(app, csrf, locale))}`,
  })
}

function appCard({ client, grants }: ConnectedApp, csrf: Html, locale: Locale): Html {
  const words = messages(locale).connectedApps
  return html`<section class="card connected-app" aria-labelledby="app-${client.id}">
<h2 id="app-${client.id}">${client.name}</h2>
${grants.map((one) => grantRows(one, locale))}
<form method="post" action="/account/apps" class="actions">${csrf}<input type="hidden" name="client" value="${client.id}">${button(
    words.revoke(client.name),
    { kind: 'danger' },
  )}</form></section>`
}

function grantRows({ grant, patientName }: ConnectedApp['grants'][number], locale: Locale): Html {
  const { connectedApps: words, consent } = messages(locale)
  const said = parseGrant(grant.scope).scopes.map((scope) => scopeWords(scope, consent))
  return html`<h3>${patientName === undefined ? words.noRecord : consent.record(patientName)}</h3>
<p class="muted small">${words.since(formatMoment(locale, grant.createdAt))}</p>
<ul>${said.map(
    ({ short, notes, writes }) =>
      html`<li>${short}${writes && html` ${chip(consent.mayChange, 'warning')}`}${notes.length > 0 && html` <span class="muted small">${notes.join(' ')}</span>`}</li>`,
  )}</ul>`
}
