/** `/admin/apps/ID`: everything of one app, and what can be done to it. */
import { type Html, html, join } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatMoment } from '../../ui/format.ts'
import { card, checkbox, definitions, emptyState, field, linkButton, notice } from '../../ui/parts.ts'
import type { AdminDeps } from '../deps.ts'
import type { AdminApp, AdminGrant } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { pathOfApp } from './apps.ts'
import { actForm, grantsTable, stateChip } from './parts.ts'

/** What stands above the page after an act. */
export type Outcome = 'saved' | 'misfit' | 'changed' | 'unconfirmed' | 'document'

const statuses: Readonly<Record<Outcome, number>> = {
  saved: 200,
  misfit: 409,
  changed: 409,
  unconfirmed: 400,
  document: 409,
}

/** The page of the app that the address names. */
export async function showApp(visit: Visit, deps: AdminDeps, outcome?: Outcome): Promise<HttpReply> {
  const id = visit.request.segments.id ?? ''
  const app = await deps.apps.find(id)
  if (!app) return missing(visit)
  const [grants, accounts] = await Promise.all([deps.grants.list({ clientId: id }), deps.accounts.list()])
  const people = new Map(accounts.map((account) => [account.id, account.name]))
  const told = outcome ?? (visit.request.query.get('saved') === undefined ? undefined : 'saved')
  return adminPage(visit, 'apps', {
    title: app.metadata.client_name,
    body: html`<h1>${app.metadata.client_name}</h1>
<p>${stateChip(app.state, visit)}</p>${told && outcomeNotice(told, visit)}
<div class="split"><div class="stack">${aboutCard(app, visit)}${grantsCard(app, grants, people, visit)}</div>
<div class="stack">${decisionCard(app, visit)}${trustCard(app, visit)}${removeCard(app, visit)}</div></div>`,
    status: outcome === undefined ? 200 : statuses[outcome],
  })
}

function outcomeNotice(outcome: Outcome, { words }: Visit): Html {
  const texts = {
    saved: words.app.saved,
    misfit: words.app.misfit,
    changed: words.app.changedMeanwhile,
    unconfirmed: words.app.removeUnconfirmed,
    document: words.app.ofDocument,
  }
  return notice(outcome === 'saved' ? 'success' : 'danger', texts[outcome])
}

const code = (text: string | undefined) => text !== undefined && html`<code>${text}</code>`
const codes = (texts: readonly string[]) =>
  texts.length > 0 &&
  join(
    texts.map((text) => html`<code>${text}</code>`),
    html`<br>`,
  )

/** Addresses are told as text: nothing that an app names is loaded or linked here. */
function aboutCard(app: AdminApp, visit: Visit): Html {
  const { words, locale } = visit
  const { metadata } = app
  const software = [metadata.software_id, metadata.software_version].filter((one) => one !== undefined)
  return card(
    html`${app.origin !== 'administrator' && html`<p class="muted small">${words.app.unverified}</p>`}${definitions(
      [
        [words.app.clientId, code(app.id)],
        [words.apps.kind, words.kinds[app.kind]],
        [words.apps.registered, html`${words.origins[app.origin]}<br>${formatMoment(locale, app.createdAt)}`],
        [words.app.redirectUris, codes(metadata.redirect_uris)],
        [words.app.launchUri, code(metadata.initiate_login_uri)],
        [words.app.scope, html`<code class="admin-scope">${metadata.scope}</code>`],
        [words.app.grantTypes, codes(metadata.grant_types)],
        [words.app.authMethod, code(metadata.token_endpoint_auth_method)],
        [words.app.signingAlg, code(metadata.token_endpoint_auth_signing_alg)],
        [words.app.keys, metadata.jwks === undefined ? code(metadata.jwks_uri) : words.app.keysInline],
        [words.app.secrets, app.secrets.length > 0 && secrets(app, visit)],
        [words.app.clientUri, code(metadata.client_uri)],
        [words.app.logoUri, code(metadata.logo_uri)],
        [words.app.policyUri, code(metadata.policy_uri)],
        [words.app.tosUri, code(metadata.tos_uri)],
        [words.app.contacts, metadata.contacts && codes(metadata.contacts)],
        [words.app.software, software.length > 0 && software.join(' · ')],
        [words.app.smart1, app.smart1 && words.app.smart1Yes],
        [words.app.resourceServer, app.resourceServer && words.app.resourceServerYes],
        [words.app.preApproved, app.preApproved ? words.app.preApprovedYes : words.app.preApprovedNo],
      ],
    )}${app.origin === 'document' ? html`<p class="muted small">${words.app.ofDocument}</p>` : html`<p class="actions">${linkButton(`${pathOfApp(app.id)}/edit`, words.app.edit)}</p>`}`,
    words.app.about,
  )
}

