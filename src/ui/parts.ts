/** The small parts that pages are put together from. */
import { type Html, html, type Piece } from '../http/html.ts'

/** A labelled input. */
export interface FieldParts {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'password' | 'search' | 'date' | 'email' | 'url' | 'number'
  readonly value?: string
  readonly hint?: string
  readonly error?: Piece
  /** What a password manager fills in; `off` when it should not. */
  readonly autocomplete?: string
  readonly required?: boolean
  readonly autofocus?: boolean
  /** Which keys a phone offers, where the type does not say. */
  readonly inputmode?: 'numeric'
  /** The word after the label of what may stay empty. */
  readonly optional?: string
}

/** A label, its input, and what helps or what is wrong with it, tied together for screen readers. */
export function field(parts: FieldParts): Html {
  const {
    name,
    label,
    type = 'text',
    value,
    hint,
    error,
    autocomplete,
    required,
    autofocus,
    inputmode,
  } = parts
  const described = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(
    Boolean,
  )
  return html`<div class="field${error !== undefined && ' field-wrong'}">
<label for="${name}">${label}${optionalMark(parts.optional)}</label>
${hint !== undefined && html`<p class="field-hint" id="${name}-hint">${hint}</p>`}
<input id="${name}" name="${name}" type="${type}"${attribute('value', value)}${attribute('autocomplete', autocomplete)}${attribute('inputmode', inputmode)}${
    required && html` required`
  }${autofocus && html` autofocus`}${error !== undefined && html` aria-invalid="true"`}${attribute(
    'aria-describedby',
    described.length > 0 ? described.join(' ') : undefined,
  )}${(type === 'text' || type === 'password') && html` autocapitalize="none" spellcheck="false"`}>
${error !== undefined && html`<p class="field-error" id="${name}-error">${error}</p>`}
</div>`
}

/** The word after a label that says the field may stay empty; nothing where it has to be filled in. */
export function optionalMark(word: string | undefined): Html | false {
  return word !== undefined && html` <span class="field-optional">${word}</span>`
}

/** A labelled choice of one value out of several. */
export function choice(parts: {
  name: string
  label: string
  options: readonly (readonly [value: string, label: string])[]
  value?: string
}): Html {
  return html`<div class="field"><label for="${parts.name}">${parts.label}</label>
<select id="${parts.name}" name="${parts.name}">${parts.options.map(
    ([value, label]) =>
      html`<option value="${value}"${value === parts.value && html` selected`}>${label}</option>`,
  )}</select></div>`
}

/** A labelled box to tick. */
export function checkbox(parts: {
  name: string
  value: string
  label: Piece
  checked?: boolean
  hint?: Piece
}): Html {
  return html`<label class="checkbox"><input type="checkbox" name="${parts.name}" value="${parts.value}"${
    parts.checked && html` checked`
  }><span><span class="checkbox-label">${parts.label}</span>${
    parts.hint !== undefined && html`<span class="checkbox-hint">${parts.hint}</span>`
  }</span></label>`
}

/** How much a button asks to be pressed. */
export type ButtonKind = 'primary' | 'secondary' | 'quiet' | 'danger'

/** A submit button; with `name` it tells the form which button it was. */
export function button(
  label: Piece,
  parts: { kind?: ButtonKind; name?: string; value?: string; wide?: boolean } = {},
): Html {
  const { kind = 'primary', name, value, wide } = parts
  return html`<button type="submit" class="button button-${kind}${wide && ' button-wide'}"${attribute('name', name)}${attribute(
    'value',
    value,
  )}>${label}</button>`
}

/** A link that looks like a button. */
export function linkButton(href: string, label: Piece, kind: ButtonKind = 'secondary'): Html {
  return html`<a class="button button-${kind}" href="${href}">${label}</a>`
}

/** A message to the reader; `danger` and `warning` are announced at once. */
export function notice(tone: 'info' | 'success' | 'warning' | 'danger', content: Piece): Html {
  const role = tone === 'danger' || tone === 'warning' ? 'alert' : 'status'
  return html`<div class="notice notice-${tone}" role="${role}">${content}</div>`
}

/** A short mark, such as a role or a status. */
export function chip(
  label: Piece,
  tone: 'plain' | 'accent' | 'success' | 'warning' | 'danger' = 'plain',
): Html {
  return html`<span class="chip chip-${tone}">${label}</span>`
}

/** A block of its own, with an optional heading of the second level. */
export function card(content: Piece, heading?: Piece): Html {
  return html`<section class="card">${heading !== undefined && html`<h2>${heading}</h2>`}${content}</section>`
}

/** Terms with what they say; a term without content is left out. */
export function definitions(rows: readonly (readonly [term: Piece, content: Piece])[]): Html {
  const told = rows.filter(
    ([, content]) => content !== undefined && content !== null && content !== false && content !== '',
  )
  return html`<dl class="definitions">${told.map(
    ([term, content]) => html`<div><dt>${term}</dt><dd>${content}</dd></div>`,
  )}</dl>`
}

/**
 * A table that scrolls sideways on a narrow screen; the caption names it for everybody. Inside `.stacked` each row is a
 * list of its own on a phone, and inside `.labelled` its cells but the first say what they are.
 */
export function table(parts: {
  caption: string
  columns: readonly Piece[]
  rows: readonly (readonly Piece[])[]
}): Html {
  return html`<div class="table-scroll" role="region" aria-label="${parts.caption}" tabindex="0"><table>
<caption class="visually-hidden">${parts.caption}</caption>
<thead><tr>${parts.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${parts.rows.map((row) => html`<tr>${row.map((cell, index) => html`<td${attribute('data-label', labelOf(parts.columns[index]))}>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`
}

function labelOf(column: Piece): string | undefined {
  return typeof column === 'string' ? column : undefined
}

/** What stands where nothing is. */
export function emptyState(title: Piece, hint?: Piece): Html {
  return html`<div class="empty"><p class="empty-title">${title}</p>${hint !== undefined && html`<p>${hint}</p>`}</div>`
}

function attribute(name: string, value: string | undefined): Html | false {
  return value !== undefined && html` ${name}="${value}"`
}
