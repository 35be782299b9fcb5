/** Parts that only the pages of administration have. */
import { type Html, html } from '../../http/html.ts'
import { formatMoment } from '../../ui/format.ts'
import { button, chip, definitions, linkButton, notice, table } from '../../ui/parts.ts'
import type { AdminGrant, AppState } from '../ports.ts'
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
  readonly isWrong?: boolean
  readonly rows?: number
}): Html {
  const { name, label, value, hint, isWrong, rows = 3 } = parts
  return html`<div class="field${isWrong && ' field-wrong'}"><label for="${name}">${label}</label>
${hint !== undefined && html`<p class="field-hint" id="${name}-hint">${hint}</p>`}
<textarea id="${name}" name="${name}" rows="${rows}" spellcheck="false" autocapitalize="none"${
    hint !== undefined && html` aria-describedby="${name}-hint"`
  }${isWrong && html` aria-invalid="true"`}>
${value}</textarea></div>`
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
  } = {},
): Html {
  return html`<form method="post" action="${action}" class="admin-act">${visit.csrf}<input type="hidden" name="act" value="${act}">
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
  who: { readonly column: string; readonly of: (grant: AdminGrant) => string },
): Html {
  const { app: words } = visit.words
  return table({
    caption: words.grants,
    columns: [who.column, words.grantPatient, words.grantScope, words.grantSince, words.grantRevoke],
    rows: grants.map((grant) => [
      who.of(grant),
      grant.patient !== undefined && html`<code>${grant.patient}</code>`,
      html`<code class="admin-scope">${grant.scope}</code>`,
      formatMoment(visit.locale, grant.createdAt),
      html`<form method="post" action="${action}">${visit.csrf}<input type="hidden" name="act" value="revoke-grant"><input type="hidden" name="grant" value="${grant.id}"><button type="submit" class="button button-secondary" aria-label="${words.grantRevokeOf(who.of(grant))}">${words.grantRevoke}</button></form>`,
    ]),
  })
}

/** The lines of a text that are not empty. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
