/** The front door: what runs here, and where to go. */
import { type Html, html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { messages } from '../../ui/messages.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import { card, notice } from '../../ui/parts.ts'
import type { EhrDeps, Sandbox } from '../deps.ts'
import { launchPolicy } from './app-list.ts'
import { accountsTable, addressList } from './sandbox-parts.ts'
import { visitPage } from './visit.ts'

/** `GET /` */
export async function welcomePage(deps: EhrDeps, request: HttpRequest): Promise<HttpReply> {
  const locale = chooseLocale(request)
  const words = messages(locale)
  const { welcome } = words.launcher
  const { sandbox } = deps
  const apps = sandbox ? await deps.apps.list() : []
  const body = html`<div class="welcome"><img src="/ui/logo.svg" alt="" width="64" height="64"><div><h1>${welcome.title}</h1><p class="lead">${welcome.lead}</p></div></div>
${sandbox && notice('info', welcome.sandbox)}
<ul class="doors">${door('/ehr', welcome.ehr, welcome.ehrText)}${door('/portal', welcome.portal, welcome.portalText)}${
    sandbox && door('/launcher', welcome.launcher, welcome.launcherText)
  }${door('/account', welcome.account, welcome.accountText)}${door('/admin', welcome.admin, welcome.adminText)}</ul>
${sandbox && tour(welcome, sandbox)}
<div class="stack below">${sandbox && card(accountsTable(sandbox, words.launcher), words.launcher.accounts)}
${apps.some(({ homeUrl }) => homeUrl) && card(html`<ul class="list">${apps.map(({ name, homeUrl, publisher }) => homeUrl && html`<li><a href="${homeUrl}">${name}</a>${publisher && html` <span class="muted small">${words.ehr.apps.by(publisher)}</span>`}</li>`)}</ul>`, welcome.apps)}
${card(addressList(deps, words.launcher), welcome.developers)}</div>`
  const user = await deps.currentUser.find(request)
  const parts = { title: welcome.ehr, body, policy: launchPolicy(apps) }
  if (user) return visitPage(deps, { request, locale, words, user }, parts)
  const here = hereOf(request)
  return page(200, renderPage({ ...parts, locale, ...(here === undefined ? {} : { here }) }), parts.policy)
}

function door(href: string, name: string, text: string): Html {
  return html`<li><a class="card card-link" href="${href}"><strong>${name}</strong><span class="muted">${text}</span></a></li>`
}

function tour(words: { tryIt: string; steps: readonly string[] }, { accounts }: Sandbox): Html | false {
  return (
    accounts.length > 0 &&
    html`<section class="card"><h2>${words.tryIt}</h2><ol class="steps">${words.steps.map((step) => html`<li>${step}</li>`)}</ol></section>`
  )
}
