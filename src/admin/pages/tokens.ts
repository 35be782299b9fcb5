/** `/admin/tokens`: initial access tokens, issued and revoked. */
import { type Html, html } from '../../http/html.ts'
import type { Params } from '../../http/params.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import { formatMoment } from '../../ui/format.ts'
import { button, card, checkbox, chip, emptyState, field, notice, table } from '../../ui/parts.ts'
import type { AdminDeps } from '../deps.ts'
import { type InitialToken, NotAcceptable, type TokenTerms } from '../ports.ts'
import { adminPage, missing, type Visit } from './admit.ts'
import { secretPage, textArea } from './parts.ts'

const PATH = '/admin/tokens'
const DAY = 24 * 60 * 60 * 1000
const mostUses = 10_000
const mostDays = 366
const longestName = 200

/** The list and the form; with `wrong`, the form as it was sent, and which of its fields it is. */
export async function showTokens(visit: Visit, deps: AdminDeps, wrong?: Term): Promise<HttpReply> {
  const { tokens: words } = visit.words
  const tokens = await deps.tokens.list()
  const revoked = visit.request.query.get('revoked') !== undefined
  return adminPage(visit, 'tokens', {
    title: words.title,
    body: html`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
${revoked && notice('success', words.revoked)}${wrong && notice('danger', words.problem)}
${tokens.length === 0 ? emptyState(words.none) : tokensTable(tokens, visit, deps.now())}
${issueForm(visit, wrong)}`,
    status: wrong ? 400 : 200,
  })
}

/** Issues a token, or revokes one. */
export async function changeTokens(visit: Visit, deps: AdminDeps): Promise<HttpReply> {
  const { form } = visit.request
  if (form.get('act') === 'revoke') {
    const wasGood = await deps.tokens.revoke(form.get('token') ?? '', visit.by)
    return wasGood ? redirect(`${PATH}?revoked=1`) : missing(visit)
  }
  const terms = termsTyped(form)
  if (typeof terms === 'string') return showTokens(visit, deps, terms)
  try {
    const { secret } = await deps.tokens.issue(terms, visit.by)
    const { secret: words } = visit.words
    return adminPage(visit, 'tokens', {
      title: words.title,
      body: secretPage(visit, PATH, [[words.token, secret]]),
    })
  } catch (error) {
    if (!(error instanceof NotAcceptable)) throw error
    return showTokens(visit, deps, 'scope')
  }
}

/** A field of the form. */
type Term = 'name' | 'uses' | 'days' | 'scope'

/** What was typed, or the field that is wrong. */
function termsTyped(form: Params): TokenTerms | Term {
  const name = form.get('name')?.trim() ?? ''
  const [uses, days] = [Number(form.get('uses')), Number(form.get('days'))]
  const scope = form.get('scope')?.split(/\s+/).filter(Boolean).join(' ') ?? ''
  if (name === '' || name.length > longestName) return 'name'
  if (!Number.isInteger(uses) || uses < 1 || uses > mostUses) return 'uses'
  if (!(days >= 1 && days <= mostDays)) return 'days'
  const backend = form.get('backend') === 'yes'
  return { name, uses, backend, lifetime: days * DAY, ...(scope !== '' && { scope }) }
}

function stateOf(token: InitialToken, now: number): 'good' | 'used' | 'expired' | 'revoked' {
  if (token.revokedAt !== undefined) return 'revoked'
  if (token.usesLeft < 1) return 'used'
  return token.expiresAt <= now ? 'expired' : 'good'
}

function tokensTable(tokens: readonly InitialToken[], visit: Visit, now: number): Html {
  const { tokens: words } = visit.words
  return html`<section class="card stacked labelled">${table({
    caption: words.caption,
    columns: [words.name, words.state, words.usesLeft, words.expires, words.scope, words.revoke],
    rows: tokens.map((token) => {
      const state = stateOf(token, now)
      return [
        token.name,
        chip(words.states[state], state === 'good' ? 'success' : 'plain'),
        token.usesLeft,
        formatMoment(visit.locale, token.expiresAt),
        html`<code class="admin-scope">${token.scope}</code>`,
        state === 'good' && revokeForm(token, visit),
      ]
    }),
  })}</section>`
}

function revokeForm({ id, name }: InitialToken, { csrf, words }: Visit): Html {
  return html`<form method="post" action="${PATH}">${csrf}<input type="hidden" name="act" value="revoke"><input type="hidden" name="token" value="${id}"><button type="submit" class="button button-secondary" aria-label="${words.tokens.revokeOf(name)}">${words.tokens.revoke}</button></form>`
}

function issueForm({ csrf, request, draft, words: { tokens: words, form } }: Visit, wrong?: Term): Html {
  const before = wrong ? request.form : draft
  const typed = (name: Term, otherwise: string) => before?.get(name) ?? otherwise
  const error = (name: Term) => wrong === name && { error: words.problems[name] }
  return card(
    html`<form method="post" action="${PATH}" class="admin-form">${csrf}<input type="hidden" name="act" value="issue">
${field({ name: 'name', label: words.name, value: typed('name', ''), required: true, autocomplete: 'off', ...error('name') })}
${field({ name: 'uses', label: words.uses, type: 'number', value: typed('uses', '1'), required: true, ...error('uses') })}
${field({ name: 'days', label: words.days, type: 'number', value: typed('days', '7'), required: true, ...error('days') })}
${textArea({ name: 'scope', label: words.scope, hint: words.scopeHint, optional: form.optional, value: typed('scope', ''), ...error('scope') })}
${checkbox({ name: 'backend', value: 'yes', label: words.backend, checked: before?.get('backend') === 'yes' })}
<p class="actions">${button(words.issue)}</p></form>`,
    words.issueTitle,
  )
}
