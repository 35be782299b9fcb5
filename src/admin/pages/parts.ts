/** Parts that only the pages of administration have. */
import { type Html, html, type Piece } from '../../http/html.ts'
import { formatMoment } from '../../ui/format.ts'
import { button, chip, definitions, linkButton, notice, optionalMark, table } from '../../ui/parts.ts'
import { reasonIn } from '../../ui/reasons.ts'
import type { AdminGrant, AppState, NotAcceptable } from '../ports.ts'
import type { Visit } from './admit.ts'

const tones = { approved: 'success', waiting: 'warning', refused: 'danger', disabled: 'plain' } as const

/** An app's state as a mark. */
export function stateChip(state: AppState, { words }: Visit): Html {
  return chip(words.states[state], tones[state])
}

/** A labelled text of several lines. */
export function textArea(parts: {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly hint?: string
  /** What is wrong with it, below it. */
  readonly error?: Piece
  /** The word after the label of what may stay empty. */
  readonly optional?: string
  readonly rows?: number
}): Html {
  const { name, label, value, hint, error, optional, rows = 3 } = parts
  const isWrong = error !== undefined
  const described = [hint !== undefined && `${name}-hint`, isWrong && `${name}-error`].filter(Boolean)
  return html`<div class="field${isWrong && ' field-wrong'}"><label for="${name}">${label}${optionalMark(optional)}</label>
${hint !== undefined && html`<p class="field-hint" id="${name}-hint">${hint}</p>`}
<textarea id="${name}" name="${name}" rows="${rows}" spellcheck="false" autocapitalize="none"${
    described.length > 0 && html` aria-describedby="${described.join(' ')}"`
  }${isWrong && html` aria-invalid="true"`}>
${value}</textarea>
${isWrong && html`<p class="field-error" id="${name}-error">${error}</p>`}</div>`
}

/** Why something was not accepted; in English where the reader's language has no words for it. */
export function reasonOf({ message }: NotAcceptable, { words, locale }: Visit): Html {
  const told = reasonIn(locale, message)
  if (told !== undefined) return html`${told}`
  const reason = message.charAt(0).toUpperCase() + message.slice(1)
  return locale === 'en' ? html`${reason}` : html`${words.form.wrong} <span lang="en">${reason}</span>`
}

/** A form of one button, with the act it stands for. */
export function actForm(
  visit: Visit,
  action: string,
  act: string,
  label: string,
  parts: {
    readonly kind?: 'primary' | 'secondary' | 'danger'
    readonly more?: Html
    readonly hint?: string
    /** The version of what the page shows: the act is on that. */
    readonly seen?: string
  } = {},
): Html {
  return html`<form method="post" action="${action}" class="admin-act">${visit.csrf}<input type="hidden" name="act" value="${act}">${parts.seen !== undefined && html`<input type="hidden" name="seen" value="${parts.seen}">`}
${parts.hint !== undefined && html`<p class="muted small">${parts.hint}</p>`}${parts.more}${button(label, { kind: parts.kind ?? 'secondary' })}</form>`
}

/** A secret, shown this once. */
export function secretPage(
  visit: Visit,
  back: string,
  rows: readonly (readonly [label: string, value: string])[],
): Html {
  const { secret: words } = visit.words
  return html`<h1>${words.title}</h1>${notice('warning', words.lead)}
<section class="card">${definitions(rows.map(([label, value]) => [label, html`<code class="admin-secret">${value}</code>`]))}
<p class="actions">${linkButton(back, words.done, 'primary')}</p></section>`
}

/** Grants in a table, each with the button that ends it. */
export function grantsTable(
  visit: Visit,
  action: string,
  grants: readonly AdminGrant[],
  who: {
    readonly column: string
    readonly of: (grant: AdminGrant) => string
    readonly href?: (grant: AdminGrant) => string | undefined
  },
): Html {
  const { app: words } = visit.words
  return html`<div class="stacked labelled">${table({
    caption: words.grants,
    columns: [who.column, words.grantPatient, words.grantScope, words.grantSince, words.grantRevoke],
    rows: grants.map((grant) => [
      named(who.of(grant), who.href?.(grant)),
      grant.patient !== undefined && html`<code>${grant.patient}</code>`,
      html`<details><summary>${words.grantScopes(grant.scope.split(' ').length)}</summary><code class="admin-scope">${grant.scope}</code></details>`,
      formatMoment(visit.locale, grant.createdAt),
      html`<form method="post" action="${action}">${visit.csrf}<input type="hidden" name="act" value="revoke-grant"><input type="hidden" name="grant" value="${grant.id}"><button type="submit" class="button button-secondary" aria-label="${words.grantRevokeOf(who.of(grant))}">${words.grantRevoke}</button></form>`,
    ]),
  })}</div>`
}

function named(name: string, href: string | undefined): Piece {
  return href === undefined ? name : html`<a href="${href}">${name}</a>`
}

/** The lines of a text that are not empty. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
