import { type Html, html, type Piece } from '../../http/html.ts'
import type { PagePolicy } from '../../http/route.ts'
import { sourceOf } from '../../http/security-headers.ts'
import type { Messages } from '../../ui/messages.ts'
import { launchable, originsOf } from '../app-origins.ts'
import type { AppSummary } from '../ports.ts'

/** One launch form for each app; `buttons` are its submit buttons. */
export interface AppListParts {
  readonly apps: readonly AppSummary[]
  readonly action: string
  /** Hidden fields, the anti-forgery one among them. */
  readonly fields: Piece
  readonly buttons: (app: AppSummary) => Html
  readonly words: Messages['ehr']['apps']
}

/** Apps with the buttons that launch them. */
export function appList({ apps, action, fields, buttons, words }: AppListParts): Html {
  return html`<ul class="list app-list">${launchable(apps).map(
    (app) => html`<li class="app">${logo(app)}<div class="app-name"><strong>${app.name}</strong>${
      app.publisher && html`<span class="entry-detail">${words.by(app.publisher)}</span>`
    }</div>
<form class="app-actions" method="post" action="${action}" rel="noopener">${fields}<input type="hidden" name="client" value="${app.clientId}">${buttons(app)}</form></li>`,
  )}</ul>`
}

/** Which app a button is of, for those who hear the buttons one by one. */
export function hiddenName({ name }: AppSummary): Html {
  return html`<span class="visually-hidden"> (${name})</span>`
}

/** The app's picture, or the first letter of its name. */
function logo({ name, logoUrl }: AppSummary): Html {
  return logoUrl === undefined
    ? html`<span class="app-logo app-letter" aria-hidden="true">${[...name][0]}</span>`
    : html`<img class="app-logo" src="${logoUrl}" alt="" width="40" height="40">`
}

/** What a page must be allowed to show these apps and to launch them: browsers check where a form ends, redirects included. */
export function launchPolicy(apps: readonly AppSummary[]): PagePolicy {
  const shown = launchable(apps)
  const logos = shown.map(({ logoUrl }) => logoUrl && sourceOf(logoUrl)).filter((source) => !!source)
  return { formActions: shown.flatMap(originsOf), images: logos as string[] }
}
