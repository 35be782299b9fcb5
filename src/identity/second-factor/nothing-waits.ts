// No sign-in waits for a second factor here: it was given a moment ago in the same browser, or took too long. The form says where
// the person was going, and so does the address of a page that is loaded anew, so that the app that waits there is not lost.
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { chooseLocale } from '../../ui/locale.ts'
import type { IdentityHouse } from '../house.ts'
import { destination, signInUrl } from '../return-to.ts'

/** Goes on to where the person was going, if they are signed in, else by way of the sign-in page. */
export async function nothingWaits(
  { running, home }: Pick<IdentityHouse, 'running' | 'home'>,
  request: HttpRequest,
  wanted = request.form.get('return_to') ?? request.query.get('return_to'),
): Promise<HttpReply> {
  if (wanted === undefined) return redirect('/account/sign-in')
  // Of a field or an address everything may come, as on the sign-in page.
  const returnTo = destination(wanted, home)
  if (await running.of(request)) return redirect(returnTo)
  return redirect(signInUrl(returnTo, { uiLocales: chooseLocale(request) }))
}