function secrets({ secrets }: AdminApp, { words, locale }: Visit): Html {
  return join(
    secrets.map(({ createdAt, endsAt }) => {
      const made = words.app.secretMade(formatMoment(locale, createdAt))
      return endsAt === undefined ? made : `${made}, ${words.app.secretEnds(formatMoment(locale, endsAt))}`
    }),
    html`<br>`,
  )
}

function grantsCard(
  { id }: AdminApp,
  grants: readonly AdminGrant[],
  people: ReadonlyMap<string, string>,
  visit: Visit,
): Html {
  const { app: words } = visit.words
  const who = {
    column: words.grantOf,
    of: ({ userId }: AdminGrant) => (userId === undefined ? words.itself : (people.get(userId) ?? userId)),
    href: ({ userId }: AdminGrant) =>
      userId !== undefined && people.has(userId)
        ? `/admin/accounts/${encodeURIComponent(userId)}`
        : undefined,
  }
  return card(
    grants.length === 0 ? emptyState(words.grantsNone) : grantsTable(visit, pathOfApp(id), grants, who),
    words.grants,
  )
}

function decisionCard(app: AdminApp, visit: Visit): Html {
  const { words } = visit
  const path = pathOfApp(app.id)
  const seen = app.version
  const approve = actForm(visit, path, 'approve', words.app.approve, { kind: 'primary', seen })
  const acts = {
    waiting: html`${approve}${actForm(visit, path, 'refuse', words.app.refuse, { kind: 'danger' })}`,
    refused: approve,
    approved: actForm(visit, path, 'disable', words.app.disable, { hint: words.app.disableHint }),
    disabled: actForm(visit, path, 'enable', words.app.enable, { seen }),
  }
  const reasons = app.waitsFor.map((reason) => html`<li>${words.reasons[reason]}</li>`)
  return card(
    html`${reasons.length > 0 && html`<h3>${words.app.waitsFor}</h3><ul>${reasons}</ul>`}${acts[app.state]}`,
    words.app.decision,
  )
}

function trustCard(app: AdminApp, visit: Visit): Html | false {
  const { app: words } = visit.words
  const path = pathOfApp(app.id)
  const seen = app.version
  // What is trusted is what was approved.
  const isApproved = app.state === 'approved' || app.state === 'disabled'
  const preApproval = app.preApproved
    ? actForm(visit, path, 'no-pre-approval', words.noPreApprove)
    : isApproved &&
      app.kind !== 'backend' &&
      actForm(visit, path, 'pre-approval', words.preApprove, { hint: words.preApproveHint, seen })
  const smart1 = app.smart1
    ? actForm(visit, path, 'no-smart1', words.noSmart1)
    : isApproved &&
      app.kind === 'confidential' &&
      actForm(visit, path, 'smart1', words.smart1, { hint: words.smart1Hint, seen })
  const resourceServer = app.resourceServer
    ? actForm(visit, path, 'no-resource-server', words.noResourceServer)
    : isApproved &&
      app.kind !== 'public' &&
      actForm(visit, path, 'resource-server', words.resourceServer, { hint: words.resourceServerHint, seen })
  const more = field({ name: 'overlap', label: words.overlap, type: 'number', value: '24' })
  const rotation = app.secrets.length > 0 && actForm(visit, path, 'rotate', words.rotate, { more })
  const hasAny = [rotation, preApproval, smart1, resourceServer].some((form) => form !== false)
  return hasAny && card(html`${rotation}${preApproval}${smart1}${resourceServer}`, words.trust)
}

function removeCard(app: AdminApp, visit: Visit): Html {
  const { app: words } = visit.words
  const more = checkbox({ name: 'confirm', value: 'yes', label: words.removeConfirm })
  return card(
    actForm(visit, pathOfApp(app.id), 'remove', words.remove, {
      kind: 'danger',
      hint: words.removeHint,
      more,
    }),
    words.remove,
  )
}
