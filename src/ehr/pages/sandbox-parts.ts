/** What the launch builder and the welcome page both tell of a sandbox. */
import { type Html, html } from '../../http/html.ts'
import type { Messages } from '../../ui/messages.ts'
import { definitions, table } from '../../ui/parts.ts'
import type { EhrDeps, Sandbox } from '../deps.ts'

type LauncherWords = Messages['launcher']

/** The accounts of the sandbox with the records behind them. */
export function accountsTable({ accounts, password }: Sandbox, words: LauncherWords): Html {
  return html`<p>${words.accountsText(password)}</p>
<div class="stacked">${table({
    caption: words.accounts,
    columns: [words.account, words.role, words.record],
    rows: accounts.map(({ username, name, role, records }) => [
      html`<code>${username}</code><span class="entry-detail">${name}</span>`,
      words.roles[role],
      html`<ul class="record-list">${records.map(
        ({ reference, name: record }) =>
          html`<li><code>${reference}</code>${record !== undefined && html` <span class="muted small">${record}</span>`}</li>`,
      )}</ul>`,
    ]),
  })}</div>`
}

/** Where apps find this server. */
export function addressList({ baseUrl, fhirBase }: EhrDeps, words: LauncherWords): Html {
  const discovery = `${fhirBase}/.well-known/smart-configuration`
  const capabilities = `${fhirBase}/metadata`
  const openId = `${baseUrl}/.well-known/openid-configuration`
  const link = (url: string) => html`<a href="${url}"><code>${url}</code></a>`
  return definitions([
    [words.fhirBase, html`<code>${fhirBase}</code>`],
    [words.discovery, link(discovery)],
    [words.openId, link(openId)],
    [words.capabilities, link(capabilities)],
    [words.registration, html`<code>POST ${baseUrl}/oauth/register</code>`],
  ])
}
