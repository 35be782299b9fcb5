import type { Html } from '../../http/html.ts'
import { page } from '../../http/reply.ts'
import type { Cookie, HttpReply, HttpRequest } from '../../http/route.ts'
import { sourceOf } from '../../http/security-headers.ts'
import { chooseLocale } from '../../ui/locale.ts'
import { hereOf, renderPage } from '../../ui/page.ts'
import type { VerifiedRedirectUri } from '../authorize/check-redirect-uri.ts'
import type { Client } from '../client.ts'
import type { User } from '../ports.ts'

/** What every page of a running authorization is about. */
export interface About {
  readonly request: HttpRequest
  readonly client: Client
  readonly user: User
  readonly csrf: { readonly html: Html; readonly cookies: Cookie[] }
  readonly baseUrl: string
  readonly redirectUri: VerifiedRedirectUri
}

/** A page whose forms may end at the app, and which leaves `opener` to an app that asked in a pop-up. */
export function flowPage(about: About, title: string, body: Html, images: readonly string[] = []): HttpReply {
  const { request, user, csrf, redirectUri } = about
  const app = sourceOf(redirectUri)
  // What an answer shows stands at the same address.
  const here = hereOf(request) ?? request.path
  const content = renderPage({
    locale: chooseLocale(request),
    title,
    body,
    width: 'narrow',
    user: { name: user.name },
    here,
  })
  return {
    ...page(200, content, { formActions: app ? [app] : [], images, opener: 'kept' }),
    cookies: csrf.cookies,
  }
}
