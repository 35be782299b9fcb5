/**
 * Links an identity to the account of whoever went to prove it: signed in to that account before and after, in the same
 * session, and signed in anew at the provider, so that nobody's other sign-in is put there. @see docs/adr/0027
 */
import { identityLinked } from '../../audit/event.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { OWN_PAGE } from './addresses.ts'
import { actorOf, type ProviderDeps } from './deps.ts'
import type { Person } from './identity.ts'
import type { Visit } from './ports.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'
import { checkRoles } from './settle-account.ts'

/** Links and goes back to the list of connected sign-ins. */
export async function linkIdentity(
  deps: ProviderDeps,
  provider: Provider,
  person: Person,
  linkTo: NonNullable<Visit['linkTo']>,
  request: HttpRequest,
): Promise<HttpReply> {
  const session = await deps.sessionOf(request)
  if (session?.sessionId !== linkTo.sessionId || session.account.id !== linkTo.accountId)
    throw new Refusal('lost', 'the session that wanted the link is over')
  const { account } = session
  checkRoles(account, provider, person)
  const { issuer, subject, label } = person
  const at = deps.now()
  const identity = { issuer, subject, label, accountId: account.id, manages: false, linkedAt: at }
  const told = identityLinked(actorOf(request, account), provider.id)
  const obstacle = await deps.identities.link(identity, account, told, at)
  if (obstacle === 'overtaken') throw new Refusal('lost', 'what the person proved has been ended')
  if (obstacle) throw new Refusal('linked-elsewhere', `not linked: ${obstacle}`)
  await deps.letKnow(account, 'identity-linked')
  return redirect(`${OWN_PAGE}?done=linked`)
}
