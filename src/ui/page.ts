/** The frame of every page: head, header with menu and user, main landmark. Works without scripts. */
import { type Html, html } from '../http/html.ts'
import { LOCALE_NAMES, type Locale } from './locale.ts'
import { type Messages, messages } from './messages.ts'

/** A place in the main menu. */
export interface NavItem {
  readonly href: string
  readonly label: string
  readonly current?: boolean
}

/** Who is signed in. */
export interface PageUser {
  readonly name: string
  /** The anti-forgery field; with it one press signs out, without it a page asks first. */
  readonly signOutField?: Html
}

/** What a page is made of. */
export interface PageParts {
  readonly locale: Locale
  readonly title: string
  readonly body: Html
  readonly user?: PageUser
  readonly nav?: readonly NavItem[]
  /** `narrow` for one form, `wide` for the whole window; default a comfortable reading width. */
  readonly width?: 'narrow' | 'wide'
  /** Addresses of script files of this server, loaded as modules. */
  readonly scripts?: readonly string[]
  /** Path and query of this page: with it the header offers the other languages. See `hereOf`. */
  readonly here?: string
}

/** Path and query of a page that was asked for by GET, to come back to. */
export function hereOf(request: { method: string; path: string; search: string }): string | undefined {
  if (request.method !== 'GET') return undefined
  return request.search === '' ? request.path : `${request.path}?${request.search}`
}

/** A whole page. */
export function renderPage(parts: PageParts): Html {
  const { frame } = messages(parts.locale)
  return html`<!doctype html>
<html lang="${parts.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${parts.title} · ${frame.product}</title>
<link rel="icon" href="/ui/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/ui/chartkey.css">
${(parts.scripts ?? []).map((source) => html`<script type="module" src="${source}"></script>`)}
</head>
<body>
<a class="skip-link" href="#content">${frame.skipToContent}</a>
${header(parts, frame)}
<main id="content" tabindex="-1" class="page page-${parts.width ?? 'medium'}">
${parts.body}
</main>
</body>
</html>
`
}

function header({ locale, nav = [], user, here }: PageParts, frame: Messages['frame']): Html {
  return html`<header class="site-header">
<a class="brand" href="/"><img src="/ui/logo.svg" alt="" width="28" height="28"><span>${frame.product}</span></a>
${nav.length > 0 && menu(nav, frame.mainMenu)}
<div class="site-tools">
${here !== undefined && languages(locale, here, frame.language)}
${user && userMenu(user, frame)}
</div>
</header>`
}

function menu(nav: readonly NavItem[], label: string): Html {
  return html`<nav class="site-nav" aria-label="${label}"><ul>${nav.map(
    ({ href, label: text, current }) =>
      html`<li><a href="${href}"${current && html` aria-current="page"`}>${text}</a></li>`,
  )}</ul></nav>`
}

function languages(locale: Locale, here: string, label: string): Html {
  const others = (Object.keys(LOCALE_NAMES) as Locale[]).filter((other) => other !== locale)
  return html`<nav class="languages" aria-label="${label}">${others.map((other) => {
    const href = `/account/language?${new URLSearchParams({ locale: other, return_to: here })}`
    return html`<a href="${href}" lang="${other}" hreflang="${other}">${LOCALE_NAMES[other]}</a>`
  })}</nav>`
}

function userMenu({ name, signOutField }: PageUser, frame: Messages['frame']): Html {
  return html`<details class="user-menu">
<summary aria-label="${frame.signedInAs(name)}"><span class="user-name">${name}</span></summary>
<div class="user-menu-panel">
<a href="/account">${frame.myAccount}</a>
<a href="/account/apps">${frame.connectedApps}</a>
<form method="${signOutField ? 'post' : 'get'}" action="/account/sign-out">${signOutField}<button class="button button-quiet" type="submit">${frame.signOut}</button></form>
</div>
</details>`
}
