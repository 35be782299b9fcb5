/** `/admin/apps/ID`: everything of one app, and what can be done to it. */
import { type Html, html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { card, checkbox, emptyState, field, notice } from '../../ui/parts.ts'
import type { AdminDeps } from '../deps.ts'
import type { AdminApp, AdminGrant } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { pathOfApp } from './apps.ts'
import { actForm, grantsTable, stateChip } from './parts.ts'
import { registrationCard } from './registration-card.ts'

/** The longest that an old secret works on. */
export const mostOverlapHours = 90 * 24

/** What stands above the page after an act. */
export type Outcome = 'saved' | 'misfit' | 'changed' | 'unconfirmed' | 'overlap' | 'document'

const statuses: Readonly<Record<Outcome, number>> = {
  saved: 200,
  misfit: 409,
  changed: 409,
  unconfirmed: 400,
  overlap: 400,
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
<div class="split"><div class="stack">${registrationCard(app, visit)}${grantsCard(app, grants, people, visit)}</div>
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
    overlap: words.app.overlapProblem(mostOverlapHours),
    document: words.app.ofDocument,
  }
  return notice(outcome === 'saved' ? 'success' : 'danger', texts[outcome])
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
