/** `/admin/accounts` and one account: who can sign in, and which FHIR records they are. */
import { type Html, html } from '../../http/html.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { messages } from '../../ui/messages.ts'
import { button, card, chip, definitions, emptyState, field, notice, table } from '../../ui/parts.ts'
import type { AdminDeps } from '../deps.ts'
import { type AdminAccount, type AdminGrant, NotAcceptable } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { pathOfApp } from './apps.ts'
import { actForm, grantsTable, linesOf, reasonOf, textArea } from './parts.ts'

const longestSearch = 200

function pathOf(id: string): string {
  return `/admin/accounts/${encodeURIComponent(id)}`
}

/** The list. */
export async function showAccounts(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  const { accounts: words } = visit.words
  const q = visit.request.query.get('q')?.slice(0, longestSearch) ?? ''
  const wanted = q.trim().toLowerCase()
  const found = (await deps.accounts.list()).filter(
    ({ name, username }) => name.toLowerCase().includes(wanted) || username.includes(wanted),
  )
  const rows = found.map((account) => [
    html`<a href="${pathOf(account.id)}">${account.name}</a>`,
    html`<code>${account.username}</code>`,
    roleChips(account, visit),
    stateChip(account, visit),
  ])
  const columns = [words.name, words.username, words.roles, words.state]
  return adminPage(visit, 'accounts', {
    title: words.title,
    body: html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
<form class="search-form" role="search" method="get" action="/admin/accounts">${field({ name: 'q', label: words.search, type: 'search', value: q, autocomplete: 'off' })}${button(words.find, { kind: 'secondary' })}</form>
${found.length === 0 ? emptyState(words.none) : html`<section class="card stacked">${table({ caption: words.caption, columns, rows })}</section>`}`,
  })
}

function roleChips({ roles }: AdminAccount, { locale }: Visit): Html {
  const names = messages(locale).account.roleNames
  return html`<ul class="chips">${roles.map((role) => html`<li>${chip(names[role], 'accent')}</li>`)}</ul>`
}

function stateChip({ disabled }: AdminAccount, { words }: Visit): Html {
  return disabled ? chip(words.accounts.disabled, 'danger') : chip(words.accounts.active, 'success')
}

/** One account. */
export async function showAccount(
  visit: Visit,
  deps: AdminDeps,
  problem?: NotAcceptable,
): Promise<HttpReply> {
  const { accounts: words } = visit.words
  const account = await deps.accounts.find(visit.request.segments.id ?? '')
  if (!account) return missing(visit)
  const [grants, apps] = await Promise.all([deps.grants.list({ userId: account.id }), deps.apps.list()])
  const appNames = new Map(apps.map(({ id, metadata }) => [id, metadata.client_name]))
  return adminPage(visit, 'accounts', {
    title: account.name,
    body: html`<h1>${account.name}</h1><p>${stateChip(account, visit)}</p>
${visit.request.query.get('saved') !== undefined && notice('success', words.saved)}
${problem && notice('danger', words.unsaved)}
<div class="split"><div class="stack">${card(
      definitions([
        [words.username, html`<code>${account.username}</code>`],
        [words.roles, roleChips(account, visit)],
      ]),
    )}${grantsCard(account, grants, appNames, visit)}</div><div class="stack">${linkCard(account, visit, problem)}${useCard(account, visit)}</div></div>`,
    status: problem ? 400 : 200,
  })
}

function grantsCard(
  account: AdminAccount,
  grants: readonly AdminGrant[],
  appNames: ReadonlyMap<string, string>,
  visit: Visit,
): Html {
  const { accounts: words } = visit.words
  const who = {
    column: words.app,
    of: ({ clientId }: AdminGrant) => appNames.get(clientId) ?? clientId,
    href: ({ clientId }: AdminGrant) => (appNames.has(clientId) ? pathOfApp(clientId) : undefined),
  }
  return card(
    grants.length === 0 ? emptyState(words.grantsNone) : grantsTable(visit, pathOf(account.id), grants, who),
    words.grants,
  )
}

function linkCard(account: AdminAccount, visit: Visit, problem?: NotAcceptable): Html {
  const { accounts: words } = visit.words
  const typed = problem ? visit.request.form : visit.draft
  const error = problem && { error: reasonOf(problem, visit) }
  return card(
    html`<form method="post" action="${pathOf(account.id)}">${visit.csrf}<input type="hidden" name="act" value="link">
${field({ name: 'fhir_user', label: words.fhirUser, hint: words.fhirUserHint, value: typed ? (typed.get('fhir_user') ?? '') : (account.fhirUser ?? ''), autocomplete: 'off' })}
${textArea({ name: 'records', label: words.records, hint: words.recordsHint, value: typed ? (typed.get('records') ?? '') : account.records.join('\n'), ...error })}
<p class="actions">${button(words.save, { kind: 'secondary' })}</p></form>`,
    words.linkTitle,
  )
}

/** Nobody locks themselves out, and so never the last administrator. */
function useCard(account: AdminAccount, visit: Visit): Html {
  const { accounts: words } = visit.words
  if (account.id === visit.visitor.id) return card(html`<p>${words.yourself}</p>`, words.stateTitle)
  const form = account.disabled
    ? actForm(visit, pathOf(account.id), 'enable', words.enable)
    : actForm(visit, pathOf(account.id), 'disable', words.disable, {
        kind: 'danger',
        hint: words.disableHint,
      })
  return card(form, words.stateTitle)
}

/** Takes a form of one account's page. */
export async function changeAccount(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  const { segments, form } = visit.request
  const id = segments.id ?? ''
  const act = form.get('act')
  try {
    if (act === 'link') return done(visit, id, await link(id, visit, deps))
    if (act === 'revoke-grant')
      return done(visit, id, await deps.grants.revoke(form.get('grant') ?? '', visit.by))
    if ((act === 'disable' || act === 'enable') && id !== visit.visitor.id) {
      return done(visit, id, await deps.accounts.setDisabled(id, act === 'disable', visit.by))
    }
    return missing(visit)
  } catch (error) {
    if (!(error instanceof NotAcceptable)) throw error
    return showAccount(visit, deps, error)
  }
}

function done(visit: Visit, id: string, changed: unknown): HttpReply {
  return changed ? redirect(`${pathOf(id)}?saved=1`) : missing(visit)
}

function link(
  id: string,
  { request, by }: Visit,
  { accounts }: AdminDeps,
): Promise<AdminAccount | undefined> {
  const fhirUser = request.form.get('fhir_user')?.trim() ?? ''
  const records = linesOf(request.form.get('records') ?? '')
  return accounts.link(id, { records, ...(fhirUser !== '' && { fhirUser }) }, by)
}
