/** What all pages on the way to a session share: the form's policy, and the window that an app opened. */
import { type Html, html } from '../http/html.ts'
import { page } from '../http/reply.ts'
import type { Cookie, HttpReply } from '../http/route.ts'
import type { Destinations } from './ports.ts'

const AUTHORIZATION = '/oauth/'

/** Whether an app waits behind the sign-in. */
export function isForApp(returnTo: string): boolean {
  return returnTo.startsWith(AUTHORIZATION)
}

/** The field of a form that says where the person is going. */
export function returnField(returnTo: string): Html {
  return html`<input type="hidden" name="return_to" value="${returnTo}">`
}

/** A page whose form may end where the person is going. */
export async function signInReply(
  destinations: Destinations,
  returnTo: string,
  { status, html: content, cookies }: { status: number; html: Html; cookies: readonly Cookie[] },
): Promise<HttpReply> {
  const formActions = await destinations.formTargets(returnTo)
  // An app's pop-up passes through here on its way back to the page that opened it.
  const opener = isForApp(returnTo) ? 'kept' : 'severed'
  return { ...page(status, content, { formActions, opener }), cookies }
}
