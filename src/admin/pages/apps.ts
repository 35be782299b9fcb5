/** `/admin/apps`: every app, a search, and what waits for a decision first. */
import { type Html, html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatMoment } from '../../ui/format.ts'
import { button, choice, emptyState, field, linkButton, notice, table } from '../../ui/parts.ts'
import type { AdminDeps } from '../deps.ts'
import { appStates, findApps } from '../find-apps.ts'
import type { AdminApp, AppState } from '../ports.ts'
import { adminPage, type Visit } from './admit.ts'
import { stateChip } from './parts.ts'

const longestSearch = 200

/** The page of one app. */
export function pathOfApp(id: string): string {
  return `/admin/apps/${encodeURIComponent(id)}`
}

/** The list. */
export async function showApps(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  const { request, words } = visit
  const q = request.query.get('q')?.slice(0, longestSearch) ?? ''
  const state = appStates.find((one) => one === request.query.get('state'))
  const found = findApps(await deps.apps.list(), q, state)
  const removed = request.query.get('removed') !== undefined
  const body = html`<h1>${words.apps.title}</h1><p class="lead">${words.apps.lead}</p>
${removed && notice('success', words.app.removed)}
<p class="actions">${linkButton('/admin/apps/new', words.apps.add, 'primary')}</p>
${searchForm(visit, q, state)}
${found.length === 0 ? emptyState(words.apps.none) : appsTable(visit, found)}`
  return adminPage(visit, 'apps', { title: words.apps.title, body })
}

function searchForm({ words }: Visit, q: string, state: AppState | undefined): Html {
  return html`<form class="admin-search" role="search" method="get" action="/admin/apps">
${field({ name: 'q', label: words.apps.search, type: 'search', value: q, autocomplete: 'off' })}
${choice({
  name: 'state',
  label: words.apps.state,
  options: [['', words.apps.anyState], ...appStates.map((one) => [one, words.states[one]] as const)],
  value: state ?? '',
})}
${button(words.apps.find, { kind: 'secondary' })}</form>`
}

function appsTable(visit: Visit, apps: readonly AdminApp[]): Html {
  const { words, locale } = visit
  return html`<section class="card stacked labelled">${table({
    caption: words.apps.caption,
    columns: [words.apps.name, words.apps.state, words.apps.kind, words.apps.registered],
    rows: apps.map((app) => [
      html`<a href="${pathOfApp(app.id)}">${app.metadata.client_name}</a>`,
      stateChip(app.state, visit),
      words.kinds[app.kind],
      formatMoment(locale, app.createdAt),
    ]),
  })}</section>`
}
