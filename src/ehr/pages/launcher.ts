/** The launch builder: any launch, put together in a form and shared as a link. */
import { type Html, html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { type Messages, messages } from '../../ui/messages.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import { button, card, checkbox, choice, field, linkButton, notice, table } from '../../ui/parts.ts'
import type { EhrDeps, Sandbox } from '../deps.ts'
import { appOf, type LaunchPlan, parsePlan, planQuery, problemOf } from '../launch-plan.ts'
import type { AppSummary } from '../ports.ts'
import { accountsTable, addressList } from './sandbox-parts.ts'
import { visitPage } from './visit.ts'

type LauncherWords = Messages['launcher']

/** `GET /launcher`, with the plan in the query once the form was sent. Open to all: it shows nothing that is not synthetic. */
export async function launcherPage(
  deps: EhrDeps,
  sandbox: Sandbox,
  request: HttpRequest,
): Promise<HttpReply> {
  const locale = chooseLocale(request)
  const words = messages(locale)
  const apps = await deps.apps.list()
  const plan = parsePlan(request.query)
  const asked = request.query.get('kind') !== undefined
  const body = html`<h1>${words.launcher.title}</h1><p class="lead">${words.launcher.intro}</p>
<div class="split"><div class="stack">
${asked && outcome(deps, sandbox, plan, apps, words.launcher)}
${card(form(deps, plan, apps, sandbox, words.launcher), words.launcher.build)}</div>
<div class="columns">${card(addressList(deps, words.launcher), words.launcher.addresses)}</div></div>
<div class="stack below">${card(accountsTable(sandbox, words.launcher), words.launcher.accounts)}
${card(appsTable(apps, words.launcher), words.launcher.apps)}</div>`
  const user = await deps.currentUser.find(request)
  const parts = { title: words.launcher.title, body, width: 'wide' } as const
  if (user) return visitPage(deps, { request, locale, words, user }, parts)
  const here = hereOf(request)
  return page(200, renderPage({ ...parts, locale, ...(here === undefined ? {} : { here }) }))
}

function form(
  { styleUrl }: EhrDeps,
  plan: LaunchPlan,
  apps: readonly AppSummary[],
  { accounts, tenant }: Sandbox,
  words: LauncherWords,
): Html {
  const kinds = (['ehr', 'portal', 'standalone'] as const).map((kind) => [kind, words.kinds[kind]] as const)
  return html`<form method="get" action="/launcher"><div class="form-grid">
${choice({ name: 'client', label: words.app, value: plan.app ?? '', options: [['', words.chooseApp], ...apps.map(({ clientId, name }) => [clientId, name] as const)] })}
${field({ name: 'launch_url', label: words.orLaunchUrl, type: 'url', hint: words.launchUrlHint, autocomplete: 'off', ...given(plan.launchUrl) })}
${choice({ name: 'kind', label: words.kind, value: plan.kind, options: kinds })}
${choice({ name: 'user', label: words.user, value: plan.user ?? '', options: [['', words.anyUser], ...accounts.map(({ username, name }) => [username, `${username} (${name})`] as const)] })}
${field({ name: 'patient', label: words.patient, hint: words.patientHint, autocomplete: 'off', ...given(plan.patient) })}
${field({ name: 'encounter', label: words.encounter, hint: words.encounterHint, autocomplete: 'off', ...given(plan.encounter) })}
</div><details class="more"${plan.banner || hasMore(plan) ? html` open` : ''}><summary>${words.more}</summary><div class="form-grid">
${field({ name: 'intent', label: words.intent, hint: words.intentHint, autocomplete: 'off', ...given(plan.intent) })}
${field({ name: 'fhir_context', label: words.fhirContext, hint: words.fhirContextHint, autocomplete: 'off', ...given(plan.fhirContext) })}
${field({ name: 'smart_style_url', label: words.style, type: 'url', hint: words.styleHint(styleUrl), autocomplete: 'off', ...given(plan.style) })}
${field({ name: 'tenant', label: words.tenant, hint: words.tenantHint(tenant), autocomplete: 'off', ...given(plan.tenant) })}
${field({ name: 'app_context', label: words.appContext, hint: words.appContextHint, autocomplete: 'off', ...given(plan.appContext) })}
${checkbox({ name: 'banner', value: 'true', label: words.banner, checked: plan.banner })}
</div></details><p class="actions">${button(words.make)}</p></form>`
}

/** What few launches carry is folded away, until one does. */
function hasMore({ intent, fhirContext, style, tenant, appContext }: LaunchPlan): boolean {
  return [intent, fhirContext, style, tenant, appContext].some((one) => one !== undefined)
}

function given(value: string | undefined): { value?: string } {
  return value === undefined ? {} : { value }
}

function outcome(
  deps: EhrDeps,
  { accounts }: Sandbox,
  plan: LaunchPlan,
  apps: readonly AppSummary[],
  words: LauncherWords,
): Html {
  const app = appOf(plan, apps)
  const problem = problemOf(plan, app, accounts)
  if (problem !== undefined || !app) return problemNotice(deps, problem ?? 'unknown-app', words)
  return card(
    plan.kind === 'standalone' ? standalone(deps, app, words) : share(deps, plan, app, words),
    words.ready,
  )
}

function problemNotice(deps: EhrDeps, problem: keyof LauncherWords['problems'], words: LauncherWords): Html {
  const where = problem === 'unknown-app' && html` <code>${deps.baseUrl}/oauth/register</code>`
  return notice('danger', html`${words.problems[problem]}${where}`)
}

function share(deps: EhrDeps, plan: LaunchPlan, app: AppSummary, words: LauncherWords): Html {
  const path = `/launcher/launch?${planQuery(plan, app.clientId)}`
  return html`<div class="field"><label for="share">${words.share}</label>
<input id="share" type="text" readonly value="${deps.baseUrl}${path}"></div>
<p class="muted small">${words.shareText}</p>
<p class="actions">${linkButton(path, words.open, 'primary')}</p>`
}

function standalone({ fhirBase }: EhrDeps, { name, homeUrl }: AppSummary, words: LauncherWords): Html {
  return html`<p>${words.standaloneText}</p><p><code>${fhirBase}</code></p>
${homeUrl === undefined ? html`<p class="muted">${words.standaloneNoHome}</p>` : html`<p class="actions">${linkButton(homeUrl, words.standaloneOpen(name), 'primary')}</p>`}`
}

function appsTable(apps: readonly AppSummary[], words: LauncherWords): Html {
  if (apps.length === 0) return html`<p class="muted">${words.noApps}</p>`
  return html`<div class="stacked">${table({
    caption: words.apps,
    columns: [words.app, words.clientId, words.launchUrl],
    rows: apps.map(({ name, clientId, launchUrl }) => [
      name,
      html`<code>${clientId}</code>`,
      launchUrl === undefined ? '–' : html`<code>${launchUrl}</code>`,
    ]),
  })}</div>`
}
