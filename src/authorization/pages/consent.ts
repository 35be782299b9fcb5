import { type Html, html } from '../../http/html.ts'
import type { HttpReply } from '../../http/route.ts'
import { sourceOf } from '../../http/security-headers.ts'
import { formatScope, type ResourceScope, type Scope } from '../../smart/scope.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { type Messages, messages } from '../../ui/messages.ts'
import { button, checkbox, chip } from '../../ui/parts.ts'
import type { Client } from '../client.ts'
import type { PatientSummary } from '../ports.ts'
import { documentHostOf } from '../registration/client-document.ts'
import { type About, flowPage } from './about.ts'
import { safeLink } from './safe-link.ts'
import { partWords, type ScopeWords, type Section, scopeWords, sections } from './scope-words.ts'

type Words = Messages['consent']

/** One question of the page, and the parts that it can be narrowed to. */
export interface AskedScope {
  readonly scope: Scope
  /** The same in other spellings. */
  readonly also: readonly Scope[]
  readonly isTicked: boolean
  readonly parts: readonly AskedPart[]
}

interface AskedPart {
  readonly scope: ResourceScope
  readonly isTicked: boolean
}

/** Asking the user: who asks, for what, on whose record; declining is as easy as allowing (CONS-01 to CONS-05). */
export function consentPage(
  about: About,
  asked: readonly AskedScope[],
  patient: PatientSummary | undefined,
): HttpReply {
  const { client, user, redirectUri } = about
  const words = messages(chooseLocale(about.request)).consent
  const logo = safeLink(client.logoUri, about.baseUrl)
  const host = documentHostOf(client)
  const body = html`<div class="consent-app">${logo && html`<img class="consent-logo" src="${logo}" alt="" width="56" height="56">`}
<div><h1>${words.heading(client.name)}</h1>
${host !== undefined && html`<p><strong>${words.documentHost(host)}</strong></p>`}
<p class="muted small">${publisher(client, words)}</p></div></div>
<p>${words.lead(user.name)}</p>
<form method="post">${about.csrf.html}
${groups(asked, patient, words)}
<p class="actions actions-even">${button(words.deny, { kind: 'secondary', name: 'decision', value: 'deny' })}${button(words.allow, { name: 'decision', value: 'allow' })}</p>
</form>
<p class="consent-after muted small">${words.afterwards(placeOf(redirectUri))} ${words.revocable}</p>`
  const source = logo && sourceOf(logo)
  return flowPage(about, words.title(client.name), body, source ? [source] : [])
}

function publisher({ clientUri, policyUri, tosUri }: Client, words: Words): Html {
  const links = [
    [policyUri, words.policy],
    [tosUri, words.terms],
  ] as const
  return html`${clientUri ? words.publisher(placeOf(clientUri)) : words.publisherUnknown}${links.map(
    ([uri, label]) =>
      isWeb(uri) && html` · <a href="${uri}" target="_blank" rel="noopener noreferrer">${label}</a>`,
  )}`
}

function isWeb(uri: string | undefined): boolean {
  return uri !== undefined && /^https?:\/\//i.test(uri)
}

/** Host and port, or the scheme of a native app. */
function placeOf(uri: string): string {
  if (!URL.canParse(uri)) return uri
  const url = new URL(uri)
  return url.host === '' ? url.protocol.slice(0, -1) : url.host
}

function groups(asked: readonly AskedScope[], patient: PatientSummary | undefined, words: Words): Html {
  const rows = asked.map((one) => ({
    ...one,
    scope: formatScope(one.scope),
    meanings: meaningsOf([one.scope, ...one.also], words),
    said: scopeWords(one.scope, words),
  }))
  const headings: Record<Section, string> = {
    record: patient ? words.record(patient.name) : words.recordUnknown,
    userRecords: words.userRecords,
    identity: words.identity,
    session: words.session,
  }
  return html`${sections.map((section) => {
    const own = rows.filter(({ said }) => said.section === section)
    return own.length > 0 && group(headings[section], own, words)
  })}`
}

type Row = Omit<AskedScope, 'scope' | 'also'> & {
  readonly scope: string
  readonly meanings: readonly Meaning[]
  readonly said: ScopeWords
}

/** What the app can do, at length, and the scopes that say so. */
interface Meaning {
  readonly long: string
  readonly exact: readonly string[]
}

/** What is asked in one question may allow less or more by each of its scopes. */
function meaningsOf(scopes: readonly Scope[], words: Words): Meaning[] {
  const byLong = Map.groupBy(scopes, (scope) => scopeWords(scope, words).long)
  return [...byLong].map(([long, own]) => ({ long, exact: own.map(formatScope) }))
}

function group(heading: string, rows: readonly Row[], words: Words): Html {
  return html`<fieldset class="consent-group"><legend>${heading}</legend>
${rows.map((one) => row(one, words))}
<details class="consent-detail"><summary>${words.exactScopes}</summary>
<dl>${rows.map(({ meanings, said }) => html`<dt>${said.short}</dt>${meanings.map(meaning)}`)}</dl></details></fieldset>`
}

function meaning({ long, exact }: Meaning): Html {
  return html`<dd>${long} ${exact.map((one) => html`<code>${one}</code>`)}</dd>`
}

function row({ scope, isTicked, parts, said: { short, notes, writes } }: Row, words: Words): Html {
  const mark = writes && html` ${chip(words.mayChange, 'warning')}`
  return html`<div class="consent-row${writes && html` consent-writes`}">${checkbox({
    name: 'scope',
    value: scope,
    label: html`${short}${mark}`,
    checked: isTicked,
    ...(notes.length > 0 && { hint: notes.join(' ') }),
  })}${parts.length > 0 && narrowing(parts, words)}</div>`
}

/** To share less than a broad scope asks; nothing is ticked here until somebody does. */
function narrowing(parts: readonly AskedPart[], words: Words): Html {
  const isOpen = parts.some(({ isTicked }) => isTicked)
  return html`<details class="consent-parts"${isOpen && html` open`}><summary>${words.onlyPart}</summary>
<p class="muted small">${words.onlyPartHint}</p>
${parts.map(({ scope, isTicked }) => checkbox({ name: 'part', value: formatScope(scope), label: sentence(partWords(scope, words)), checked: isTicked }))}</details>`
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
